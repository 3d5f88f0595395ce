"""The four properties that single the Shapley value out, on games drawn at random, and a split worked by hand."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dxanalysis.errors import ReportError
from dxanalysis.reports.compare.shapley import MOST, adding_up, coalitions, shapley, written

Game = dict[frozenset[str], tuple[float, ...]]
numbers = st.floats(-1e6, 1e6, allow_subnormal=False)


@st.composite
def games(draw: st.DrawFn, *, least: int = 1, most: int = 4) -> tuple[list[str], Game]:
    causes = list("abcdef"[: draw(st.integers(least, most))])
    return causes, {some: tuple(draw(st.tuples(numbers, numbers))) for some in coalitions(causes)}


def change(causes: list[str], game: Game, place: int) -> Fraction:
    return written(game[frozenset(causes)][place]) - written(game[frozenset()][place])


def mapped(causes: list[str], make: Callable[[frozenset[str]], tuple[float, ...]]) -> Game:
    return {some: make(some) for some in coalitions(causes)}


def test_a_split_worked_by_hand() -> None:
    # Alone a adds 1 and b adds 3; together they add 8: half of the 4 that only both can do goes to each.
    game = {(): 2.0, ("a",): 3.0, ("b",): 5.0, ("a", "b"): 10.0}
    parts = shapley(["a", "b"], lambda some: [game[tuple(sorted(some))]])
    assert parts == {"a": (Fraction(3),), "b": (Fraction(5),)}


@given(games())
@settings(deadline=None)
def test_it_is_the_average_over_all_orders(drawn: tuple[list[str], Game]) -> None:
    causes, game = drawn
    parts = shapley(causes, game.__getitem__)
    orders = list(permutations(causes))
    for cause in causes:
        added = Fraction(0)
        for order in orders:
            before = frozenset(order[: order.index(cause)])
            added += written(game[before | {cause}][0]) - written(game[before][0])
        assert parts[cause][0] == added / len(orders)


@given(games(most=MOST))
@settings(deadline=None, max_examples=40)
def test_the_parts_add_up(drawn: tuple[list[str], Game]) -> None:
    causes, game = drawn
    parts = shapley(causes, game.__getitem__)
    for place in (0, 1):
        assert sum((parts[cause][place] for cause in causes), start=Fraction(0)) == change(causes, game, place)


@given(games(most=3), games(most=3))
@settings(deadline=None)
def test_parts_of_a_sum_are_sums_of_parts(first: tuple[list[str], Game], second: tuple[list[str], Game]) -> None:
    causes = first[0]
    assume(causes == second[0])
    # Rounded to whole numbers, so that adding two of them rounds nothing.
    one, two = ({some: tuple(map(round, pair)) for some, pair in game.items()} for game in (first[1], second[1]))
    both = mapped(causes, lambda some: tuple(x + y for x, y in zip(one[some], two[some], strict=True)))
    parts = [shapley(causes, game.__getitem__) for game in (one, two, both)]
    for cause in causes:
        assert parts[2][cause][0] == parts[0][cause][0] + parts[1][cause][0]


@given(games(most=3), numbers)
@settings(deadline=None)
def test_a_cause_that_does_nothing_gets_nothing(drawn: tuple[list[str], Game], amount: float) -> None:
    causes, game = drawn
    more = [*causes, "idle"]
    parts = shapley(more, lambda some: game[some - {"idle"}])
    assert parts["idle"] == (0, 0)
    assert {cause: parts[cause] for cause in causes} == shapley(causes, game.__getitem__)
    told = adding_up({cause: part[0] for cause, part in parts.items()}, game[frozenset()][0], amount)
    assert told["idle"] == 0


@given(games(least=2, most=4))
@settings(deadline=None)
def test_causes_that_do_the_same_get_the_same(drawn: tuple[list[str], Game]) -> None:
    causes, game = drawn

    def swapped(some: frozenset[str]) -> frozenset[str]:
        return frozenset({"a": "b", "b": "a"}.get(cause, cause) for cause in some)

    even = {some: min(game[some], game[swapped(some)]) for some in game}
    parts = shapley(causes, even.__getitem__)
    assert parts["a"] == parts["b"]


@given(games(most=MOST), st.integers(0, 6), st.integers(-8, 8))
@settings(deadline=None, max_examples=60)
def test_parts_as_written_add_up_to_the_change_as_written(
    drawn: tuple[list[str], Game], places: int, scale: int
) -> None:
    causes, game = drawn
    # Numbers as reports record them: so many digits after the point, whatever their size.
    fine = {
        some: tuple(float(Decimal(repr(round(x, places))).scaleb(scale)) for x in pair) for some, pair in game.items()
    }
    parts = shapley(causes, fine.__getitem__)
    for place in (0, 1):
        old, new = fine[frozenset()][place], fine[frozenset(causes)][place]
        exact = {cause: parts[cause][place] for cause in causes}
        told = adding_up(exact, old, new)
        assert sum(Decimal(repr(part)) for part in told.values()) == Decimal(repr(new)) - Decimal(repr(old))
        largest = max(abs(new - old), *map(abs, told.values()))
        assert all(abs(written(told[cause]) - exact[cause]) <= 1e-14 * (1 + len(causes)) * largest for cause in causes)
        assert math.isclose(
            math.fsum(told.values()), new - old, rel_tol=1e-12, abs_tol=1e-14 * max(largest, abs(old), abs(new))
        )


@given(games(most=MOST))
@settings(deadline=None, max_examples=60)
def test_numbers_of_more_digits_are_met_in_the_place_that_the_parts_are_rounded_in(
    drawn: tuple[list[str], Game],
) -> None:
    causes, game = drawn
    parts = shapley(causes, game.__getitem__)
    old, new = game[frozenset()][0], game[frozenset(causes)][0]
    told = adding_up({cause: parts[cause][0] for cause in causes}, old, new)
    left = sum(Decimal(repr(part)) for part in told.values()) - (Decimal(repr(new)) - Decimal(repr(old)))
    assert abs(left) <= Decimal("1e-14") * max(Decimal(repr(abs(part))) for part in (*told.values(), new - old))


def test_a_change_smaller_than_its_parts_adds_up_where_binary_numbers_cannot() -> None:
    game = {"": 0.01, "a": 0.0612, "b": 0.0104, "ab": 0.0154}
    parts = shapley(["a", "b"], lambda some: [game["".join(sorted(some))]])
    told = adding_up({cause: part for cause, (part,) in parts.items()}, 0.01, 0.0154)
    assert told == {"a": 0.0281, "b": -0.0227}
    assert math.fsum(told.values()) != 0.0154 - 0.01


def test_thirds_are_rounded_and_the_rest_goes_to_the_largest() -> None:
    third = Fraction(1, 3)
    assert adding_up({"a": third, "b": third, "c": third}, 0.0, 1.0) == {
        "a": 0.33333333333334,
        "b": 0.33333333333333,
        "c": 0.33333333333333,
    }
    assert adding_up({"a": Fraction(0), "b": Fraction(-5)}, 5, 0) == {"a": 0.0, "b": -5.0}
    assert adding_up({}, 1.0, 2.0) == {}


def test_each_set_is_asked_once_and_no_cause_needs_none() -> None:
    asked: list[frozenset[str]] = []

    def worth(some: frozenset[str]) -> list[float]:
        asked.append(some)
        return [float(len(some))]

    shapley(list("abc"), worth)
    assert len(asked) == len(set(asked)) == 8
    assert shapley([], worth) == {}


@pytest.mark.parametrize(
    ("causes", "worth", "message"),
    [
        (list("abcdefg"), lambda _: [0.0], "7 causes cannot be split exactly"),
        (list("aa"), lambda _: [0.0], "given twice"),
        (list("ab"), lambda some: [0.0] * len(some), "different counts of numbers: 0, 1, 2"),
        (list("a"), lambda _: [math.nan], "not finite"),
        (list("a"), lambda _: [math.inf], "not finite"),
    ],
)
def test_games_that_are_none(causes: list[str], worth: Callable[[frozenset[str]], list[float]], message: str) -> None:
    with pytest.raises(ReportError, match=message):
        shapley(causes, worth)
