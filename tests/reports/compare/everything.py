"""A comparison in which everything that can change changed, with every text of it given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dxanalysis.reports.compare.causes import Cause, Fact
from dxanalysis.reports.compare.comparison import Comparison
from dxanalysis.reports.compare.shares import Attribution, Part
from dxanalysis.reports.recording.items import Heading, Headline, Note, Paragraph
from reports.compare.records_made import compared, figure, record, table, value
from reports.safety.corpus import CORPUS


def chunks(size: int, *categories: str) -> Iterator[str]:
    """The payloads of the corpus, several to one text; long ones, half characters and rules of style left out.

    As plain text a rule of style is harmless, but the rules of a page look for one in the whole file.
    """
    texts = [
        one.text
        for one in CORPUS
        if (not categories or one.category in categories)
        and one.category != "long"
        and one.text.strip()
        and not any("\ud800" <= c <= "\udfff" for c in one.text)
        and "@import" not in one.text
        and "url(" not in one.text
    ]
    for start in range(0, len(texts), size):
        yield " ".join(texts[start : start + size])


def everything(language: str = "vi", text: str = "Tỷ trọng", other: str = "Khác trước") -> Comparison:
    """A comparison in which everything that can change changed, every text of it given."""

    def made(number: float, words: str, tone: str) -> tuple[object, ...]:
        cells = [(f"{text} {n}", f"{words} {n}", words * 9) for n in range(3)]
        return (
            Headline(name="h", text=words, tone=tone),  # type: ignore[arg-type]  # one of the tones
            Headline(name=f"only-{words}"[:50], text=words, tone=tone),  # type: ignore[arg-type]
            value("chance", number, "probability", text=f"{number} {words}", title=text),
            value("hidden", number / 1e7, "percent", text="0 %", title=words),
            value(f"only {words}"[:80], 1.0, text="1", title=words),
            table("t", cells, keys=("a", "b", words), caption=text),
            table(f"only {words}"[:80], [(words,)], caption=words),
            figure("f", [(2024, number), (words, None)], drawing=str(number), columns=("Năm", text)),
            figure("drawn", [(2024, 1.0)], drawing=str(number)),
            Heading(text=words),
            Paragraph(text=f"{text} một hai ba bốn {words}"),
            Note(text=words),
        )

    old = record(*made(0.04, text, "good"), language=language, title=text, sources=[text])  # type: ignore[arg-type]
    new = record(*made(0.02, other, "bad"), language=language, title=other, sources=[other])  # type: ignore[arg-type]
    new = replace(new, meta=replace(new.meta, subtitle=text, group=text, publisher=text, data_until="2026-01-05"))
    split = Attribution(
        name="chance", unit="probability", old=0.04, new=0.02, runs=4, exact=False, note=text,
        parts=(Part(cause=text, label=text, amount=-0.03), Part(cause="b", label=other, amount=0.01)),
    )  # fmt: skip
    fact = Fact(
        what=text,
        indicator=text,
        region_id=other,
        period=text,
        old=text,
        new=other,
        unit=text,
        source=text,
        released=text,
    )
    bare = Fact(what=text, old=text, new=other)
    found = [Cause(kind="revised", facts=(fact, replace(fact, old=1.0, new=2.0))), Cause(kind="target", facts=(fact,))]
    kinds = ("parameters", "environment", "seed", "calendar", "reads", "figures", "catalogue")
    found += [Cause(kind=kind, facts=(bare,)) for kind in kinds]  # type: ignore[arg-type]  # kinds of causes
    found += [Cause(kind="code", facts=(Fact(what=text), bare))]
    comparison = compared(old, new, *found, attributions=[split])
    return replace(comparison, names={text: other, other: text})
