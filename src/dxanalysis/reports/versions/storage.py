"""Versions of a report on disk: written beside the others, renamed into place whole, never changed afterwards.

``<reports>/<notebook>/<parameters>/`` holds ``0001-3fa9c2d1/`` and its successors, the pointer file ``latest``, and
``failed/`` with the evidence of the last run where that failed. Beside them stand ``changes/`` and ``signatures/``, each by
the name of a version. Uses nothing but the standard library.

Nothing here needs a lock: two machines that make the same report in one network folder end in one version, and versions of
different content get different numbers.
"""

from __future__ import annotations

from dxanalysis.reports.files import write_json
from dxanalysis.reports.versions.folders import (
    CHANGES,
    SIGNATURES,
    begin,
    discard,
    empty,
    failure,
    history,
    is_version,
    keep_failure,
    latest,
    next_number,
    storing,
    version_id,
)
from dxanalysis.reports.versions.manifest import (
    MANIFEST,
    NOTEBOOK,
    OUTPUTS,
    PAGE,
    PDF,
    RECORD,
    SCHEMA,
    TABLES,
    VALUES,
    WORKBOOK,
    Manifest,
    Output,
    damage,
    describe_outputs,
    read_manifest,
)
from dxanalysis.reports.versions.publishing import publish
from dxanalysis.reports.versions.recovery import recover

__all__ = [
    "CHANGES",
    "MANIFEST",
    "NOTEBOOK",
    "OUTPUTS",
    "PAGE",
    "PDF",
    "RECORD",
    "SCHEMA",
    "SIGNATURES",
    "TABLES",
    "VALUES",
    "WORKBOOK",
    "Manifest",
    "Output",
    "begin",
    "damage",
    "describe_outputs",
    "discard",
    "empty",
    "failure",
    "history",
    "is_version",
    "keep_failure",
    "latest",
    "next_number",
    "publish",
    "read_manifest",
    "recover",
    "storing",
    "version_id",
    "write_json",
]
