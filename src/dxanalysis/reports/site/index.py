"""The site that policy staff open: the index with search and map, a page for each place, and the feed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dxanalysis.reports.files import canonical, digest
from dxanalysis.reports.outputs.labels import Labels
from dxanalysis.reports.recording.items import Tone
from dxanalysis.reports.site import feed, place, views
from dxanalysis.reports.site.finder import embed, filters
from dxanalysis.reports.site.pieces import SHOWN_TABLES, take_pieces
from dxanalysis.reports.site.places import Entry, Place, answer_tone, gravest, place_file, places
from dxanalysis.reports.site.reading import Failed, Report, read_reports, report_folders
from dxanalysis.reports.site.search import policy
from dxanalysis.reports.site.templating import environment
from dxanalysis.reports.site.tiles import FILE, Tile, read_tiles
from dxanalysis.reports.site.views import Speech
from dxanalysis.reports.site.words import words
from dxanalysis.reports.site.written import Written, read_written, stamps, state, write_page
from dxanalysis.reports.versions.digests import package_digest

_TONES: tuple[Tone, ...] = ("bad", "warn", "neutral", "good")


def write_site(
    reports: Path,
    labels: Labels,
    *,
    order: Sequence[str] = (),
    tiles: Sequence[Tile] | None = None,
    tables: Sequence[str] = SHOWN_TABLES,
) -> tuple[Path, ...]:
    """Write the index, the pages of places and the feed in every language; the first language of ``labels`` is the main one.

    A page that would not change is not written.

    Parameters
    ----------
    order
        Folders of reports in the order to show them; others follow by name.
    tiles
        Where regions stand on the map; by default ``tiles.toml`` beside the reports folder, and no map where there is none.
    tables
        Patterns of the names of tables that the page of a place shows from its newest reports.

    Returns
    -------
    tuple of Path
        The files of the site, the indexes first: ``index.html``, ``index.en.html``, ``place-34-52.html``, ..., ``feed.vi.xml``.

    Raises
    ------
    ParameterError
        ``tiles.toml`` cannot be read.
    """
    speeches = [Speech(labels, language) for language in labels]
    shown = read_tiles(reports.parent / FILE) if tiles is None else tuple(tiles)
    states = {folder: state(reports / folder) for folder in report_folders(reports, order)}
    common = _common(reports, labels, shown, tables)
    whole = digest(canonical([common, [[ascii(folder), seen] for folder, seen in states.items()]]))
    before = read_written(reports)
    if before.whole == whole and all(before.stands(reports, name) for name in before.stamps):
        return tuple(reports / name for name in before.parts)
    found, failed = read_reports(reports, order)
    grouped = places(found)
    parts: dict[str, str] = {}
    for speech in speeches:
        write_page(reports / speech.index(), _index(reports, speech, found, failed, grouped, shown))
        parts[speech.index()] = ""
    for one in grouped:
        own = [[ascii(twin.folder), states[twin.folder]] for entry in one.entries for twin in entry.twins]
        part = digest(canonical([common, one.stem, own]))
        files = [place_file(one.stem, speech.language, speech.tongues) for speech in speeches]
        parts.update(dict.fromkeys(files, part))
        if all(before.parts.get(name) == part and before.stands(reports, name) for name in files):
            continue
        for speech, name in zip(speeches, files, strict=True):
            folders = {
                entry.shown(speech.language).folder: entry.shown(speech.language).newest for entry in one.entries
            }
            pieces = {folder: take_pieces(reports / newest.folder, tables) for folder, newest in folders.items()}
            write_page(reports / name, place.page(one, speech, pieces, failures=failures(reports, speech)))
    for speech in speeches:
        write_page(reports / feed.file(speech.language), feed.feed(found, speech))
        parts[feed.file(speech.language)] = ""
    _remove_stale(reports, parts)
    Written(whole=whole, parts=parts, stamps=stamps(reports, list(parts))).keep(reports)
    return tuple(reports / name for name in parts)


def _common(reports: Path, labels: Labels, tiles: Sequence[Tile], tables: Sequence[str]) -> str:
    """Digest of what every page depends on: the package's own words and code, and what the caller gave."""
    package = Path(__file__).parents[2]
    pages = [failures(reports, Speech(labels, language)) for language in labels]
    placed = [[tile.id, tile.column, tile.row, dict(tile.names)] for tile in tiles]
    made_by = package_digest([package / "reports", package / "i18n"])
    words_given = [[code, dict(own)] for code, own in labels.items()]
    return digest(canonical([made_by, policy(scripted=True), words_given, placed, list(tables), pages]))


def failures(reports: Path, speech: Speech) -> str:
    """Link to the page of what failed, in the reader's language where there is one; empty where nothing failed."""
    names = (f"failures.{speech.language}.html", "failures.html")
    return next((name for name in names if (reports / name).is_file()), "")


def _remove_stale(reports: Path, pages: Mapping[str, str]) -> None:
    """Take away pages of places that no report is about any more: nothing leads to them, and they would look current."""
    for path in reports.glob("place-*.html"):
        if path.name not in pages:
            path.unlink()


def _index(
    reports: Path,
    speech: Speech,
    found: Sequence[Report],
    failed: Sequence[Failed],
    grouped: Sequence[Place],
    tiles: Sequence[Tile],
) -> str:
    label = speech.label
    anchors = {one.id: f"p{number}" for number, one in enumerate(grouped, start=1)}
    ids = {entry.twins[0].folder: f"r{n}" for n, entry in enumerate((e for p in grouped for e in p.entries), start=1)}
    listed = [_place(one, speech, anchors, ids) for one in grouped]
    tile_rows = [_tile(tile, grouped, anchors, speech) for tile in tiles]
    tones = [row["tone"] for row in tile_rows]
    on_map = {tile.id for tile in tiles}
    made = [report.newest.manifest.finished for report in found]
    dates = [report.meta.data_until for report in found if report.meta.data_until]
    facts = []
    if found:
        facts.append(speech.say("site.total", reports=len(ids), places=len(grouped)))
        facts.append(label("site_updated", date=views.day(speech, max(made))))
    if dates:
        facts.append(label("site_data_until", date=views.day(speech, max(dates))))
    return (
        environment()
        .get_template("index.html.j2")
        .render(
            t=label,
            w=words(speech.language),
            language=speech.language,
            tongues=speech.switch({code: Speech(speech.labels, code).index() for code in speech.labels}),
            facts=facts,
            failures=failures(reports, speech),
            feed=feed.file(speech.language),
            places=listed,
            failed=failed,
            filters=filters(found, listed, speech),
            tiles=tile_rows,
            width=max((tile.column for tile in tiles), default=1),
            legend=[
                *((tone, label(f"tone_{tone}"), tones.count(tone)) for tone in _TONES),
                ("none", words(speech.language)["no_report"], tones.count("none")),
            ],
            elsewhere=[row for row, one in zip(listed, grouped, strict=True) if one.id not in on_map],
            data=embed(grouped, anchors, ids, speech),
        )
    )


def _place(one: Place, speech: Speech, anchors: Mapping[str, str], ids: Mapping[str, str]) -> Mapping[str, Any]:
    name = one.name(speech.language) or speech.label("site_other_group")
    own = {twin.meta.language for entry in one.entries for twin in entry.twins}
    return {
        "anchor": anchors[one.id],
        "name": name,
        "language": speech.language if speech.language in own or not own else min(own),
        "href": views.address(place_file(one.stem, speech.language, speech.tongues)),
        "to": speech.say("site.to_place", name=name),
        "items": [_item(entry, speech, ids[entry.twins[0].folder]) for entry in one.entries],
    }


def _item(entry: Entry, speech: Speech, id_: str) -> Mapping[str, Any]:
    shown = entry.shown(speech.language)
    newest = shown.newest
    facts = [views.version_name(speech, newest), views.status_word(speech, newest.status)]
    if shown.meta.data_until:
        facts.append(speech.label("data_until", date=views.day(speech, shown.meta.data_until)))
    return {
        "id": id_,
        "title": shown.meta.short_title or shown.meta.title,
        "language": shown.meta.language,
        "foreign": shown.meta.language != speech.language,
        "headlines": views.headlines(newest.headlines),
        "facts": facts,
        "links": views.reading_links(speech, entry.twins),
        "changes": views.changes(shown, newest),
        "older": [
            {"href": views.address(old.page), "text": views.version_name(speech, old)} for old in shown.versions[1:]
        ],
        "flag": views.flag(speech, shown),
    }


def _tile(tile: Tile, grouped: Sequence[Place], anchors: Mapping[str, str], speech: Speech) -> Mapping[str, Any]:
    one = next((one for one in grouped if one.id == tile.id), None)
    tone = gravest([answer_tone(entry.shown(speech.language)) for entry in one.entries]) if one is not None else None
    return {
        "column": tile.column,
        "row": tile.row,
        "name": tile.names[speech.language],
        "tone": tone or "none",
        "word": speech.label(f"tone_{tone}") if tone else words(speech.language)["no_report"],
        "place": anchors[one.id] if one is not None else "",
        "href": views.address(place_file(one.stem, speech.language, speech.tongues)) if one is not None else "",
    }
