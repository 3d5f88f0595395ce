"""What the catalogue of the PDF has that is right and looks wrong."""

from __future__ import annotations

FAMILIES: dict[str, set[str]] = {}
NO_DIACRITICS = {"paper.page": "the Vietnamese word for page, trang, has none"}
