"""GRAS against a stored solution and against printed iterations.

Small case of Junius and Oosterhaven (2003) type: solution as stored in the test file of an R program for GRAS. It is printed to about 1e-7.
Austria 2005 to 2006: UN Handbook on Supply, Use and Input-Output Tables (2018), boxes 18.2 and 18.3: factors of the first two iterations, three decimals. The margins printed there differ by 0.03
in sum, and the final table printed there is not the fixed point of GRAS (three rows off by up to 206), so only the iterations are compared.
"""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from dxanalysis.accounts.balancing import gras, steps
from dxanalysis.errors import DataError

AUSTRIA = np.array(
    [
        [1788.8, 2958.749, 483.5352, 1763.462, 807.4829],
        [989.41, 37780.53, 21869.52, 46880.48, 73688.06],
        [745.82, 27979.72, 61815.95, 141764.1, 26001.46],
        [117.01, 1156.335, 184.1869, 1040.407, 127.5801],
        [470.33, 41217.36, 8367.596, 28372.14, 17240.32],
        [47.662, 4403.309, 9688.217, 1871.449, 2821.099],
        [-93, 1024, 4720, 18215, 117],
        [3736, 64688, 151178, 0, 0],
    ]
)
ROWS = np.array([8367, 200582, 273485, 2814.882, 104252.4, 20534.75, 24290, 232661.0])
COLUMNS = np.array([8367, 200582, 273485, 249844, 134709.0])


def test_the_stored_solution_of_the_small_case() -> None:
    start = np.array([[7.0, 3, 5, -3], [2, 9, 8, 0], [-2, 0, 2, 0]])
    stored = [
        [8.424340881, 3.375237362, 5.200422021, -2.000000263],
        [3.000997078, 12.624763744, 10.374239178, 0],
        [-2.425339135, 0, 1.425339135, 0],
    ]
    found = gras(start, [15, 26, -1], [9, 16, 17, -2])
    np.testing.assert_allclose(found.values, stored, rtol=0, atol=1e-6)
    assert found.gap < 1e-8


def test_the_first_two_iterations_of_the_handbook() -> None:
    (r1, s1), (r2, s2) = islice(steps(AUSTRIA, ROWS, COLUMNS), 2)
    # Three printed decimals: half a unit of the last, and a hair for binary fractions.
    for found, printed in (
        (s1, [1.071, 1.107, 1.059, 1.041, 1.115]),
        (s2, [1.077, 1.107, 1.065, 1.041, 1.102]),
        (r1, [0.991, 1.018, 0.999, 0.996, 1.005, 1.013, 0.966, 0.987]),
        (r2, [0.991, 1.022, 0.999, 0.996, 1.007, 1.011, 0.966, 0.983]),
    ):
        np.testing.assert_allclose(found, printed, rtol=0, atol=5e-4 + 1e-9)


def test_printed_sums_that_differ_are_met_but_for_the_difference() -> None:
    with pytest.raises(DataError, match=r"rows add up to 866,987\.032, columns to 866,987: 0\.032 apart"):
        gras(AUSTRIA, ROWS, COLUMNS)
    found = gras(AUSTRIA, ROWS, COLUMNS, decimals=1)
    assert found.imbalance == pytest.approx(0.032, abs=1e-6)
    assert found.gap <= found.imbalance + 1e-4
