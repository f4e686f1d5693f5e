"""OT-6.1c, DEF-17: the quarters of a contract."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.engine.dates import term_last_day
from policies.engine.pack import Pack
from policies.talent.quarters import checkpoints, quarter_end, quarters


def test_def_17_a_contract_of_three_years_is_summed_up_twelve_times(talent: Pack) -> None:
    found = quarters(date(2026, 3, 1), date(2029, 2, 28), talent)

    assert len(found) == 12
    assert [each.last_day for each in found[:4]] == [
        date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30), date(2026, 12, 31),
    ]  # fmt: skip
    assert not any(each.merged for each in found)


@pytest.mark.parametrize(("first", "merged"), [(date(2026, 3, 2), False), (date(2026, 3, 3), True)])
def test_ot_6_1c_a_first_quarter_of_less_than_30_days_joins_the_next(
    talent: Pack, first: date, *, merged: bool
) -> None:
    found = quarters(first, date(2026, 12, 31), talent)

    assert (found[0].first_day, found[0].merged) == (first, merged)
    assert found[0].last_day == (date(2026, 6, 30) if merged else date(2026, 3, 31))


def test_a_short_first_quarter_that_no_other_follows_is_summed_up_all_the_same(talent: Pack) -> None:
    assert [each.merged for each in quarters(date(2026, 3, 20), date(2026, 5, 1), talent)] == [False]


def test_g_2_checkpoints_are_judged_from_the_end_of_the_first_full_quarter(talent: Pack) -> None:
    found = checkpoints(date(2026, 2, 10), date(2027, 2, 9), talent)

    assert [(each.day, each.at, each.after_full_quarter) for each in found] == [
        (date(2026, 3, 31), "quarter_end", False),
        (date(2026, 6, 30), "quarter_end", True),
        (date(2026, 9, 30), "quarter_end", True),
        (date(2026, 12, 31), "year_end", True),
        (date(2027, 2, 9), "contract_end", True),
    ]
    assert checkpoints(date(2026, 1, 1), date(2026, 3, 31), talent)[0].after_full_quarter


@settings(deadline=None)
@given(first=st.dates(date(2024, 1, 1), date(2032, 1, 1)), months=st.integers(6, 36))
def test_quarters_follow_each_other_without_a_gap_and_end_on_calendar_quarters(
    talent: Pack, first: date, months: int
) -> None:
    last = term_last_day(first, months)
    found = quarters(first, last, talent)

    assert found[0].first_day == first
    assert all(each.last_day == quarter_end(each.last_day, talent) <= last for each in found)
    assert all(one.last_day + timedelta(days=1) == two.first_day for one, two in pairwise(found))
    assert checkpoints(first, last, talent)[-1].day == last
    assert any(each.after_full_quarter for each in checkpoints(first, last, talent))
