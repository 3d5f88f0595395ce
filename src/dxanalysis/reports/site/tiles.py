"""A map of tiles: each region a square of one size, placed so that the whole resembles the country.

Where the tiles stand is the project's to say, in ``tiles.toml`` beside its reports folder::

    [tiles.34-52]
    column = 5
    row = 10
    vi = "Gia Lai"
    en = "Gia Lai"
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from dxanalysis.errors import ParameterError
from dxanalysis.i18n import LANGUAGES

FILE: Final = "tiles.toml"
COLUMNS: Final = 12
ROWS: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A region's square.

    Attributes
    ----------
    id
        The region's id, as ``group_id`` of its reports: ``34-52``.
    column, row
        Place on the map, from 1 at the left and the top.
    names
        Language -> name.
    """

    id: str
    column: int
    row: int
    names: Mapping[str, str]


def read_tiles(path: Path) -> tuple[Tile, ...]:
    """Read the tiles of a project from north to south; none where there is no such file.

    Raises
    ------
    ParameterError
        The file is not TOML, a tile has no whole place on the map or no name, or two stand on one place.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        raise ParameterError(f"{path.name} cannot be read ({type(error).__name__})") from error
    try:
        listed = tomllib.loads(text).get("tiles", {})
    except tomllib.TOMLDecodeError as error:
        raise ParameterError(f"{path.name} cannot be read: {error}", fix="Correct the line it names") from error
    if not isinstance(listed, dict):
        raise ParameterError(
            f"[tiles] of {path.name} is not a table", fix="Write [tiles.REGION] with column, row, vi, en"
        )
    found = sorted((_tile(id_, plain, path.name) for id_, plain in listed.items()), key=lambda t: (t.row, t.column))
    _check_apart(found, path.name)
    return tuple(found)


def _tile(id_: str, plain: Any, file: str) -> Tile:
    where = f"[tiles.{id_}] of {file}"
    if not isinstance(plain, Mapping):
        raise ParameterError(f"{where} is not a table", fix='Write column = 1, row = 1, vi = "…", en = "…" below it')
    place = {}
    for name, most in (("column", COLUMNS), ("row", ROWS)):
        value = plain.get(name)
        if type(value) is not int or not 1 <= value <= most:
            raise ParameterError(f"{where}: {name} is {value!r}", fix=f"Give a whole number from 1 to {most}")
        place[name] = value
    names = {}
    for language in LANGUAGES:
        called = plain.get(language)
        if not isinstance(called, str) or not called.strip():
            raise ParameterError(f"{where} has no name in {language!r}", fix=f'Add: {language} = "…"')
        names[language] = called
    return Tile(id=id_, column=place["column"], row=place["row"], names=names)


def _check_apart(tiles: Sequence[Tile], file: str) -> None:
    taken: dict[tuple[int, int], str] = {}
    for tile in tiles:
        other = taken.setdefault((tile.column, tile.row), tile.id)
        if other != tile.id:
            raise ParameterError(
                f"{file}: {other} and {tile.id} both stand on column {tile.column}, row {tile.row}",
                fix="Move one of them",
            )
