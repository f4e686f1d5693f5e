"""Which days count: the pack's table for each of the two clocks (DQ-3.2.1b, COR-13, DEF-21)."""

from datetime import date

import pytest

from policies.days import (
    KINDS,
    Clock,
    DayFacts,
    DayKind,
    Recorded,
    Span,
    Stretch,
    contradicts,
    day_weighs,
    left_to_attendance,
    stretches,
    table,
    weight_of,
)
from policies.engine.pack import Pack

A = "ask"
# Written from COR-13 and our defaults, not read from the pack: site, accumulated.
TABLE = {
    "on_post": ("counts", "counts"),
    "annual": ("counts", "counts"),
    "official": ("counts", "counts"),
    "sick": ("pauses", "pauses"),
    "personal": ("pauses", "pauses"),
    "bereavement": ("pauses", "pauses"),
    "maternity": (A, A),
    "disaster_duty": (A, "counts"),
    "recall": ("pauses", "pauses"),
    "force_majeure": (A, A),
    "rest_day": ("counts", "counts"),
    "off_post": ("unexplained", "unexplained"),
}


def test_the_table_is_the_reviewed_one(pack: Pack) -> None:
    assert dict(table(pack)) == TABLE
    assert set(TABLE) == set(KINDS)


@pytest.mark.parametrize("clock", ["site", "accumulated"])
@pytest.mark.parametrize("kind", ["sick", "official", "annual", "recall", "force_majeure"])
def test_thirty_days_of_one_type_are_weighed_by_people(pack: Pack, kind: DayKind, clock: Clock) -> None:
    finding = day_weighs(DayFacts(kind, clock, 30), pack)
    assert (finding.outcome, finding.effect, finding.basis) == (None, "ask", "default")
    assert [each.outcome for each in finding.readings] == ["counts", "pauses", "restarts"]
    assert "DEF-21" in finding.defaults


@pytest.mark.parametrize(
    ("kind", "outcome"), [("on_post", "counts"), ("rest_day", "counts"), ("off_post", "unexplained")]
)
def test_nobody_is_asked_about_ordinary_days_nor_about_unexplained_ones(
    pack: Pack, kind: DayKind, outcome: str
) -> None:
    assert day_weighs(DayFacts(kind, "site", 60), pack).outcome == outcome


def test_an_unexplained_day_has_no_consequence_before_people_have_confirmed_it(pack: Pack) -> None:
    """DQ-3.2.2d never from missing clock data."""
    finding = day_weighs(DayFacts("off_post", "site"), pack)
    assert (finding.rule_ids[0], finding.effect) == ("DQ-3.2.2d", "warn")


@pytest.mark.parametrize(
    ("answer", "site", "accumulated"),
    [("", "", ""), ("counts", "counts", "counts"), ("pauses", "pauses", "pauses"), ("restarts", "restarts", "pauses")],
)
def test_an_answer_goes_to_every_clock_that_the_table_leaves_open(
    pack: Pack, answer: str, site: str, accumulated: str
) -> None:
    found = weight_of("force_majeure", 1, pack, answer=answer)
    assert (found.site, found.accumulated) == (site, accumulated)
    assert weight_of("disaster_duty", 1, pack, answer="restarts").accumulated == "counts"
    assert weight_of("sick", 1, pack, answer="restarts").site == "pauses"


def day(number: int, morning: DayKind, afternoon: DayKind | None = None) -> Recorded:
    return Recorded(date(2026, 3, number), morning, afternoon or morning)


def weekend(when: date) -> bool:
    return when.weekday() > 4


def test_rest_days_do_not_break_a_stretch_and_are_none_of_its_days() -> None:
    days = [day(6, "sick"), day(7, "rest_day"), day(9, "sick", "on_post"), day(10, "on_post"), day(11, "sick")]
    assert stretches(days, weekend) == (
        Stretch("sick", date(2026, 3, 6), date(2026, 3, 9), 3),
        Stretch("sick", date(2026, 3, 11), date(2026, 3, 11), 2),
    )


def test_a_working_day_without_a_record_breaks_a_stretch() -> None:
    assert len(stretches([day(9, "recall"), day(11, "recall")], weekend)) == 2


def test_two_types_on_one_day_are_two_stretches_of_half_a_day() -> None:
    found = stretches([day(9, "sick", "recall")], weekend)
    assert [(one.kind, one.halves) for one in found] == [("recall", 1), ("sick", 1)]


def test_approved_leave_and_judged_absence_are_stronger_than_attendance() -> None:
    days = [day(9, "sick"), day(10, "off_post"), day(11, "on_post")]
    leave = Span(date(2026, 3, 9), date(2026, 3, 10), "annual")
    assert left_to_attendance(days, [leave]) == (days[2],)


@pytest.mark.parametrize(
    ("recorded", "kind", "found"),
    [
        (day(9, "sick"), "sick", False),
        (day(9, "rest_day"), "sick", False),
        (day(9, "on_post"), "sick", True),
        (day(9, "sick", "on_post"), "sick", True),
        (day(9, "off_post"), "off_post", False),
        (day(9, "on_post"), "off_post", True),
        (day(12, "on_post"), "sick", False),
    ],
)
def test_what_contradicts_a_leave_or_an_absence_is_found(recorded: Recorded, kind: str, *, found: bool) -> None:
    assert contradicts(recorded, Span(date(2026, 3, 9), date(2026, 3, 10), kind)) is found
