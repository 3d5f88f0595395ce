"""Reports made on a Dask cluster: ``tcp://host:port`` of one that runs, or ``local:4`` for four processes here.

Before any report is made, every worker shows that it sees the same reports folder and runs the same code: a version made by other
code would carry the wrong digest.
"""

from __future__ import annotations

import platform
import re
import secrets
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar

from dxanalysis.errors import ParameterError, ReportError
from dxanalysis.reports.batch.build import Built, Task
from dxanalysis.reports.batch.workers import work
from dxanalysis.reports.files import write
from dxanalysis.reports.versions import storage
from dxanalysis.reports.versions.digests import package_digest

if TYPE_CHECKING:
    from distributed import Client

_P = ParamSpec("_P")
_T = TypeVar("_T")

_OWN: Final = Path(__file__).parents[2]
_LOCAL: Final = re.compile(r"local:([1-9][0-9]{0,2})")
_REMOTE: Final = re.compile(r"(?:tcp|tls)://[^\s/]+:[0-9]{1,5}")
_RETRIES: Final = 2
_CONNECT: Final = 10.0  # seconds a scheduler may take to answer
_WORKERS: Final = 30.0  # seconds until the first worker must be there


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A cluster that is ready: its executor, how many jobs it runs at a time, and Dask's client for whoever wants to watch it."""

    executor: Executor
    workers: int
    client: Client


@contextmanager
def cluster(address: str, *, reports: Path, packages: tuple[Path, ...], timeout: float = _WORKERS) -> Iterator[Cluster]:
    """Connect to a cluster for the length of a ``with`` block; the client is closed at its end, and a local cluster with it.

    A worker that dies takes no job with it: Dask gives the job to another one, which begins in an empty folder.

    Parameters
    ----------
    address
        ``tcp://host:port``, ``tls://host:port``, or ``local:N``.
    reports
        The reports folder, which every worker must see under the same path.
    packages
        Folders whose source belongs to the code of every report; it must be the same for the workers.
    timeout
        Seconds to wait for the first worker.

    Raises
    ------
    ParameterError
        The address is none, or ``distributed`` is not installed.
    ReportError
        Nobody answers, there is no worker, or a worker has other files or other code.
    """
    local, remote = _LOCAL.fullmatch(address), _REMOTE.fullmatch(address)
    if not local and not remote:
        raise ParameterError(
            f"{address!r} is no cluster", fix="Write tcp://HOST:PORT of its scheduler, or local:N for N processes here"
        )
    try:
        from distributed import Client, LocalCluster  # noqa: PLC0415  # optional, and slow to load
    except ImportError as error:
        raise ParameterError(
            "a cluster needs the package `distributed`, which is not installed",
            fix='Install it with: pip install "dxanalysis[dask]", or run without --cluster',
        ) from error
    with ExitStack() as stack:
        where: Any = address
        if local:
            scratch = stack.enter_context(tempfile.TemporaryDirectory(prefix="dx-dask-", ignore_cleanup_errors=True))
            where = stack.enter_context(
                LocalCluster(  # type: ignore[no-untyped-call]
                    n_workers=int(local[1]),
                    threads_per_worker=1,
                    processes=True,
                    host="127.0.0.1",
                    dashboard_address=None,
                    memory_limit=0,  # the engine holds each notebook to a limit of its own
                    local_directory=scratch,
                    silence_logs=50,
                )
            )
        try:
            client = stack.enter_context(Client(where, timeout=min(_CONNECT, timeout), set_as_default=False))  # type: ignore[no-untyped-call]
        except (OSError, TimeoutError) as error:
            raise ReportError(
                "no scheduler answers at the cluster's address",
                fix="Start one with: dask scheduler, or correct --cluster",
            ) from error
        threads = _threads(client, timeout)
        _check_workers(client, reports, packages)
        executor = _ClusterExecutor(client)
        stack.callback(executor.shutdown, wait=False)
        yield Cluster(executor=executor, workers=sum(threads.values()), client=client)


def _threads(client: Client, timeout: float) -> Mapping[str, int]:
    try:
        client.wait_for_workers(1, timeout=timeout)
    except TimeoutError as error:
        raise ReportError(
            f"the cluster has no worker after {timeout:g} s",
            fix="Start one on each machine with: dask worker ADDRESS --no-nanny --nthreads 1",
        ) from error
    found: Mapping[str, int] = client.nthreads()  # type: ignore[no-untyped-call]
    return found


def _check_workers(client: Client, reports: Path, packages: tuple[Path, ...]) -> None:
    """See that every worker reads what is written here, writes where it is read here, and has the same code."""
    token = secrets.token_hex(8)
    reports.mkdir(parents=True, exist_ok=True)
    probe = reports / f".tmp-probe-{token}"  # a killed run's is removed by the next one
    answers: list[Path] = []
    try:
        write(probe, token)
        try:
            told: Mapping[str, Any] = client.run(
                _probe, str(probe), ["" if package == _OWN else str(package) for package in packages], on_error="return"
            )
        except Exception as error:
            raise ReportError("the workers of the cluster cannot be asked", fix=_INSTALL) from error
        answers = sorted(reports.glob(f"{probe.name}-*"))
        found = list(told.values())
        here = {"read": token, "code": package_digest(packages), "python": _python()}
        faults = {
            "cannot load the package": sum(not isinstance(one, dict) for one in found),
            "do not see the same reports folder": sum(_differs(one, "read", here) for one in found),
            "cannot write to the reports folder": max(0, sum(isinstance(one, dict) for one in found) - len(answers)),
            "have another version of the code": sum(_differs(one, "code", here) for one in found),
            "have another Python": sum(_differs(one, "python", here) for one in found),
        }
        fault = next((what for what, count in faults.items() if count), None)
        if fault is not None:
            raise ReportError(
                f"{faults[fault]} of {len(found)} workers of the cluster {fault}",
                fix=_FOLDER if "folder" in fault else _INSTALL,
            )
    finally:
        for path in (probe, *answers):
            path.unlink(missing_ok=True)


_FOLDER: Final = "Give every machine the project under the same path, from a shared disk with rights to write"
_INSTALL: Final = (
    "Install the same version of the package, its lock file and its Python on every machine, and start the workers anew"
)


def _differs(answer: object, key: str, here: Mapping[str, str]) -> bool:
    return isinstance(answer, dict) and answer.get(key) != here[key]


def _python() -> str:
    return ".".join(platform.python_version_tuple()[:2])


def _probe(path: str, packages: list[str]) -> dict[str, str]:
    """On a worker: what it reads at the probe's place, and with what code; and leave an answer beside it.

    The package itself, given as an empty text, may be installed elsewhere than where the run is.
    """
    probe = Path(path)
    try:
        read = probe.read_text(encoding="utf-8")
        probe.with_name(f"{probe.name}-{secrets.token_hex(6)}").touch()
    except OSError:
        read = ""
    return {"read": read, "code": _code_as_loaded(tuple(packages)), "python": _python()}


@cache
def _code_as_loaded(packages: tuple[str, ...]) -> str:
    """On a worker: its code when it was first asked, for what is changed on the disk afterwards is not what it runs."""
    return package_digest(Path(package) if package else _OWN for package in packages)


def _begin_anew(task: Task) -> Built:
    """On a worker: make a version in a folder without anything that a dead worker left in it."""
    storage.empty(task.folder)
    return work(task)


class _ClusterExecutor(Executor):
    """The client as an executor, for jobs that may come again after a worker's death."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._executor = client.get_executor(pure=False, retries=_RETRIES)  # type: ignore[no-untyped-call]

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Hand a call to the cluster."""
        if self._client.status != "running":
            raise ReportError(
                "the cluster is gone", fix="Go on without it, or on another one, with: dxanalysis run --resume"
            )
        call: Any = _begin_anew if fn is work else fn
        future: Future[_T] = self._executor.submit(call, *args, **kwargs)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002  # an executor's own
        """Hand in no more; what is not done is given up unless ``wait``."""
        self._executor.shutdown(wait=wait)
