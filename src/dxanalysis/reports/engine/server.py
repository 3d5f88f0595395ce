"""The asking side of a warm process: one a process, started when first needed, ended with it."""

from __future__ import annotations

import atexit
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dxanalysis.errors import ReportError
from dxanalysis.reports.engine import warm
from dxanalysis.reports.engine.wire import Wire

KERNEL_ENVIRONMENT: Mapping[str, str] = {
    # Several kernels share the cores; arithmetic libraries that each start one thread a core make all of them slow.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "MPLBACKEND": "agg",
    "PYTHONUTF8": "1",
    # Whoever asks for the user's name gets one that is nobody's: a report does not depend on who ran it.
    **dict.fromkeys(("LOGNAME", "USER", "USERNAME"), "analyst"),
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # the debugger that ipykernel loads warns about frozen modules
}
# Not run as a module: the copies ask the module of that name what they are.
_START = "import sys; from dxanalysis.reports.engine import warm; warm.main(sys.argv[1:])"
_START_TIMEOUT = 120.0


def can_fork() -> bool:
    """Whether the system can copy a process that has large libraries loaded: Linux can."""
    return sys.platform == "linux" and hasattr(os, "fork") and hasattr(socket, "send_fds")


class WarmServer:
    """A warm process of ours.

    Parameters
    ----------
    modules
        Loaded once, for all copies; what is not installed is passed over. ``module:function`` is called once too.
    """

    def __init__(self, modules: Sequence[str] = warm.DEFAULT_MODULES, *, cwd: Path | None = None) -> None:
        self._control, theirs = socket.socketpair()
        self._asking = threading.Lock()
        self._owner = os.getpid()
        self._process = subprocess.Popen(
            [sys.executable, "-c", _START, str(theirs.fileno()), *modules],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the asking side to act on
            cwd=cwd,
            # pyarrow's allocator would start a thread of its own when it is loaded.
            env={**os.environ, **KERNEL_ENVIRONMENT, "JE_ARROW_MALLOC_CONF": "background_thread:false"},
        )
        theirs.close()
        self._ready = False

    def wait(self) -> None:
        """Wait until the libraries are loaded.

        Raises
        ------
        ReportError
            The warm process did not start, or ended.
        """
        with self._asking:
            self._wait()

    def copy(self, kind: bytes) -> Wire:
        """Make a copy that waits for its orders on the wire; ReportError as :meth:`wait`."""
        ours, theirs = socket.socketpair()
        try:
            with self._asking:
                self._wait()
                socket.send_fds(self._control, [kind], [theirs.fileno()])
        except (OSError, ReportError) as error:
            ours.close()
            raise error if isinstance(error, ReportError) else self._ended() from error
        finally:
            theirs.close()
        return Wire(ours)

    def stop(self) -> None:
        """End the warm process and every copy."""
        if os.getpid() != self._owner:
            return
        if not self._ready:  # still loading: it would only see at the end that nobody is there
            self._process.kill()
        self._control.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    @property
    def alive(self) -> bool:
        """Whether it can be asked, by this process."""
        return os.getpid() == self._owner and self._process.poll() is None

    def _wait(self) -> None:
        if self._ready:
            return
        self._control.settimeout(_START_TIMEOUT)
        try:
            self._ready = self._control.recv(1) == b"!"
        except OSError as error:
            raise self._ended() from error
        if not self._ready:
            raise self._ended()
        self._control.settimeout(None)

    @staticmethod
    def _ended() -> ReportError:
        return ReportError(
            "the warm process that kernels are copied from did not start, or ended", fix="See what it printed above"
        )


@dataclass(slots=True)
class _Shared:
    server: WarmServer | None = None
    key: tuple[Any, ...] = ()


_SHARED = _Shared()
_CHANGING = threading.Lock()


def shared(modules: Sequence[str] = warm.DEFAULT_MODULES, *, edition: str = "") -> WarmServer:
    """Give this process's warm server, started anew where it ended or is to load something else.

    Parameters
    ----------
    edition
        Digest of the source that the modules come from; with another one the loaded modules are old.
    """
    key = (tuple(modules), edition)
    with _CHANGING:
        if _SHARED.server is None or not _SHARED.server.alive or _SHARED.key != key:
            if _SHARED.server is not None:
                _SHARED.server.stop()
            _SHARED.server, _SHARED.key = WarmServer(modules), key
            atexit.register(_SHARED.server.stop)
        return _SHARED.server
