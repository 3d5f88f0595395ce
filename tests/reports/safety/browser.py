"""A browser that tells whatever a page does beyond being shown."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Error, Page, Route, sync_playwright

POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="[^"]*">')

# What a reader's hand may do, done to every element that would answer: handlers answer to made-up events too.
TOUCH = """
() => {
  for (const element of document.querySelectorAll('*')) {
    for (const name of element.getAttributeNames()) {
      if (name.startsWith('on')) element.dispatchEvent(new Event(name.slice(2), {cancelable: true}));
    }
  }
  for (const box of document.querySelectorAll('input, select')) {
    const choices = box.options ? [...box.options].map((one) => one.value) : ['<img src=x onerror=window.ran=1>', '\\\\', '"'];
    for (const choice of choices) {
      box.value = choice;
      for (const kind of ['input', 'change']) box.dispatchEvent(new Event(kind, {bubbles: true}));
    }
  }
}
"""
# What a page is made of: names of elements and attributes, and every address in it.
SKELETON = """
() => {
  const parts = new Set(), addresses = new Set();
  for (const element of document.querySelectorAll('*')) {
    parts.add(element.localName);
    for (const attribute of element.attributes) {
      parts.add(`${element.localName} ${attribute.name}`);
      if (/^(href|src|srcset|action|formaction|data|poster|ping|background|cite|xlink:href|srcdoc)$/.test(attribute.name))
        addresses.add(`${element.localName} ${attribute.name} ${attribute.value}`);
    }
  }
  return {parts: [...parts].sort(), addresses: [...addresses].sort()};
}
"""


@dataclass(slots=True)
class Seen:
    """What a page did."""

    asked: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    moves: list[str] = field(default_factory=list)
    popups: int = 0
    ran: object = None
    text: str = ""
    parts: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()


@dataclass(slots=True)
class Gate:
    """The only way out of the browser: nobody is let through, everybody is written down."""

    port: int = 0
    knocked: list[str] = field(default_factory=list)

    def serve(self, server: socket.socket) -> None:
        while True:
            try:
                knock, _ = server.accept()
            except OSError:
                return
            with knock:
                knock.settimeout(1)
                try:
                    self.knocked.append(knock.recv(300).split(b"\r\n")[0].decode("latin-1"))
                except OSError:
                    self.knocked.append("silence")


@contextmanager
def guarded(chromium: Path) -> Iterator[tuple[Browser, Gate]]:
    """A browser behind a gate."""
    gate = Gate()
    with socket.create_server(("127.0.0.1", 0)) as server:
        gate.port = server.getsockname()[1]
        threading.Thread(target=gate.serve, args=(server,), daemon=True).start()
        with sync_playwright() as playwright:
            started = playwright.chromium.launch(
                executable_path=chromium,
                args=["--no-sandbox", "--disable-gpu", f"--proxy-server=http://127.0.0.1:{gate.port}"],
            )
            try:
                yield started, gate
            finally:
                started.close()


def visit(browser: Browser, path: Path, *, with_policy: bool) -> Seen:
    """Open a page, touch everything on it, and tell what it did; without its policy, escaping stands alone."""
    seen = Seen()
    html = path.read_text(encoding="utf-8")
    if not with_policy:
        html, taken = POLICY.subn("", html)
        assert taken == 1, f"{path.name} has {taken} policies where one was expected"
        path = path.with_name(f"open-{path.name}")
        path.write_text(html, encoding="utf-8")
    context = browser.new_context(bypass_csp=not with_policy, java_script_enabled=True)
    try:
        _watch(context, path, seen)
        tab = context.new_page()
        _listen(tab, seen)
        tab.goto(path.as_uri())
        try:
            _look(tab, seen)
        except Error as error:  # the page went away under our eyes
            seen.complaints.append(error.message)
        seen.popups = len(context.pages) - 1
    finally:
        context.close()
    return seen


def _look(tab: Page, seen: Seen) -> None:
    seen.text = tab.evaluate("document.documentElement.textContent")
    tab.evaluate(TOUCH)
    tab.wait_for_timeout(150)  # a search waits for the hand to rest
    seen.ran = tab.evaluate("window.ran")
    skeleton = tab.evaluate(SKELETON)
    seen.parts, seen.addresses = tuple(skeleton["parts"]), tuple(skeleton["addresses"])


def _watch(context: BrowserContext, path: Path, seen: Seen) -> None:
    def decide(route: Route) -> None:
        if route.request.url == path.as_uri() and not seen.asked:
            seen.asked.append("the page itself")
            route.continue_()
        else:
            seen.asked.append(route.request.url)
            route.abort()

    context.route("**/*", decide)


def _listen(tab: Page, seen: Seen) -> None:
    def refuse(dialog: object) -> None:
        seen.dialogs.append(dialog.message)  # type: ignore[attr-defined]
        dialog.dismiss()  # type: ignore[attr-defined]

    tab.on("dialog", refuse)
    tab.on("console", lambda message: seen.complaints.append(message.text))
    tab.on("pageerror", lambda error: seen.complaints.append(str(error)))
    tab.on("framenavigated", lambda frame: seen.moves.append(frame.url))
