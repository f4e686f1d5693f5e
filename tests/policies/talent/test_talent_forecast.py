"""What must still be worked for 70 %, and from when it cannot be reached (OT-6.3g)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from policies.engine.pack import Pack
from policies.talent.force_majeure import Loss
from policies.talent.forecast import OutlookFacts, cannot_be_reached_from, needs
from policies.talent.working_time import Due, Worked, WorkingTimeFacts, measured

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
QUARTERS = (
    Due(FIRST, date(2026, 3, 31), Decimal(100)),
    Due(date(2026, 4, 1), date(2026, 6, 30), Decimal(100)),
    Due(date(2026, 7, 1), date(2026, 9, 30), Decimal(100)),
    Due(date(2026, 10, 1), LAST, Decimal(100)),
)
WORKING = WorkingTimeFacts(
    unit="hours",
    first_day=FIRST,
    last_day=LAST,
    agreed=Decimal(400),
    until=date(2026, 7, 31),
    worked=(Worked("clinic", Decimal(150)),),
    schedule=QUARTERS,
)


def test_each_checkpoint_ahead_says_what_is_still_needed(talent: Pack) -> None:
    found = needs(OutlookFacts(WORKING), talent)

    assert [(each.day, int(each.agreed), int(each.needed)) for each in found] == [
        (date(2026, 9, 30), 300, 60),
        (LAST, 400, 130),
    ]
    assert [each.at for each in found] == ["quarter_end", "contract_end"]
    assert all(each.judged and not each.provisional for each in found)


def test_no_capacity_is_ever_assumed(talent: Pack) -> None:
    facts = OutlookFacts(WORKING)

    assert all(each.lost_from is None and not each.lost for each in needs(facts, talent))
    assert cannot_be_reached_from(facts, talent) is None
    assert "未登记最多可安排多少" in needs(facts, talent)[0].said.zh


def test_the_day_from_which_70_percent_cannot_be_reached_is_exact(talent: Pack) -> None:
    """Of 20 hours in any 7 days, 60 hours need three stretches, so 15 days: the last start is 16 September."""
    found = needs(OutlookFacts(WORKING, most=Decimal(20)), talent)

    assert found[0].lost_from == date(2026, 9, 17)
    assert not found[0].lost
    assert found[1].lost_from == date(2026, 11, 20)
    assert cannot_be_reached_from(OutlookFacts(WORKING, most=Decimal(20)), talent) == date(2026, 9, 17)


def test_what_is_out_of_reach_already_is_said(talent: Pack) -> None:
    found = needs(OutlookFacts(WORKING, most=Decimal(1)), talent)[0]

    assert (found.lost, found.lost_from) == (True, date(2026, 8, 1))
    assert "已不能达到" in found.said.zh
    assert needs(OutlookFacts(WORKING, most=Decimal(0)), talent)[0].lost


def test_without_a_need_nothing_can_be_lost(talent: Pack) -> None:
    done = replace(WORKING, worked=(Worked("clinic", Decimal(400)),))

    assert [each.needed for each in needs(OutlookFacts(done, most=Decimal(0)), talent)] == [0, 0]
    assert cannot_be_reached_from(OutlookFacts(done, most=Decimal(0)), talent) is None


def test_half_a_session_cannot_be_worked(talent: Pack) -> None:
    sessions = replace(WORKING, unit="sessions", worked=(Worked("clinic", Decimal("149.5")),))

    assert needs(OutlookFacts(sessions), talent)[0].needed == 61


def test_only_confirmed_force_majeure_lowers_what_is_needed_without_it(talent: Pack) -> None:
    lost = Loss(date(2026, 7, 10), date(2026, 7, 10), Decimal(10), "confirmed")
    confirmed = needs(OutlookFacts(replace(WORKING, losses=(lost,))), talent)[0]
    claimed = needs(OutlookFacts(replace(WORKING, losses=(replace(lost, state="claimed"),))), talent)[0]

    assert (int(confirmed.needed), int(confirmed.needed_adjusted)) == (60, 53)
    assert (int(claimed.needed), int(claimed.needed_adjusted)) == (60, 60)


def test_before_a_full_quarter_a_checkpoint_is_no_line_to_be_lost(talent: Pack) -> None:
    started = replace(WORKING, first_day=date(2026, 2, 10), schedule=(), until=date(2026, 3, 25), worked=())
    facts = OutlookFacts(started, most=Decimal(20))

    first, second = needs(facts, talent)[:2]
    assert (first.judged, first.lost, first.provisional) == (False, True, True)
    assert (second.judged, second.lost, second.lost_from) == (True, False, date(2026, 5, 20))
    assert cannot_be_reached_from(facts, talent) == date(2026, 5, 20)


def test_nothing_is_foretold_from_a_schedule_that_is_not_the_contracts(talent: Pack) -> None:
    assert needs(OutlookFacts(replace(WORKING, agreed=Decimal(1))), talent) == ()


@settings(deadline=None)
@given(
    worked=st.decimals(min_value=0, max_value=300, places=1),
    until=st.dates(FIRST, LAST - timedelta(days=1)),
    less=st.fractions(min_value=Fraction(1, 1000), max_value=10),
)
def test_what_is_needed_reaches_70_percent_and_anything_less_does_not(
    talent: Pack, worked: Decimal, until: date, less: Fraction
) -> None:
    facts = replace(WORKING, worked=(Worked("clinic", worked),), until=until)
    for need in needs(OutlookFacts(facts), talent):
        found = measured(replace(facts, until=need.day), talent)
        assert (found.worked + need.needed) * 100 >= 70 * need.agreed
        if need.needed:
            assert (found.worked + need.needed - less) * 100 < 70 * need.agreed


@settings(deadline=None)
@given(
    most=st.integers(1, 60),
    within=st.integers(1, 31),
    worked=st.integers(0, 300),
)
def test_work_from_the_last_possible_day_suffices_and_from_the_next_it_does_not(
    talent: Pack, most: int, within: int, worked: int
) -> None:
    """Compared with the plain count: `most` on the first day of every stretch, from a start until the checkpoint."""
    facts = replace(WORKING, worked=(Worked("clinic", Decimal(worked)),))
    for need in needs(OutlookFacts(facts, Decimal(most), within), talent):
        if not need.needed:
            assert need.lost_from is None
            continue
        assert need.lost_from is not None
        assert delivered(need.lost_from, need.day, most, within) < need.needed
        if not need.lost:
            assert delivered(need.lost_from - timedelta(days=1), need.day, most, within) >= need.needed


def delivered(start: date, end: date, most: int, within: int) -> int:
    return sum(most for number in range(0, (end - start).days + 1, within)) if start <= end else 0
