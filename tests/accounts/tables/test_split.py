from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import sparse

from accounts.tables_made import table, tables
from dxanalysis.accounts.tables.aggregate import aggregate
from dxanalysis.accounts.tables.build import input_output_table
from dxanalysis.accounts.tables.split import split_sector
from dxanalysis.accounts.tables.table import InputOutputTable
from dxanalysis.errors import DataError, ParameterError

TOY = table(
    [[10, 5, 15], [5, 20, 45], [20, 25, 240]], np.array([[28, 2], [47, 3], [301, 14]]), sectors=("26", "46", "01")
)
PARTS = ("46d", "46")


def test_trade_with_a_digital_part_by_hand() -> None:
    # trade: output 120, value added 70, inputs 50; the digital part makes 30 with value added 21, so buys 9 of 50
    one = split_sector(TOY, "46", parts=PARTS, output_ratio=0.25, value_added_ratio=0.3, labels=("E-commerce", "Trade"))
    assert one.sectors == ("26", "46d", "46", "01")
    assert one.labels == ("26", "E-commerce", "Trade", "01")
    np.testing.assert_allclose(one.output, [60, 30, 90, 600])
    np.testing.assert_allclose(one.gross_value_added, [25, 21, 49, 300])
    np.testing.assert_allclose(one.flows[0], [10, 5 * 0.18, 5 * 0.82, 15])
    np.testing.assert_allclose(one.flows[1], [1.25, 20 * 0.25 * 0.18, 20 * 0.25 * 0.82, 11.25])
    np.testing.assert_allclose(one.final[1], [47 / 4, 3 / 4])
    assert one.gaps == ()


def test_known_sales_bind_and_the_others_share_what_is_left() -> None:
    # of 120 sold the digital part must sell 30; households take 40 % of 47, agriculture nothing of 45
    one = split_sector(
        TOY, "46", parts=PARTS, output_ratio=0.25, value_added_ratio=0.25, sales={"households": 0.4, "01": 0}
    )
    common = (30 - 0.4 * 47) / (120 - 47 - 45)
    np.testing.assert_allclose(one.final[1], [0.4 * 47, common * 3])
    np.testing.assert_allclose(one.flows[1], [common * 5, common * 20 / 4, common * 20 * 3 / 4, 0])
    assert one.gaps == ()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"output_ratio": 1.2}, r"output_ratio is 1.2. Give a fraction in \[0, 1\]; percent"),
        ({"value_added_ratio": -0.1}, "value_added_ratio is -0.1"),
        ({"output_ratio": float("nan")}, "output_ratio is nan"),
        ({"parts": ("26", "46")}, "codes that the table does not have"),
        ({"parts": ("46", "46")}, "codes that the table does not have"),
        ({"sales": {"abroad": 0.2}}, "'abroad' is no buyer"),
        ({"sales": {"01": 1.2}}, "sales to 01 is 1.2"),
        ({"sales": {"households": 1.0}}, "the other buyers, who take 73, would have to take -17"),
        ({"sales": {"26": 0, "46": 0, "01": 0, "households": 0, "investment": 0.1}}, "the other buyers, who take 0, would have to take 29.7"),
    ],
)  # fmt: skip
def test_impossible_options_are_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        split_sector(TOY, "46", **{"parts": PARTS, "output_ratio": 0.25, "value_added_ratio": 0.25, **options})


def test_unknown_sector_is_refused() -> None:
    with pytest.raises(ParameterError, match="no sector '47'"):
        split_sector(TOY, "47", parts=PARTS, output_ratio=0.2, value_added_ratio=0.2)


@pytest.mark.parametrize(
    ("a", "b", "message"),
    [
        (
            0.25,
            0.6,
            "the first part would have output 30 and value added 42, so inputs of -12.*58.3 %.*nearer to each other",
        ),
        (0.75, 0.4, "the second part would have output 30 and value added 42"),
        (0.0, 0.1, "the first part would have output 0 and value added 7"),
    ],
)
def test_negative_inputs_are_refused_with_the_reason(a: float, b: float, message: str) -> None:
    with pytest.raises(DataError, match=message):
        split_sector(TOY, "46", parts=PARTS, output_ratio=a, value_added_ratio=b)


def test_all_or_nothing_is_allowed() -> None:
    whole = split_sector(TOY, "46", parts=PARTS, output_ratio=1, value_added_ratio=1)
    assert whole.output[2] == 0
    assert whole.gdp == TOY.gdp
    none = split_sector(TOY, "46", parts=PARTS, output_ratio=0, value_added_ratio=0)
    assert none.output[1] == 0


def test_a_sector_without_inputs_is_divided_by_one_ratio() -> None:
    alone = table([[0.0, 4], [0, 3]], [6, 10], sectors=("97", "01"))
    one = split_sector(alone, "97", parts=("97a", "97b"), output_ratio=0.3, value_added_ratio=0.3)
    np.testing.assert_allclose(one.gross_value_added[:2], [3, 7])
    with pytest.raises(DataError, match="second part"):
        split_sector(alone, "97", parts=("97a", "97b"), output_ratio=0.3, value_added_ratio=0.2)


def test_sparse_flows_are_divided_as_full_ones() -> None:
    n = 1100
    flows = sparse.diags_array([np.full(n, 0.5), np.ones(n - 1)], offsets=[0, 1], shape=(n, n)).tocsr()
    codes = tuple(map(str, range(n)))
    wide = table(flows.toarray(), np.full(n, 5.0), sectors=codes)
    assert sparse.issparse(wide.flows)
    one = split_sector(wide, "5", parts=("5a", "5b"), output_ratio=0.4, value_added_ratio=0.4)
    assert sparse.issparse(one.flows)
    assert one.gaps == ()
    np.testing.assert_allclose(one.flows[[5, 6]].toarray()[:, 4:9], [[0, 0.08, 0.12, 0.4, 0], [0, 0.12, 0.18, 0.6, 0]])


@given(one=tables(), data=st.data(), competitive=st.booleans())
@settings(max_examples=50, deadline=None)
def test_dividing_and_adding_up_gives_the_table_back(
    one: InputOutputTable, data: st.DataObject, competitive: bool
) -> None:
    if competitive:
        imports = 0.3 * one.final[:, 0]
        one = input_output_table(
            region="Toy", year=2020, unit=one.unit, classification="isic4", sectors=one.sectors, flows=one.flows, final=one.final,
            demands=one.demands, value_added=one.gross_value_added - imports - 1, input_taxes=np.full(one.n, 0.4), imported_inputs=np.full(one.n, 0.6), imports=imports,
        ) if (one.gross_value_added > imports + 1).all() else one  # fmt: skip
    code = data.draw(st.sampled_from(one.sectors))
    s = one.position(code)
    a = data.draw(st.floats(0.05, 0.95))
    b = a * data.draw(st.floats(0.9, 1.1))
    inputs = one.output[s] - one.gross_value_added[s]
    assume(0 <= a * one.output[s] - b * one.gross_value_added[s] <= inputs and b <= 1)
    sales = {"investment": data.draw(st.floats(0.9, 1.1)) * a} if data.draw(st.booleans()) else None
    assume(sales is None or sales["investment"] <= 1)
    sold = float(one.flows[s].sum() + one.final[s].sum())
    assume(sales is None or 0 <= a * sold - sales["investment"] * one.final[s, 1] <= sold - one.final[s, 1])
    two = split_sector(one, code, parts=("digital", "rest"), output_ratio=a, value_added_ratio=b, sales=sales)
    assert two.gaps == ()
    assert (two.flows >= -1e-12).all()
    assert two.value_added[:, two.position("digital")] == pytest.approx(b * one.value_added[:, s])
    back = aggregate(two, {"digital": code, "rest": code})
    assert back.sectors == one.sectors
    for name in ("flows", "final", "value_added", "output", "imports", "imported_inputs", "input_taxes"):
        np.testing.assert_allclose(getattr(back, name), getattr(one, name), rtol=1e-9, atol=1e-9, err_msg=name)
