"""A kernel without sockets of its own: IPython's, in a forked process, telling its messages over a wire.

It is ipykernel's own kernel and shell, so what a cell displays is made by the very code that makes it in JupyterLab; only the way
out differs. Runs in a child of a process that has the libraries loaded (:mod:`dxanalysis.reports.engine.warm`).
"""

from __future__ import annotations

import asyncio
import logging
import os
import select
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from jupyter_client.session import Session
from traitlets import Any as AnyTrait
from traitlets.config import Config

from dxanalysis.reports.engine.limits import MIB
from dxanalysis.reports.engine.streams import CellStream, TextBudget
from dxanalysis.reports.engine.wire import Wire

INLINE = "module://matplotlib_inline.backend_inline"
_PUMP = 0.2  # seconds after which text is sent at the latest, as an ordinary kernel does


class WireSession(Session):
    """A session whose messages go over the wire."""

    wire = AnyTrait()

    def send(
        self,
        stream: object,  # noqa: ARG002  # the signature of a session
        msg_or_type: Any,
        content: Any = None,
        parent: Any = None,
        ident: object = None,  # noqa: ARG002
        buffers: Any = None,
        track: bool = False,  # noqa: ARG002
        header: Any = None,
        metadata: Any = None,
    ) -> dict[str, Any]:
        """Tell a message to the other end."""
        message: dict[str, Any] = (
            dict(msg_or_type)
            if isinstance(msg_or_type, Mapping)
            else self.msg(msg_or_type, content=content, parent=parent, header=header, metadata=metadata)
        )
        told = {name: message[name] for name in ("msg_type", "content", "metadata")}
        told["header"] = {"msg_type": message["msg_type"]}
        told["parent_header"] = {"msg_id": (message.get("parent_header") or {}).get("msg_id", "")}
        told["buffers"] = [bytes(buffer) for buffer in buffers or ()]
        self.wire.send({"told": told})
        return message


class WireKernel(IPythonKernel):
    """ipykernel's kernel; whoever forked it says what to run."""

    def _publish_status(self, *_: Any, **__: Any) -> None:
        """Say nothing: the reply tells the end of a cell."""


def serve(wire: Wire, *, backend: str, text: int, log: str = "") -> None:
    """Run cells as they come over the wire, until it closes. Call it in a process that was just forked.

    Parameters
    ----------
    backend
        Of matplotlib.
    text
        MiB of printed text that are kept.
    log
        File that gets what is written to the descriptor of stderr; it outlives the kernel.
    """
    budget = TextBudget(text * MIB)
    session = WireSession(wire=wire)
    config = Config()
    config.HistoryManager.enabled = False  # a database and a thread that nobody reads
    kernel: Any = WireKernel(session=session, config=config, log=logging.getLogger("ipykernel"))  # type: ignore[no-untyped-call]
    app: Any = IPKernelApp.instance()
    app.kernel = kernel  # where libraries look for it
    app.init_path()
    kernel.shell_channel_thread = SimpleNamespace(parent_thread=threading.current_thread())
    out, err = CellStream("stdout", session, budget), CellStream("stderr", session, budget)
    _settle_matplotlib(backend)
    for stream, place in ((out, ""), (err, log)):
        stream.redirect(Path(place).open("ab+") if place else tempfile.TemporaryFile("ab+"))  # noqa: SIM115  # open to the end
    sys.stdout, sys.stderr = out, err
    threading.Thread(target=_carry, args=(wire, (out, err)), daemon=True, name="kernel-output").start()
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    wire.send({"ready": os.getpid(), "language_info": kernel.language_info})
    while (asked := wire.receive()) is not None:
        loop.run_until_complete(_run(kernel, wire, asked, (out, err)))


async def _run(kernel: Any, wire: Wire, asked: Mapping[str, Any], streams: tuple[CellStream, ...]) -> None:
    session, shell = kernel.session, kernel.shell
    parent = session.msg("execute_request", {"code": asked["code"]})
    kernel.set_parent([], parent)
    for stream in streams:
        stream.set_parent(parent)
    session.send(None, "execute_input", {"code": "", "execution_count": shell.execution_count}, parent=parent)
    reply = await kernel.do_execute(asked["code"], silent=False, store_history=True, allow_stdin=False)
    for stream in streams:
        stream.close_cell()
    wire.send({"reply": reply, "left": bool(getattr(shell, "exit_now", False))})


def _carry(wire: Wire, streams: tuple[CellStream, ...]) -> None:
    """Send waiting text in time, and end a kernel that nobody waits for any more, however busy it is."""
    hangup = select.poll()
    hangup.register(wire.fileno(), select.POLLHUP)
    while True:
        time.sleep(_PUMP)
        for stream in streams:
            stream.flush()
        if hangup.poll(0):
            os.killpg(0, signal.SIGKILL)


def _settle_matplotlib(backend: str) -> None:
    """Give matplotlib, where it is loaded, the backend it would have had in a process of its own."""
    matplotlib = sys.modules.get("matplotlib")
    if matplotlib is None:
        return
    matplotlib.rcParams["backend"] = backend
    if backend == INLINE and "matplotlib_inline.backend_inline" in sys.modules:
        # The module looks for IPython when it is loaded, and there was none then.
        sys.modules["matplotlib_inline.backend_inline"]._enable_matplotlib_integration()
