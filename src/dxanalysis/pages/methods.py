"""Every way of measuring the digital share for a region: what it gives here, and what it would need."""

from __future__ import annotations

from typing import Final

from dxanalysis.accounts import SHARE_INDICATORS, DigitalShare, NotEnoughData, PublishedShares
from dxanalysis.pages.page import Page

# Methods that start from a table, in the order of what they need.
FROM_TABLES: Final = ("direct", "bea_ratio", "adb", "input_coefficient", "growth_accounting")


def show_methods(
    page: Page, published: PublishedShares | NotEnoughData, estimate: DigitalShare | NotEnoughData
) -> None:
    """Table of all methods: result with its period, or what is missing for it."""
    t = page.t
    page.heading("pages.methods.heading")
    page.say("pages.methods.intro", place=page.place)
    rows = []
    for indicator in SHARE_INDICATORS:
        if not page.store.has_indicator(indicator) or ("grdp" in indicator) == page.is_nation:
            continue
        share = published.newest(page.region.id, indicator) if isinstance(published, PublishedShares) else published
        if isinstance(share, DigitalShare):
            result = t("pages.methods.result", value=t.percent(share.estimate), period=t.period(share.period))
        else:
            result = t("pages.methods.not_published")
        rows.append(
            {
                "method": f"{page.store.indicator(indicator).name(page.language)} ({page.owner(indicator)})",
                "result": result,
                "needs": "–",
            }
        )
    if not page.is_nation:
        if isinstance(estimate, DigitalShare):
            low, high = estimate.interval(0.95)
            result = t(
                "pages.methods.result_range",
                low=t.number(low, 1),
                high=t.percent(high, 1),
                period=t.period(estimate.period),
            )
        else:
            result = t(f"pages.reason.{estimate.reason}")
        rows.append(
            {"method": t("pages.methods.transfer"), "result": result, "needs": t("pages.methods.needs_transfer")}
        )
    nothing = t("pages.methods.no_table")
    rows.extend(
        {"method": t(f"pages.methods.{name}"), "result": nothing, "needs": t(f"pages.methods.needs_{name}")}
        for name in FROM_TABLES
    )
    page.table(
        "methods", rows, t("pages.methods.caption"),
        columns={"method": "pages.column.method", "result": "pages.column.result", "needs": "pages.column.needs"},
    )  # fmt: skip
    page.say("pages.methods.narrow" if not page.is_nation else "pages.methods.narrow_nation")
