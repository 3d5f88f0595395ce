from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from accounts.tables.readers.world_made import world
from dxanalysis.accounts.tables.build import input_output_table
from dxanalysis.accounts.tables.readers.exchange import from_pymrio, to_pymrio_frames
from dxanalysis.accounts.tables.table import InputOutputTable
from dxanalysis.errors import DataError, ParameterError

OF = {"year": 2020, "unit": "million USD", "classification": "isic4"}
WORLD = world(
    ("AUS", "VNM", "ROW"), ("01", "26"), ("Final consumption expenditure by households", "Changes in inventories")
)


def system() -> SimpleNamespace:
    """In the form of a parsed pymrio system."""
    index = pd.MultiIndex.from_tuples(WORLD.rows, names=["region", "sector"])
    columns = pd.MultiIndex.from_tuples(WORLD.columns[len(WORLD.rows) :], names=["region", "category"])
    inputs = pd.Index(["Value Added", "Taxes less subsidies on products"], name="inputtype")
    return SimpleNamespace(
        Z=pd.DataFrame(WORLD.flows, index=index, columns=index),
        Y=pd.DataFrame(WORLD.final, index=index, columns=columns),
        x=pd.DataFrame(WORLD.output[:, None], index=index, columns=["indout"]),
        factor_inputs=SimpleNamespace(
            F=pd.DataFrame([WORLD.value_added, WORLD.taxes], index=inputs, columns=index),
            F_Y=pd.DataFrame([0 * WORLD.final_taxes, WORLD.final_taxes], index=inputs, columns=columns),
        ),
    )


def test_a_region_becomes_a_domestic_table() -> None:
    table = from_pymrio(system(), region="VNM", **OF)
    inside = slice(2, 4)
    np.testing.assert_array_equal(table.flows, WORLD.flows[inside, inside])
    np.testing.assert_array_equal(table.final[:, :2], WORLD.final[inside, inside])
    np.testing.assert_allclose(table.imported_inputs, WORLD.flows[[0, 1, 4, 5], inside].sum(axis=0))
    np.testing.assert_allclose(
        table.demand("exports").sum(), table.output.sum() - table.flows.sum() - table.final[:, :2].sum()
    )
    np.testing.assert_array_equal(table.final_taxes, [*WORLD.final_taxes[inside], 0])
    assert table.demands == ("households", "inventories", "exports")
    assert table.components == ("value_added",)


def again(table: InputOutputTable) -> InputOutputTable:
    frames = to_pymrio_frames(table)
    inputs = SimpleNamespace(F=frames["F"], F_Y=frames["F_Y"])
    made = SimpleNamespace(Z=frames["Z"], Y=frames["Y"], x=frames["x"], factor_inputs=inputs)
    return from_pymrio(made, region="Toy", **OF, rows={"own account": "component"})


@pytest.mark.parametrize("competitive", [True, False])
def test_frames_are_read_back_to_the_same_table(competitive: bool) -> None:
    imports = np.array([6.0, 100]) if competitive else np.zeros(2)
    table = input_output_table(
        region="Toy", **OF, sectors=("26", "01"), flows=[[10.0, 5], [20, 240]], demands=["households", "exports"],
        final=np.array([[30.0, 15], [400, 940]]) + [[0, 1], [0, 1]] * imports[:, None], imports=imports if competitive else None,
        imported_inputs=[1.0, 2], imported_final=[3.0, 0], input_taxes=[0.5, -0.5], value_added=[[10.0, 1100], [18.5, 253.5]],
        components=["compensation", "own account"], output=[60.0, 1600],
    )  # fmt: skip
    back = again(table)
    assert (back.layout, back.demands, back.components) == (table.layout, table.demands, table.components)
    for name in (
        "flows",
        "final",
        "value_added",
        "output",
        "imports",
        "imported_inputs",
        "input_taxes",
        "imported_final",
    ):
        np.testing.assert_allclose(getattr(back, name), getattr(table, name), err_msg=name)


def test_what_does_not_fit_is_said() -> None:
    one = system()
    with pytest.raises(ParameterError, match=r"no region 'LAO'. It has AUS, VNM, ROW"):
        from_pymrio(one, region="LAO", **OF)
    with pytest.raises(ParameterError, match=r"no extension 'satellite' with a frame F"):
        from_pymrio(one, region="VNM", **OF, extension="satellite")
    one.factor_inputs.F.index = pd.Index(["Value Added", "Levies"])
    with pytest.raises(DataError, match=r"factor_inputs: 'Levies' is not known.*rows=\{'Levies': \.\.\.\}"):
        from_pymrio(one, region="VNM", **OF)
    assert from_pymrio(one, region="VNM", **OF, rows={"Levies": "taxes"}).input_taxes.any()
    with pytest.raises(DataError, match=r"does not balance: column 01.*column 26"):
        from_pymrio(one, region="VNM", **OF, rows={"Levies": "ignore"})
    one.Y.columns = pd.MultiIndex.from_product([["AUS", "VNM", "ROW"], ["Use", "Stock"]])
    with pytest.raises(DataError, match=r"Y: 'Use' is not known, nor 1 more: Stock"):
        from_pymrio(one, region="VNM", **OF)
    one.Z = one.Z.droplevel(0)
    with pytest.raises(DataError, match=r"Z is no frame with two levels"):
        from_pymrio(one, region="VNM", **OF)
