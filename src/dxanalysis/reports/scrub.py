"""Machine paths, host and user names, and secrets taken out of what a notebook produced.

Two strengths. What was recorded for readers loses paths, secrets, and names that cannot be an ordinary word: a report on
payments (thanh toán) must not depend on whether an analyst called thanh ran it. What was printed, warned or raised
loses the names of the user and the machine wherever they stand.
"""

from __future__ import annotations

import base64
import getpass
import re
import socket
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import cast

from dxanalysis.reports.planning import secrets

_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_HOMES = re.compile(r"(?:/home|/Users)/[^/\s\"'<>:]+|[A-Za-z]:[\\/]+Users[\\/]+[^\\/\s\"'<>]+")
_EPHEMERAL = re.compile(r"(?:<tmp>)?/?ipykernel_\d+/\d+\.py")
_PICTURE_MARK = "data:image/svg+xml;base64,"
_PICTURE = re.compile(re.escape(_PICTURE_MARK) + r"([A-Za-z0-9+/]+={0,2})")
_RECORD = "application/vnd.dxanalysis.record+json"
_ROLES = frozenset(
    {"root", "admin", "user", "runner", "nobody", "ubuntu", "debian", "jovyan", "vscode", "docker", "analyst"}
)
"""Accounts that are nobody's name, and words of many texts."""
_SHORTEST_NAME = 3
_MARKUP = frozenset({"text/html", "image/svg+xml", "wide_svg", "narrow_svg"})
_WORDS = re.compile("<(python|dxanalysis|tmp|user|host|cell|secret)>")
SECRET = "<secret>"  # what stands in its place


class Scrubber:
    """Replaces what is known of this machine by neutral words: paths under the project become relative to it.

    What the environment's variables named like secrets hold is masked (:func:`dxanalysis.reports.planning.secrets.values`).
    """

    def __init__(self, project: Path, environment: Mapping[str, str] | None = None) -> None:
        roots: dict[str, str] = {}
        for path, word in (
            (project, ""),
            # The package itself may be installed from a folder of its own, outside the project.
            (Path(__file__).parents[1], "<dxanalysis>"),
            (Path(sys.prefix), "<python>"),
            (Path(sys.base_prefix), "<python>"),
            (Path(tempfile.gettempdir()), "<tmp>"),
            (Path.home(), "~"),
        ):
            for spelling in {str(path), str(path.absolute()), str(path.resolve())}:
                if len(spelling) > 1:  # the root folder itself says nothing
                    roots.setdefault(spelling, word)
        home = str(Path.home())
        for root, word in list(roots.items()):
            if word != "~" and root.startswith(home + "/"):
                roots.setdefault("~" + root[len(home) :], word)  # IPython shortens the home folder in tracebacks
        ordered = sorted(roots, key=len, reverse=True)
        self._roots = roots
        # A root counts only as a whole path segment: /opt is not the start of /options.
        self._pattern = re.compile(rf"(?<![\w.~-])({'|'.join(map(re.escape, ordered))})(?:([/\\]+)|(?![\w.-]))")
        host, user = socket.gethostname(), getpass.getuser()
        hosts = {name for name in (host, host.split(".")[0]) if len(name) > _SHORTEST_NAME and name != "localhost"}
        users = {user} - _ROLES if len(user) >= _SHORTEST_NAME else set()
        known = "|".join(re.escape(name) for name in dict.fromkeys((host, host.split(".")[0])) if name)
        self._at_host = re.compile(rf"(?<![\w.-])[\w.-]+@(?:{known})(?!\w)") if known else None
        self._host = _words(hosts)
        self._plain_host = _words({name for name in hosts if re.search(r"[\d-]", name)})
        self._user = _words(users)
        self._user_alone = re.compile(rf"(?m)^(\s*['\"]?){re.escape(user)}(?=['\"]?\s*$)")
        self._user_folder = re.compile(rf"(?<=[/\\]){re.escape(user)}(?=[/\\])")
        spelled = [text for held in secrets.values(environment) for text in secrets.spellings(held)]
        self._secrets = (
            re.compile("|".join(map(re.escape, sorted(spelled, key=len, reverse=True)))) if spelled else None
        )

    def text(self, text: str) -> str:
        """Give printed text (an error, a warning, a log) without this machine's paths and names, and without secrets."""
        text = self.recorded(text)
        text = self._user_alone.sub(r"\1<user>", text)
        text = self._user.sub("<user>", text) if self._user else text
        return self._host.sub("<host>", text) if self._host else text

    def recorded(self, text: str) -> str:
        """Give text for readers without paths and secrets; its ordinary words stay, whatever people and machines are called."""

        def neutral(match: re.Match[str]) -> str:
            word = self._roots[match[1]]
            if word:
                return word + ("/" if match[2] else "")
            return "" if match[2] else "."

        if _PICTURE_MARK in text:  # words behind base64
            text = _PICTURE.sub(self._picture, text)
        text = self._without_secrets(text)
        text = self._pattern.sub(neutral, text)
        text = _HOMES.sub("~", text)
        text = _EPHEMERAL.sub("<cell>", text)
        text = self._user_folder.sub("<user>", text)
        text = self._at_host.sub("<user>@<host>", text) if self._at_host else text
        return self._plain_host.sub("<host>", text) if self._plain_host else text

    def _picture(self, match: re.Match[str]) -> str:
        try:
            svg = base64.b64decode(match[1], validate=True).decode("utf-8")
        except ValueError:
            return match[0]
        return _PICTURE_MARK + base64.b64encode(_in_markup(self.recorded(svg)).encode("utf-8")).decode("ascii")

    def _without_secrets(self, text: str) -> str:
        if self._secrets is None:
            return text
        if "\x1b" in text and self._secrets.search(without_colours(text)):  # colours may cut a secret in two
            text = without_colours(text)
        return self._secrets.sub(SECRET, text)

    def plain(self, value: object) -> object:
        """Give plain JSON with every text in it, keys included, as :meth:`recorded` does."""
        return self._plain(value, self.recorded)

    def _plain(self, value: object, change: Callable[[str], str]) -> object:
        if isinstance(value, str):
            return change(value)
        if isinstance(value, Mapping):
            return {self.recorded(str(key)): self._part(str(key), part, change) for key, part in value.items()}
        if isinstance(value, list | tuple):
            return [self._plain(part, change) for part in value]
        return value

    def _part(self, key: str, value: object, change: Callable[[str], str]) -> object:
        # Base64 of a picture is long and holds no words; a slash in it must not be taken for a path.
        keeps = (key.startswith("image/") and key != "image/svg+xml") or key == "output_type"
        if keeps:
            return value
        return self._plain(value, (lambda text: _in_markup(change(text))) if key in _MARKUP else change)

    def _output(self, output: object) -> object:
        data = output.get("data") if isinstance(output, Mapping) else None
        is_record = isinstance(data, Mapping) and _RECORD in data
        return self._plain(output, self.recorded if is_record else self.text)

    def notebook(self, notebook: Mapping[str, object], input_name: str) -> dict[str, object]:
        """Give an executed notebook without machine paths and secrets: metadata, outputs and the engine's own marks."""
        result = cast("dict[str, object]", dict(notebook))
        metadata = cast("dict[str, object]", self.plain(notebook.get("metadata", {})))
        engine = metadata.get("papermill")
        if isinstance(engine, dict):
            engine.update(input_path=input_name, output_path=None, environment_variables={})
        result["metadata"] = metadata
        cells = notebook.get("cells")
        result["cells"] = [
            {
                **cell,
                "metadata": self.plain(cell.get("metadata", {})),
                **({"source": self._plain(cell["source"], self._without_secrets)} if "source" in cell else {}),
                **({"outputs": [self._output(output) for output in cell["outputs"]]} if "outputs" in cell else {}),
            }
            for cell in (cells if isinstance(cells, list) else [])
        ]
        return result


def _in_markup(text: str) -> str:
    """Give the neutral words as words where they would be taken for tags."""
    return _WORDS.sub(r"&lt;\1&gt;", text)


def _words(names: Iterable[str]) -> re.Pattern[str] | None:
    """Find whole words only."""
    found = sorted(names, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, found))})(?!\w)") if found else None


def without_colours(text: str) -> str:
    """Give text without terminal colour codes."""
    return _ANSI.sub("", text)
