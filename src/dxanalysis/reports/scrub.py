"""Machine paths, host and user names taken out of what a notebook produced."""

from __future__ import annotations

import getpass
import re
import socket
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import cast

_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_HOMES = re.compile(r"(?:/home|/Users)/[^/\s\"'<>:]+|[A-Za-z]:\\+Users\\+[^\\\s\"'<>]+")
_EPHEMERAL = re.compile(r"(?:<tmp>)?/?ipykernel_\d+/\d+\.py")


class Scrubber:
    """Replaces what is known of this machine by neutral words: paths under the project become relative to it."""

    def __init__(self, project: Path) -> None:
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
        host = socket.gethostname()
        self._host = re.compile(rf"(?<!\w){re.escape(host)}(?!\w)") if len(host) > 3 and host != "localhost" else None
        user = getpass.getuser()
        self._user_folder = re.compile(rf"(?<=[/\\]){re.escape(user)}(?=[/\\])")

    def text(self, text: str) -> str:
        """Give the text without this machine's paths and names."""

        def neutral(match: re.Match[str]) -> str:
            word = self._roots[match[1]]
            if word:
                return word + ("/" if match[2] else "")
            return "" if match[2] else "."

        text = self._pattern.sub(neutral, text)
        text = _HOMES.sub("~", text)
        text = _EPHEMERAL.sub("<cell>", text)
        text = self._user_folder.sub("<user>", text)
        return self._host.sub("<host>", text) if self._host else text

    def plain(self, value: object) -> object:
        """Give plain JSON with every text in it, keys included, without this machine's paths and names."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self.text(str(key)): self._output(str(key), part) for key, part in value.items()}
        if isinstance(value, list | tuple):
            return [self.plain(part) for part in value]
        return value

    def _output(self, key: str, value: object) -> object:
        # Base64 of a picture is long and holds no words; a slash in it must not be taken for a path.
        return value if key.startswith("image/") and key != "image/svg+xml" else self.plain(value)

    def notebook(self, notebook: Mapping[str, object], input_name: str) -> dict[str, object]:
        """Give an executed notebook without machine paths: metadata, outputs and the engine's own marks."""
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
                **({"outputs": self.plain(cell["outputs"])} if "outputs" in cell else {}),
            }
            for cell in (cells if isinstance(cells, list) else [])
        ]
        return result


def without_colours(text: str) -> str:
    """Give text without terminal colour codes."""
    return _ANSI.sub("", text)
