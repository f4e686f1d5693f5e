"""COR-20: the days of a public notice, on a calendar with its holidays and make-up days."""

from datetime import date

import pytest

from policies.engine.calendar import Day, Source, WorkingCalendar, inferred_day
from policies.engine.pack import Pack
from policies.public_notice import earliest_end, notice_is_kept, notice_of

MET = date(2026, 9, 29)
# Of this week only Sunday 27 September (made up) and Monday to Wednesday are worked; 1 to 7 October are not.
REST = {date(2026, 10, day) for day in range(1, 9)}


def day_of(day: date) -> Day:
    if day in REST:
        return Day(day, working=False, source=Source.OFFICIAL)
    return Day(day, working=True, source=Source.OFFICIAL) if day == date(2026, 10, 10) else inferred_day(day)


CALENDAR = WorkingCalendar(day_of)


def outcome(pack: Pack, first: date, last: date, today: date) -> str | None:
    facts = notice_of(first, last, met_on=MET, today=today, calendar=CALENDAR)
    finding = notice_is_kept(facts, pack)
    assert finding.effect == ("allow" if finding.outcome == "kept" else "block")
    assert finding.defaults == ("COR-20",)
    return finding.outcome


@pytest.mark.parametrize(
    ("first", "last", "today", "found"),
    [
        # Two days before the holidays, Friday, the made-up Saturday, Monday: five, over the golden week.
        (date(2026, 9, 29), date(2026, 10, 12), date(2026, 10, 13), "kept"),
        (date(2026, 9, 29), date(2026, 10, 11), date(2026, 10, 13), "too_short"),
        (date(2026, 9, 29), date(2026, 10, 12), date(2026, 10, 12), "not_over"),
        (date(2026, 9, 28), date(2026, 10, 20), date(2026, 10, 21), "before_meeting"),
        (date(2026, 10, 12), date(2026, 10, 11), date(2026, 10, 21), "backwards"),
    ],
)
def test_cor_20_a_notice_hangs_out_after_the_meeting_for_five_working_days_and_to_its_end(
    pack: Pack, first: date, last: date, today: date, found: str
) -> None:
    assert outcome(pack, first, last, today) == found


def test_cor_20_the_day_that_is_named_as_the_end_is_the_first_that_is_enough(pack: Pack) -> None:
    last = earliest_end(MET, 5, CALENDAR)
    assert last == date(2026, 10, 12)
    assert outcome(pack, MET, last, date(2026, 10, 20)) == "kept"
    # A notice that begins on a rest day begins to count on the next working day.
    assert earliest_end(date(2026, 10, 3), 5, CALENDAR) == date(2026, 10, 14)


def test_days_before_our_era_of_counting_cost_nothing(pack: Pack) -> None:
    assert outcome(pack, date.min, date.max, date(2026, 10, 13)) == "before_meeting"
    assert outcome(pack, MET, date.max, date(2026, 10, 13)) == "not_over"
