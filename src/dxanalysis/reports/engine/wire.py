"""Messages between two processes of ours: JSON objects, each behind its length."""

from __future__ import annotations

import base64
import json
import select
import socket
import struct
import threading
import time
from collections.abc import Mapping
from typing import Any

_LENGTH = struct.Struct("!Q")
_CHUNK = 1 << 20


class Wire:
    """One end of a socket pair. Any thread may send; one receives."""

    def __init__(self, end: socket.socket) -> None:
        self._socket = end
        self._sending = threading.Lock()

    def fileno(self) -> int:
        """Number of the socket, for select."""
        return self._socket.fileno()

    def send(self, message: Mapping[str, Any]) -> None:
        """Send a message; OSError where the other end is gone."""
        body = json.dumps(message, ensure_ascii=False, default=_plain).encode("utf-8", "surrogatepass")
        with self._sending:
            self._socket.sendall(_LENGTH.pack(len(body)))
            self._socket.sendall(body)

    def receive(self, deadline: float | None = None) -> dict[str, Any] | None:
        """Wait for a message; None where the other end is gone.

        Raises
        ------
        TimeoutError
            ``deadline`` (of the monotonic clock) passed before the message was whole.
        """
        head = self._read(_LENGTH.size, deadline)
        body = self._read(_LENGTH.unpack(head)[0], deadline) if head is not None else None
        if body is None:
            return None
        message: dict[str, Any] = json.loads(body.decode("utf-8", "surrogatepass"))
        return message

    def close(self) -> None:
        """Close this end."""
        self._socket.close()

    def _read(self, wanted: int, deadline: float | None) -> bytes | None:
        parts = bytearray()
        while len(parts) < wanted:
            left = None if deadline is None else deadline - time.monotonic()
            if left is not None and (left <= 0 or not select.select([self._socket], [], [], left)[0]):
                raise TimeoutError
            try:
                part = self._socket.recv(min(_CHUNK, wanted - len(parts)))
            except ConnectionError:
                return None
            if not part:
                return None
            parts += part
        return bytes(parts)


def _plain(value: object) -> object:
    """Binary parts as base64, as they stand in a notebook file; anything else by its text."""
    if isinstance(value, bytes | bytearray | memoryview):
        return base64.b64encode(bytes(value)).decode("ascii")
    return str(value)
