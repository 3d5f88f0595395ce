"""Typeset in a process of its own: the document on standard input, the PDF on standard output."""

from __future__ import annotations

import sys
from datetime import datetime

from dxanalysis.errors import ReportError
from dxanalysis.reports.outputs.pdf.typesetting import compile_here

if __name__ == "__main__":
    try:
        moment, template = datetime.fromisoformat(sys.argv[1]), sys.argv[2]
        sys.stdout.buffer.write(compile_here(sys.stdin.buffer.read().decode(), moment, template))
    except ReportError as fault:
        sys.exit(fault.what)
