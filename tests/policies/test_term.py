"""DQ-3.2.1a to c: release, the two clocks, practice filing."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from policies.engine.pack import Pack
from policies.term import (
    Activity,
    Away,
    Missed,
    PracticeFacts,
    ReleaseFacts,
    TermFacts,
    practice_is_filed,
    release_is_open,
    served_at_site,
    site_months_end,
    term_is_met,
)
from policies.vocabulary import SENT_DOWN, TRAINEE

HALF_YEAR = TermFacts(date(2026, 3, 1), date(2026, 8, 31))


def _clinics(*half_days: int) -> tuple[Activity, ...]:
    return tuple(Activity(f"R{at}", "义诊", date(2026, 9, 1 + at), each) for at, each in enumerate(half_days))


def test_as_18_an_accumulated_half_certified_as_not_met_keeps_the_term_open(pack: Pack) -> None:
    finding = term_is_met(replace(HALF_YEAR, accumulated_certified="no"), pack)

    assert (finding.outcome, finding.effect) == ("not_met", "block")


def test_as_19_twelve_months_on_one_site_meet_the_term_without_any_activity(pack: Pack) -> None:
    finding = term_is_met(TermFacts(date(2026, 3, 1), date(2027, 2, 28)), pack)

    assert (finding.outcome, finding.figures["site_months"], finding.figures["half_days"]) == ("met", 12, 0)


def test_as_19_a_day_less_than_twelve_months_on_site_is_not_enough_alone(pack: Pack) -> None:
    assert term_is_met(TermFacts(date(2026, 3, 1), date(2027, 2, 27)), pack).effect == "ask"


def test_six_months_on_site_end_with_their_last_day(pack: Pack) -> None:
    certified = replace(HALF_YEAR, accumulated_certified="yes")

    assert term_is_met(certified, pack).outcome == "met"
    assert term_is_met(replace(certified, site_last_day=date(2026, 8, 30)), pack).outcome == "not_met"


def test_def_22_days_are_not_turned_into_months_until_the_bureau_confirms(pack: Pack) -> None:
    finding = term_is_met(replace(HALF_YEAR, activities=_clinics(200, 200)), pack)

    assert (finding.outcome, finding.effect, finding.figures["half_days"]) == (None, "ask", 400)
    assert "DEF-22" in finding.defaults
    assert "accumulated_days_for_six_months" not in str(finding.inputs)


@pytest.mark.parametrize(("half_days", "outcome"), [(247, "not_met"), (248, "met")])
def test_def_22_once_confirmed_124_days_are_six_months(pack: Pack, half_days: int, outcome: str) -> None:
    number = replace(pack.parameters["accumulated_days_for_six_months"], active=True)
    confirmed = replace(pack, parameters=pack.parameters | {number.name: number})

    assert term_is_met(replace(HALF_YEAR, activities=_clinics(half_days)), confirmed).outcome == outcome


def test_one_activity_is_not_credited_twice(pack: Pack) -> None:
    once = _clinics(2)

    assert term_is_met(replace(HALF_YEAR, activities=once + once), pack).outcome == "credited_twice"


def test_another_form_of_service_needs_the_group(pack: Pack) -> None:
    lecture = Activity("R1", "线上讲座", date(2026, 9, 1), 1)

    asked = term_is_met(replace(HALF_YEAR, activities=(lecture,)), pack)
    approved = replace(HALF_YEAR, activities=(replace(lecture, group_approved=True),), accumulated_certified="yes")

    assert asked.figures["doubtful"] == ("R1",)
    assert term_is_met(approved, pack).outcome == "met"


@pytest.mark.parametrize(("last", "asked_about_span"), [(date(2029, 9, 1), False), (date(2029, 9, 2), True)])
def test_more_than_three_years_of_accumulation_are_asked(pack: Pack, last: date, *, asked_about_span: bool) -> None:
    activities = (Activity("R1", "义诊", date(2026, 9, 1), 1), Activity("R2", "义诊", last, 1))

    finding = term_is_met(replace(HALF_YEAR, activities=activities), pack)

    assert ("accumulation_asks_after_years" in str(finding.inputs)) is asked_about_span


def test_def_21_an_unanswered_interruption_is_asked(pack: Pack) -> None:
    finding = term_is_met(replace(HALF_YEAR, site_interrupted=True, accumulated_certified="yes"), pack)

    assert {reading.outcome for reading in finding.readings} == {"suspended", "restart"}


def test_as_21_half_release_is_refused_to_trainees(pack: Pack) -> None:
    finding = release_is_open(ReleaseFacts(TRAINEE, "half"), pack)

    assert (finding.outcome, finding.effect, finding.basis) == ("refused", "block", "text")
    assert "实行全脱产轮训" in finding.quote


def test_half_release_is_open_to_staff_sent_down_and_flagged(pack: Pack) -> None:
    assert release_is_open(ReleaseFacts(SENT_DOWN, "half"), pack).effect == "warn"
    assert release_is_open(ReleaseFacts(SENT_DOWN, "full"), pack).effect == "allow"
    assert release_is_open(ReleaseFacts(TRAINEE, "full"), pack).effect == "allow"


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        (PracticeFacts(), "not_filed"),
        (PracticeFacts(number="备2026-1"), "filed"),
        (PracticeFacts(filed_on=date(2026, 2, 1)), "not_filed"),
        (PracticeFacts(filed_on=date(2026, 2, 1), evidence="scan-1"), "filed"),
        (PracticeFacts(exempt_basis="医联体内执业"), "filed"),
        (PracticeFacts(number="  "), "not_filed"),
    ],
)
def test_cor_22_a_number_a_dated_filing_or_an_exemption_opens_the_start(
    pack: Pack, facts: PracticeFacts, outcome: str
) -> None:
    assert practice_is_filed(facts, pack).outcome == outcome


def test_leave_and_confirmed_absence_move_the_end_of_the_months_at_the_site(pack: Pack) -> None:
    leaves = [
        Away(date(2026, 3, 2), date(2026, 3, 6), "pauses"),
        Away(date(2026, 4, 1), date(2026, 4, 3), "counts"),
    ]
    missed = [Missed(date(2026, 5, 6), Decimal("0.5"))]
    facts = served_at_site(date(2026, 3, 1), date(2026, 8, 31), leaves=leaves, absences=missed)
    assert (facts.site_paused_days, facts.site_interrupted) == (6, False)
    assert site_months_end(facts, pack) == date(2026, 9, 6)
    assert term_is_met(facts, pack).outcome == "not_met"
    enough = served_at_site(date(2026, 3, 1), date(2026, 9, 6), leaves=leaves, absences=missed, certified="yes")
    assert term_is_met(enough, pack).outcome == "met"


def test_months_that_start_again_forget_what_lies_before_them_and_an_open_leave_asks(pack: Pack) -> None:
    again = Away(date(2026, 4, 1), date(2026, 4, 30), "restarts")
    before = [Away(date(2026, 3, 2), date(2026, 3, 6), "pauses"), again]
    facts = served_at_site(
        date(2026, 3, 1), date(2026, 6, 30), leaves=before, absences=[Missed(date(2026, 3, 9), Decimal(1))]
    )
    assert (facts.site_first_day, facts.site_paused_days) == (date(2026, 5, 1), 0)
    waits = served_at_site(date(2026, 3, 1), date(2026, 6, 30), leaves=[Away(*_DAYS, "")], absences=[])
    assert term_is_met(waits, pack).ask is not None
    not_yet = served_at_site(date(2026, 3, 1), date(2026, 3, 31), leaves=[Away(*_DAYS, "")], absences=[])
    assert not not_yet.site_interrupted


def test_exc_09_a_day_that_pauses_for_two_reasons_moves_the_end_once() -> None:
    leave = Away(date(2026, 4, 1), date(2026, 4, 10), "pauses")
    stood = Away(date(2026, 4, 6), date(2026, 4, 20), "pauses")
    missed = [Missed(date(2026, 4, 8), Decimal(1)), Missed(date(2026, 5, 6), Decimal(1))]
    facts = served_at_site(date(2026, 3, 1), date(2026, 4, 15), leaves=[leave, stood], absences=missed[:1])
    assert facts.site_paused_days == 15
    assert (
        served_at_site(date(2026, 3, 1), date(2026, 8, 31), leaves=[leave, stood], absences=missed).site_paused_days
        == 21
    )
    cut = Away(date(2026, 2, 20), date(2026, 3, 2), "pauses")
    assert served_at_site(date(2026, 3, 1), date(2026, 8, 31), leaves=[cut], absences=[]).site_paused_days == 2


_DAYS = (date(2026, 4, 1), date(2026, 4, 2))


def test_def_08_days_before_a_restart_count_for_no_clock_and_are_kept_for_people() -> None:
    leave = [
        Away(date(2026, 3, 10), date(2026, 3, 11), "pauses"),
        Away(date(2026, 4, 1), date(2026, 5, 10), "restarts"),
        Away(date(2026, 6, 1), date(2026, 6, 2), "pauses"),
    ]
    missed = [Missed(date(2026, 3, 20), Decimal("0.5")), Missed(date(2026, 4, 5), Decimal(1))]
    facts = served_at_site(date(2026, 3, 1), date(2026, 6, 30), leaves=leave, absences=missed)

    assert (facts.site_first_day, facts.site_paused_days) == (date(2026, 5, 11), 2)
    assert facts.before_days == 31 - 2 - 1, "March without leave and the absence; April is leave that started it again"
    assert facts.site_days == 28 + 51 - 2
    assert served_at_site(date(2026, 3, 1), date(2026, 6, 30), leaves=leave[:1], absences=missed).before_days == 0


def test_def_08_short_of_the_conversion_days_before_a_restart_are_asked_about_and_never_lost(pack: Pack) -> None:
    number = replace(pack.parameters["accumulated_days_for_six_months"], active=True)
    confirmed = replace(pack, parameters=pack.parameters | {number.name: number})
    short = replace(HALF_YEAR, activities=_clinics(100))
    restarted = replace(short, before_days=90)

    assert term_is_met(short, confirmed).outcome == "not_met"
    asked = term_is_met(restarted, confirmed)
    assert (asked.outcome, asked.effect, asked.figures["before_days"]) == (None, "ask", 90)
    assert "90" in asked.explanation.zh
    unconfirmed = term_is_met(restarted, pack)
    assert (unconfirmed.effect, "90" in unconfirmed.explanation.zh) == ("ask", True)
    assert term_is_met(replace(restarted, activities=_clinics(248)), confirmed).outcome == "met"
