"""sys.stdout and sys.stderr of a kernel without sockets: text goes out as messages, in few of them, and not without end."""

from __future__ import annotations

import codecs
import io
import os
import threading
from typing import Any

_BATCH = 1 << 16  # characters that are sent at once
LEFT_OUT = "\n[{count:,} more characters were printed and are not kept]\n"


class TextBudget:
    """How much text a notebook may still print."""

    def __init__(self, characters: int) -> None:
        self._left = characters
        self.over = 0

    def take(self, text: str) -> str:
        """Give the part of the text that may be kept, and count the rest."""
        kept = text[: self._left]
        self._left -= len(kept)
        self.over += len(text) - len(kept)
        return kept


class CellStream(io.TextIOBase):
    """A text stream that tells what is written to it, and what others, a child process say, write to the descriptor behind it.

    Behind the descriptor is a file: nobody who writes to it ever waits, and the last words of a kernel that crashes are kept.
    """

    encoding = "UTF-8"
    errors = "strict"

    def __init__(self, name: str, session: Any, budget: TextBudget) -> None:
        super().__init__()
        self.name = name
        self._session = session
        self._budget = budget
        self._owner = os.getpid()
        self._number = 1 if name == "stdout" else 2
        self._parts: list[str] = []
        self._size = 0
        self._lock = threading.RLock()
        self._parent: dict[str, Any] = {}
        self._read: int | None = None  # how far the file behind the descriptor was read, once there is one
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode

    def set_parent(self, parent: dict[str, Any]) -> None:
        """Say for which request text is told from now on."""
        self._parent = parent

    def redirect(self, file: io.IOBase | Any) -> None:
        """Put a file, opened to append and read, behind the descriptor."""
        os.dup2(file.fileno(), self._number)
        self._read = 0

    def fileno(self) -> int:
        """Descriptor that others may write to."""
        return self._number

    def writable(self) -> bool:
        """Whether it can be written to: yes."""
        return True

    def isatty(self) -> bool:
        """Whether a person sits there: no."""
        return False

    def write(self, text: str) -> int:
        """Take text in; it is sent soon."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if os.getpid() != self._owner:
            os.write(self._number, text.encode("utf-8", "replace"))
            return len(text)
        with self._lock:
            self._take_written()  # it was there before
            self._take(text)
            if self._size >= _BATCH:
                self.flush()
        return len(text)

    def flush(self) -> None:
        """Send what waits."""
        if os.getpid() != self._owner:
            return
        with self._lock:
            self._take_written()
            text = "".join(self._parts)
            self._parts.clear()
            self._size = 0
            if text:
                self._tell(text)

    def close_cell(self) -> None:
        """End a cell: send what waits, and say how much was left out."""
        with self._lock:
            self.flush()
            if self._budget.over:
                self._tell(LEFT_OUT.format(count=self._budget.over))
                self._budget.over = 0

    def _take_written(self) -> None:
        while self._read is not None and (data := os.pread(self._number, _BATCH, self._read)):
            self._read += len(data)
            self._take(self._decode(data))

    def _take(self, text: str) -> None:
        kept = self._budget.take(text)
        if kept:
            self._parts.append(kept)
            self._size += len(kept)

    def _tell(self, text: str) -> None:
        self._session.send(None, "stream", {"name": self.name, "text": text}, parent=self._parent)
