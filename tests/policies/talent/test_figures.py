"""DEF-03: shown with two decimals, never on the wrong side of a line."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.talent.figures import amount, percent, shown


@pytest.mark.parametrize(
    ("figure", "written"),
    [
        (Fraction(3000, 43), "69.77"),
        (Fraction(69996, 1000), "69.99"),
        (Fraction(15001, 1000), "15.01"),
        (Fraction(70), "70.00"),
        (Fraction(-1, 1000), "-0.01"),
        (None, "—"),
    ],
)
def test_a_figure_is_written_with_two_decimals(figure: Fraction | None, written: str) -> None:
    assert shown(figure) == written


@settings(deadline=None)
@given(st.fractions(min_value=-200, max_value=300), st.integers(-200, 300))
def test_no_figure_is_written_on_the_other_side_of_a_whole_number(figure: Fraction, line: int) -> None:
    assert (Fraction(shown(figure)) < line) == (figure < line)
    assert (Fraction(shown(figure)) > line) == (figure > line)


def test_nothing_is_a_share_of_nothing() -> None:
    assert percent(1, 0) is None
    assert (amount(Fraction(3)), amount(Fraction(7, 2))) == ("3", "3.50")
