"""A process that has the libraries loaded and makes copies of itself: kernels and workers that start at once.

It starts no thread and opens no socket but the one it is asked through, so that a copy is a clean process. Use it through
:mod:`dxanalysis.reports.engine.server`. ``MODULE:FUNCTION`` is called once too: what it caches, such as a table that comes with a package, is there for every copy. Needs a system that can fork well: Linux.
"""

from __future__ import annotations

import base64
import builtins
import contextlib
import ctypes
import gc
import importlib
import os
import pickle
import random
import select
import signal
import socket
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

from dxanalysis.reports.engine import grammars
from dxanalysis.reports.engine.limits import hold_memory
from dxanalysis.reports.engine.wire import Wire

KERNEL, CALL = b"k", b"c"
BASE_MODULES = ("numpy", "pandas", "matplotlib.pyplot", "matplotlib_inline.backend_inline")
"""What reports load; what is not installed is passed over. What else a project's notebooks need, it names itself."""
DEFAULT_MODULES = (*BASE_MODULES, "seaborn", "statsmodels.api", "statsmodels.formula.api")
"""What notebooks of this kind load. The last three, together two seconds at every start, are not for every project."""

_OWN = ("dxanalysis.reports.engine.kernel", "ipykernel.debugger", "IPython.core.completer")
_PDEATHSIG = 1


class _Copied:
    """What a copy knows of itself: whether it may make copies too, and the ends that its own copies must not keep."""

    clean = False
    ends: list[int]


def is_clean() -> bool:
    """Whether this process is a copy without threads, so that it may be copied again."""
    return _Copied.clean


def main(arguments: list[str]) -> None:
    """Load the libraries, then make a copy for every request until the asking side is gone."""
    control = socket.socket(fileno=int(arguments[0]))
    if sys.path[0] in ("", str(Path.cwd())):  # put there by the interpreter; where the asking side stands says nothing
        del sys.path[0]
    with _as_in_a_kernel(), grammars.when_asked():
        for name in (*_OWN, *arguments[1:]):
            _load(name)
    gc.collect()
    gc.freeze()  # the collector would touch, and so copy, the pages that all copies share
    control.sendall(b"!")
    _Zygote(control).serve()
    os._exit(0)  # the libraries have nothing to tidy up


@contextlib.contextmanager
def _as_in_a_kernel() -> Iterator[None]:
    """Let libraries that look where they are loaded (pandas sets its widths by it) find what a notebook would show them."""
    vars(builtins)["get_ipython"] = lambda: SimpleNamespace(kernel=None, config={"IPKernelApp": {}})
    try:
        yield
    finally:
        del vars(builtins)["get_ipython"]


def _load(name: str) -> None:
    module, _, function = name.partition(":")
    with contextlib.suppress(ImportError):
        loaded = importlib.import_module(module)
        if function:
            getattr(loaded, function)()


class _Zygote:
    """Makes copies and tells, on the wire of each, how it ended."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._wires: dict[int, socket.socket] = {}
        self._woken, waker = socket.socketpair()
        for end in (self._woken, waker):
            end.setblocking(False)
        self._waker = waker
        signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def serve(self) -> None:
        while True:
            ready, _, _ = select.select([self._control, self._woken], [], [])
            if self._woken in ready:
                with contextlib.suppress(BlockingIOError):
                    while self._woken.recv(4096):
                        pass
                self._reap()
            if self._control in ready:
                try:
                    asked, ends, _, _ = socket.recv_fds(self._control, 1, 1)
                except ConnectionResetError:  # left before it read that all is loaded
                    break
                if not asked:
                    break
                self._copy(asked, socket.socket(fileno=ends[0]))
        # From here on nobody is told of ends: the alarm must not ring while the interpreter takes its clock away.
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for pid in self._wires:
            kill(pid)

    def _copy(self, asked: bytes, end: socket.socket) -> None:
        pid = os.fork()
        if pid == 0:
            signal.set_wakeup_fd(-1)
            for other in (self._control, self._woken, self._waker, *self._wires.values()):
                other.close()
            become(asked, end)
        self._wires[pid] = end

    def _reap(self) -> None:
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                end = self._wires.pop(ended[0], None)
                if end is not None:
                    with contextlib.suppress(OSError):
                        Wire(end).send({"exit": os.waitstatus_to_exitcode(ended[1])})
                    end.close()


def fork_kernel() -> tuple[int, socket.socket]:
    """Copy this clean process into a kernel; returns its number and the wire's end on this side."""
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        ours.close()
        for number in _Copied.ends:
            os.close(number)
        become(KERNEL, theirs)
    theirs.close()
    return pid, ours


def become(asked: bytes, end: socket.socket) -> NoReturn:
    """Turn a fresh copy into what was asked for, and end with it."""
    status = 1
    wire = Wire(end)
    try:
        os.setsid()
        _follow_parent()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        _seed()
        wire.send({"pid": os.getpid()})
        order = wire.receive()
        if order is not None:
            (_be_kernel if asked == KERNEL else _be_worker)(wire, order)
        status = 0
    except SystemExit as error:
        status = error.code if isinstance(error.code, int) else 1
    except BaseException:  # a copy must never fall back into the loop of the process it was made from
        with contextlib.suppress(OSError):
            wire.send({"crash": traceback.format_exc()})
    finally:
        os._exit(status)


def _be_kernel(wire: Wire, order: dict[str, Any]) -> None:
    from dxanalysis.reports.engine.kernel import serve  # noqa: PLC0415  # loaded before the copy was made

    _Copied.clean = False
    os.environ.clear()
    os.environ.update(order["environment"])
    os.chdir(order["cwd"])
    sys.argv = ["ipykernel_launcher"]
    hold_memory(order["memory"])
    serve(wire, backend=order["backend"], text=order["text"], log=order["log"])


def _be_worker(wire: Wire, order: dict[str, Any]) -> None:
    _Copied.clean = True
    _Copied.ends = [wire.fileno()]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    function, arguments = pickle.loads(base64.b64decode(order["call"]))
    try:
        told = {"result": _packed(function(*arguments))}
    except Exception as error:  # whatever it is, the asking side raises it
        told = {"error": _packed(_sendable(error))}
    wire.send(told)


def _packed(value: object) -> str:
    return base64.b64encode(pickle.dumps(value)).decode("ascii")


def _sendable(error: Exception) -> Exception:
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:  # any fault of an exception's own pickling
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def kill(pid: int) -> None:
    """End a copy and all it started."""
    for end in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            end(pid, signal.SIGKILL)
            return


def _seed() -> None:
    """Give each copy random numbers of its own, as separate processes have."""
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()


def _follow_parent() -> None:
    """Ask the system to end this process with its parent, where the system can."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PDEATHSIG, signal.SIGKILL)

