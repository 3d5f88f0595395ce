"""The rules every page keeps, whatever is on it, and a text that tries to break them."""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
from html.parser import HTMLParser

HOSTILE = (
    "<script>alert(1)</script>\"><img src=x onerror=alert(1)>' onmouseover='x' {{ 7*7 }} {% raw %} "
    "javascript:alert(1) </style></title><!-- \u202eevil\u202c \x00 ]]> &amp; **<b>x</b>**"
)
VOID = {"meta", "img", "source", "link", "br", "input"}


class Page(HTMLParser):
    """What a page holds: its elements in order, text outside the style, and whether the tags are balanced."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.scripts: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "script" in self.open:
            self.scripts[-1] += data
        elif "style" not in self.open:
            self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.elements if name == tag]

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))


def check_scripts(parsed: Page) -> None:
    """No script runs but one that the page's own policy names by its digest; what a reader types stays in the page."""
    policy = next(m["content"] for m in parsed.all("meta") if m.get("http-equiv") == "Content-Security-Policy") or ""
    allowed = set(re.findall(r"'(sha256-[^']+)'", policy))
    running = []
    for attrs, source in zip(parsed.all("script"), parsed.scripts, strict=True):
        assert set(attrs) <= {"type", "id"}
        if attrs.get("type") != "application/json":
            digest = hashlib.sha256(source.encode("utf-8")).digest()
            running.append("sha256-" + base64.b64encode(digest).decode("ascii"))
    assert set(running) == allowed
    assert "unsafe-eval" not in policy
    assert "script-src" not in policy or re.search(r"script-src 'sha256-[A-Za-z0-9+/=]+'(;|$)", policy)
    assert all("name" not in attrs for attrs in parsed.all("input"))


def check_page(html: str, language: str) -> Page:
    """Rules that every page keeps, whatever is on it."""
    parsed = Page(html)
    tags = {tag for tag, _ in parsed.elements}
    assert html.startswith("<!DOCTYPE html>")
    assert parsed.all("html") == [{"lang": language}]
    assert len(parsed.all("h1")) == 1
    check_scripts(parsed)
    assert not tags & {"iframe", "object", "embed", "link", "base", "form", "b", "foreignobject"}
    assert not [name for _, attrs in parsed.elements for name in attrs if name.startswith("on") or name == "style"]
    assert all(attrs.get("alt", "").strip() for attrs in parsed.all("img"))
    for _, attrs in parsed.elements:
        for name in ("src", "srcset"):
            assert (attrs.get(name) or "data:image/svg+xml;base64,").startswith("data:image/svg+xml;base64,")
        href = attrs.get("href") or "#"
        outside = re.match(r"[a-z]+:|//", href)
        assert not outside or (attrs.get("rel") or "").startswith("noopener noreferrer"), href
        assert not re.match(r"(?i)\s*(javascript|data|vbscript):", href)
    policy = next(m["content"] for m in parsed.all("meta") if m.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'unsafe-inline'")
    ids = [attrs["id"] for _, attrs in parsed.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    targets = {attrs["href"][1:] for attrs in parsed.all("a") if (attrs.get("href") or "").startswith("#")}
    named = {attrs["aria-labelledby"] for _, attrs in parsed.elements if "aria-labelledby" in attrs}
    assert targets | named <= set(ids)
    levels = [int(tag[1]) for tag, _ in parsed.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels)), levels
    assert {"header", "main", "footer", "nav"} <= tags
    assert parsed.all("a")[0]["class"] == "skip"
    assert "@import" not in html
    assert "url(" not in html
    return parsed
