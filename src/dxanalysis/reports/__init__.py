"""Notebooks made into versioned reports.

Knows no subject matter: it would serve any notebook. A notebook records its results through
:class:`dxanalysis.reports.recording.recorder.Recorder`; :func:`dxanalysis.reports.batch.make.make` runs every job of the report
plan that is not fresh and rebuilds the index.

Nothing is imported here on purpose: the question "is it fresh?" must not load a notebook library.
"""
