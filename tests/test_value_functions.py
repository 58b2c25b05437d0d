import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tomteanalyse.scoring.value_functions import PiecewiseLinear

GROCERY = PiecewiseLinear(((300, 1), (800, 0.5), (1500, 0)))
NOT_TOO_NEAR = PiecewiseLinear(((0, 0.3), (200, 1), (1500, 1), (5000, 0)))
AWAY_FROM = PiecewiseLinear(((100, 0), (500, 1)))

functions = st.lists(
    st.tuples(st.integers(0, 4000), st.integers(0, 8)),
    min_size=2,
    max_size=6,
    unique_by=lambda a: a[0],
).map(lambda pairs: PiecewiseLinear(tuple((float(x), v / 8) for x, v in sorted(pairs))))
distances = st.floats(0, 6000)


@pytest.mark.parametrize(
    ("metres", "value"),
    [(0, 1.0), (300, 1.0), (550, 0.75), (800, 0.5), (1150, 0.25), (1500, 0.0), (9000, 0.0)],
)
def test_lies_on_straight_lines_between_the_anchors(metres: float, value: float) -> None:
    assert GROCERY([metres]) == pytest.approx([value], abs=1e-15)


def test_can_be_two_sided() -> None:
    assert NOT_TOO_NEAR([0, 100, 200, 900, 3250]) == pytest.approx([0.3, 0.65, 1, 1, 0.5])


@pytest.mark.parametrize(
    ("anchors", "value"),
    [
        (((300, 1), (1500, 0)), 0.0),
        (((300, 1), (1500, 0.2)), 0.0),  # a long walk is worth 0.2, no walk is worth nothing
        (((300, 1), (1500, 0.2), (2000, 0.2)), 0.0),
        (((0, 0.3), (200, 1), (5000, 0.1)), 0.0),
        (((100, 0), (500, 1)), 1.0),  # a school that cannot be reached is not beside the plot
        (((100, 0), (500, 0.9), (800, 0.9)), 0.9),
        (((100, 0.4), (500, 0.4)), 0.4),
    ],
)
def test_unreachable_is_known_and_valued_by_what_the_far_end_says(
    anchors: tuple[tuple[float, float], ...], value: float
) -> None:
    function = PiecewiseLinear(anchors)
    assert function([math.inf]).tolist() == [value]
    assert function.unreachable == value


def test_unknown_stays_unknown() -> None:
    assert np.isnan(GROCERY([math.nan, 300])).tolist() == [True, False]
    assert np.isnan(GROCERY.image([math.nan], [400.0])).all()


@pytest.mark.parametrize(
    "anchors",
    [
        ((300, 1),),
        ((300, 1), (300, 0)),
        ((800, 1), (300, 0)),
        ((300, 1.1), (800, 0)),
        ((300, -0.1), (800, 0)),
        ((300, math.nan), (800, 0)),
        ((math.nan, 1), (800, 0)),
        ((300, 1), (math.inf, 0)),
    ],
)
def test_anchors_that_make_no_sense_are_refused(anchors: tuple[tuple[float, float], ...]) -> None:
    with pytest.raises(ValueError, match="anchor"):
        PiecewiseLinear(anchors)


@given(functions, st.lists(distances, min_size=1))
def test_values_lie_between_0_and_1(function: PiecewiseLinear, metres: list[float]) -> None:
    values = function(metres)
    assert ((values >= 0) & (values <= 1)).all()


def test_the_image_of_an_interval_sees_the_anchors_inside_it() -> None:
    low, high = NOT_TOO_NEAR.image([0.0, 100, 300, 900], [900.0, 150, 1000, 3250])
    assert low == pytest.approx([0.3, 0.65, 1, 0.5])
    assert high == pytest.approx([1, 0.825, 1, 1])
    valley = PiecewiseLinear(((0, 1), (500, 0), (1000, 1)))
    assert [float(each[0]) for each in valley.image([100.0], [900.0])] == [0.0, 0.8]


def test_the_image_of_an_interval_that_may_be_unreachable_holds_0() -> None:
    low, high = PiecewiseLinear(((300, 1), (1500, 0.2))).image([900.0], [math.inf])
    assert low.tolist() == [0.0]
    assert high == pytest.approx([0.6])


@given(functions, distances, distances)
def test_the_image_is_what_a_dense_search_finds(
    function: PiecewiseLinear, one: float, other: float
) -> None:
    x_low, x_high = min(one, other), max(one, other)
    searched = np.linspace(x_low, x_high, 2001)
    corners = [x for x, _ in function.anchors if x_low <= x <= x_high]
    found = function(np.concatenate([searched, np.array(corners)]))
    low, high = function.image([x_low], [x_high])
    assert low[0] == pytest.approx(found.min(), abs=1e-12)
    assert high[0] == pytest.approx(found.max(), abs=1e-12)


@pytest.mark.parametrize(
    ("function", "value", "near", "metres"),
    [
        (GROCERY, 0.75, 1000.0, 550.0),
        (GROCERY, 0.5, 100.0, 800.0),
        (GROCERY, 1.0, 900.0, 300.0),
        (GROCERY, 1.0, 120.0, 120.0),
        (GROCERY, 0.0, 1000.0, 1500.0),
        (GROCERY, 0.0, 1700.0, 1700.0),
        (GROCERY, 0.25, math.inf, 1150.0),
        (AWAY_FROM, 0.5, 0.0, 300.0),
        (NOT_TOO_NEAR, 0.65, 0.0, 100.0),
        (NOT_TOO_NEAR, 0.65, 5000.0, 2725.0),
        (NOT_TOO_NEAR, 0.65, math.inf, 2725.0),
        (NOT_TOO_NEAR, 1.0, 900.0, 900.0),
        (NOT_TOO_NEAR, 1.0, math.inf, 1500.0),
    ],
)
def test_the_inverse_is_the_nearest_measurement_with_the_value(
    function: PiecewiseLinear, value: float, near: float, metres: float
) -> None:
    assert function.inverse(value, near=near) == pytest.approx(metres)


def test_there_is_no_inverse_of_a_value_the_function_never_takes() -> None:
    assert math.isnan(NOT_TOO_NEAR.inverse(1.01, near=300))
    assert math.isnan(PiecewiseLinear(((0, 0.2), (9, 0.6))).inverse(0.1, near=3))
    assert math.isnan(GROCERY.inverse(0.5, near=math.nan))


@given(functions, distances, distances)
def test_the_inverse_has_the_value_and_nothing_nearer_does(
    function: PiecewiseLinear, target: float, near: float
) -> None:
    value = float(function(target))
    found = function.inverse(value, near=near)
    assume(not math.isnan(found))  # the last bit may put a value just outside the function's range
    assert function(found) == pytest.approx(value, abs=1e-9)
    assert abs(found - near) <= abs(target - near) + 1e-6
