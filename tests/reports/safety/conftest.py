"""Every output made once from the whole corpus, for all tests that look at it."""

from __future__ import annotations

import pytest

from reports.safety.corpus import WRITABLE
from reports.safety.outputs import OUTPUTS, Made


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Made]:
    folders = {name: tmp_path_factory.mktemp("hostile") / "out" for name in OUTPUTS}
    for folder in folders.values():
        folder.mkdir()
    return {name: OUTPUTS[name](WRITABLE, folder) for name, folder in folders.items()}
