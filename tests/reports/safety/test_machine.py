"""Real runs that tell all they know of the machine and of a secret: nothing of it is in any file they leave."""

from __future__ import annotations

import base64
import getpass
import io
import re
import socket
import sys
import tempfile
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pypdf import PdfReader

from dxanalysis.reports.batch.make import make
from dxanalysis.reports.batch.run import Settings
from dxanalysis.reports.planning.plan import plan
from dxanalysis.reports.planning.secrets import spellings
from dxanalysis.reports.scrub import SECRET
from dxanalysis.reports.versions import storage

pytestmark = pytest.mark.slow

HELD = "v9Kq-3Tz/7Lm+5Wx=2Rb"
PARAMETERS = 'region: str = "VN"\nlanguage: str = "vi"\ntoken: "Secret" = "OFFICE_TOKEN"'
START = """
import base64, getpass, logging, os, pwd, socket, sys, tempfile, warnings
from pathlib import Path
from dxanalysis.reports.planning.secrets import reveal
from dxanalysis.reports.recording.recorder import Recorder
held = reveal(token)
facts = [sys.prefix, sys.executable, os.getcwd(), str(Path.home()), tempfile.gettempdir(), str(Path("x.csv").absolute())]
told = " | ".join(facts) + f" | {getpass.getuser()}@{socket.gethostname()} | {held} | {base64.b64encode(held.encode()).decode()}"
"""
TELLS = """
print(told)
print(getpass.getuser())
print(pwd.getpwuid(os.getuid()).pw_name, file=sys.stderr)
print(socket.gethostname(), os.uname(), dict(os.environ))
warnings.warn(told)
logging.getLogger().warning(told)
from IPython.display import HTML, Markdown, display
display(HTML("<b>" + told + "</b>"), Markdown(told))
try:
    open(Path.home() / held / "x.csv")
except OSError as error:
    print(repr(error))
facts
"""
RECORDS = """
r = Recorder()
r.meta(title="Báo cáo " + told + " by:" + getpass.getuser() + ".", subtitle=told, language=language, group=told, group_id="34-52", publisher=told)
r.headline("share", told, "good")
r.heading(told)
r.paragraph(told)
r.value("v", held, told, told, label=told)
r.table("t " + told, [{told: told}], told, note=told)
svg = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><title>%s</title></svg>" % told.replace("&", "")
r.figure("f", wide_svg=svg, alt=told, caption=told, data=[{told: told, "n": 1.5}])
r.note(told)
r.data_used({told: "1"})
r.sources([{"title": told, "url": "https://www.nso.gov.vn/" + held, "note": told}])
"""
RAISES = "raise ValueError(told)"
SHOWS_VARIABLES = "%xmode Verbose\ndef f(secret, place):\n    1 / 0\nf(held, os.getcwd())"


def words_of(path: Path) -> str:
    """Everything in a file that a reader could find, unpacked."""
    raw = path.read_bytes()
    if path.suffix in {".xlsx", ".zip"}:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            return "\n".join(
                archive.namelist() + [archive.read(n).decode("utf-8", "replace") for n in archive.namelist()]
            )
    if path.suffix == ".pdf":
        reader = PdfReader(io.BytesIO(raw))
        return "\n".join([*(page.extract_text() for page in reader.pages), str(reader.metadata), raw.decode("latin-1")])
    text = raw.decode("utf-8")
    pictures = re.findall(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)", text)
    return "\n".join([text, *(base64.b64decode(picture).decode("utf-8") for picture in pictures)])


def test_nothing_of_the_machine_and_nothing_secret_is_left(
    make_notebook, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OFFICE_TOKEN", HELD)
    ends = {"records": RECORDS, "raises": RAISES, "shows": SHOWS_VARIABLES}
    for name, end in ends.items():
        make_notebook(name, START, TELLS, end, parameters=PARAMETERS)
    jobs = plan({"jobs": [{"notebook": name, "token": "OFFICE_TOKEN"} for name in ends]}, settings.notebooks)
    with ThreadPoolExecutor(2) as executor:
        result = make(jobs, settings, digest_of=lambda _key: None, executor=executor)
    assert [one.status for one in result.results] == ["made", "failed", "failed"], result.lines()

    version = storage.latest(settings.reports / jobs[0].folder)
    assert version is not None
    files = [path for path in settings.reports.rglob("*") if path.is_file()]
    assert {path.suffix for path in version.rglob("*.*")} == {".html", ".json", ".ipynb", ".pdf", ".xlsx", ".csv"}
    home, user, host = Path.home(), getpass.getuser(), socket.gethostname()
    traces = [
        str(settings.project),
        sys.prefix,
        tempfile.gettempdir() + "/",
        f"{home}/",
        f"/{user}/",
        f"{user}@",
        "site-packages",
    ]
    traces += [host] if len(host) > 3 else []
    traces += spellings(HELD)
    everything = {path: words_of(path) for path in files}
    everything[Path("what the terminal shows")] = "\n".join(result.lines())
    for path, text in everything.items():
        assert not [trace for trace in traces if trace in text], path
        assert not re.search(r"/home/|/Users/|[A-Za-z]:\\\\?Users", text), path
        assert not re.search(rf'(?m)^[\s"]*{re.escape(user)}(?:\\n)?[\s",]*$', text), (
            f"the user's name alone on a line: {path}"
        )
    notebook = everything[version / storage.NOTEBOOK]
    assert notebook.count(SECRET) > 10
    assert "by:analyst." in everything[version / "report.html"], "the user's name as it is asked for is nobody's"
    assert "OFFICE_TOKEN" in notebook
    assert "OFFICE_TOKEN" in everything[version / storage.MANIFEST]
    for job in jobs[1:]:
        assert SECRET in everything[settings.reports / job.folder / "failed" / "error.json"]
