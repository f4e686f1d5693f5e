"""Grounds, the clock of the application, and the three ends (OT-6.2b, OT-6.3a to k; G-1, G-3, G-5, G-10)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.engine.calendar import CHINA, Basis, Day, Source, WorkingCalendar, inferred_day
from policies.engine.finding import Finding
from policies.engine.ladder import instants
from policies.engine.pack import Pack
from policies.talent.application import (
    ApplicationFacts,
    Counts,
    Ground,
    LearningFacts,
    application_is_in_time,
    application_of,
    clock_of,
    learning_day,
)
from policies.talent.ending import (
    Cause,
    GroundFacts,
    Party,
    RescissionFacts,
    ground_stands,
    rescission_stands,
)
from policies.talent.ends import STEPS, EndFacts, Kind, Review, end_stands

LEARNED = date(2026, 10, 15)
CALENDAR = WorkingCalendar(lambda day: replace(inferred_day(day), source=Source.OFFICIAL))


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA).astimezone(UTC)


def filed(received: str | None, *, learned: date = LEARNED, now: str = "2027-03-01 09:00", pack: Pack) -> str | None:
    clock = clock_of(learned, CALENDAR, pack)
    facts = application_of(clock, CALENDAR, now=local(now), received=local(received) if received else None)
    return application_is_in_time(facts, pack).outcome


def test_as_40_the_clock_runs_from_the_notice_and_not_from_the_confirmation(talent: Pack) -> None:
    finding = learning_day(LearningFacts("working_time", date(2026, 10, 15), date(2026, 11, 2)), talent)

    assert finding.outcome == "running"
    assert finding.figures["learned_on"] == date(2026, 10, 15)
    assert finding.figures["last_day"] == date(2027, 1, 15)


def test_what_the_employer_records_counts_where_it_is_earlier(talent: Pack) -> None:
    finding = learning_day(LearningFacts("working_time", date(2026, 10, 15), date(2026, 10, 1)), talent)

    assert finding.figures["learned_on"] == date(2026, 10, 1)


@pytest.mark.parametrize("ground", ["support", "behind", "other"])
def test_other_grounds_count_from_the_employers_own_record_and_no_notice(talent: Pack, ground: Ground) -> None:
    unknown = learning_day(LearningFacts(ground, first_notice=LEARNED), talent)
    known = learning_day(LearningFacts(ground, first_notice=LEARNED, own_record=date(2026, 11, 30)), talent)

    assert (unknown.outcome, unknown.effect) == (None, "ask")
    assert (known.figures["learned_on"], known.figures["last_day"]) == (date(2026, 11, 30), date(2027, 2, 28))


def test_g_5_the_deadline_is_provisional_while_the_commission_is_asked_and_cancelled_by_its_no(talent: Pack) -> None:
    asked = LearningFacts("working_time", LEARNED, question="open")

    assert learning_day(asked, talent).outcome == "provisional"
    assert learning_day(asked, talent).figures["last_day"] == date(2027, 1, 15)
    assert learning_day(replace(asked, question="ground"), talent).outcome == "running"
    assert learning_day(replace(asked, question="no_ground"), talent).outcome == "cancelled"
    assert learning_day(replace(asked, question="", dismissed=True), talent).outcome == "cancelled"


def test_as_48_on_the_last_second_in_time_and_at_midnight_late(talent: Pack) -> None:
    assert filed("2027-01-15 23:59", pack=talent) == "in_time"
    assert filed("2027-01-15 23:59:59.999999", pack=talent) == "in_time"
    assert filed("2027-01-16 00:00", pack=talent) == "late"


def test_as_48_late_is_accepted_and_marked(talent: Pack) -> None:
    clock = clock_of(LEARNED, CALENDAR, talent)
    facts = application_of(clock, CALENDAR, now=local("2027-01-16 09:00"), received=local("2027-01-16 00:00"))

    finding = application_is_in_time(facts, talent)

    assert (finding.outcome, finding.effect) == ("late", "warn")
    assert "照常受理" in finding.explanation.zh


def test_as_50_three_months_without_an_application_end_nothing(talent: Pack) -> None:
    facts = ApplicationFacts(LEARNED, date(2027, 1, 16), date(2027, 1, 15), date(2027, 1, 15))

    finding = application_is_in_time(facts, talent)

    assert (finding.outcome, finding.effect) == ("overdue", "warn")
    assert "不自动终止" in finding.explanation.zh
    assert end_stands(EndFacts("termination", decided=True), talent).outcome == "proposed"


def test_cor_16_after_a_rest_day_late_is_said_only_behind_the_next_working_day(talent: Pack) -> None:
    """Learned on 17 October 2026: the last day, 17 January 2027, is a Sunday."""
    learned = date(2026, 10, 17)
    clock = clock_of(learned, CALENDAR, talent)

    assert (clock.last_day, clock.recommended_latest, clock.late_after) == (
        date(2027, 1, 17),
        date(2027, 1, 15),
        date(2027, 1, 18),
    )
    assert filed("2027-01-17 23:59", learned=learned, pack=talent) == "in_time"
    assert filed("2027-01-18 12:00", learned=learned, pack=talent) is None
    assert filed("2027-01-19 00:00", learned=learned, pack=talent) == "late"
    assert filed(None, learned=learned, now="2027-01-18 12:00", pack=talent) is None
    assert filed(None, learned=learned, now="2027-01-19 00:00", pack=talent) == "overdue"
    assert filed(None, learned=learned, now="2027-01-17 12:00", pack=talent) == "open"


def on_paper(stated: date, recorded: date, pack: Pack, counts: Counts = "") -> Finding:
    clock = clock_of(LEARNED, CALENDAR, pack)
    days = (clock.recommended_latest, clock.late_after)
    facts = ApplicationFacts(LEARNED, recorded, *days, received_on=stated, recorded_on=recorded, counts=counts)
    return application_is_in_time(facts, pack)


def test_cor_04_a_paper_of_two_days_on_both_sides_of_the_deadline_is_for_the_commission(talent: Pack) -> None:
    stated, recorded = date(2027, 1, 15), date(2027, 1, 16)
    finding = on_paper(stated, recorded, talent)

    assert (finding.outcome, finding.effect) == (None, "ask")
    assert (finding.figures["stated"], finding.figures["recorded"]) == (stated, recorded)
    assert [each.outcome for each in finding.readings] == ["stated", "recorded"]
    assert on_paper(stated, recorded, talent, "stated").outcome == "in_time"
    assert on_paper(stated, recorded, talent, "recorded").outcome == "late"


@pytest.mark.parametrize(
    ("stated", "recorded", "outcome"),
    [
        (date(2027, 1, 10), date(2027, 1, 15), "in_time"),
        (date(2027, 1, 16), date(2027, 1, 20), "late"),
    ],
)
def test_cor_04_a_paper_whose_days_say_the_same_asks_nobody(
    talent: Pack, stated: date, recorded: date, outcome: str
) -> None:
    assert on_paper(stated, recorded, talent).outcome == outcome


def test_cor_16_both_readings_go_to_legal(talent: Pack) -> None:
    facts = ApplicationFacts(
        date(2026, 10, 17), date(2027, 1, 18), date(2027, 1, 15), date(2027, 1, 18), date(2027, 1, 18)
    )
    finding = application_is_in_time(facts, talent)

    assert [each.outcome for each in finding.readings] == ["in_time", "late"]
    assert finding.ask is not None
    assert "法务" in finding.ask.zh


def test_the_days_of_the_clock(talent: Pack) -> None:
    clock = clock_of(LEARNED, CALENDAR, talent)

    assert clock.target == date(2026, 11, 13)
    assert clock.confirm_by == date(2026, 11, 5)
    assert clock.basis is Basis.OFFICIAL
    assert clock_of(LEARNED, WorkingCalendar(inferred_day), talent).basis is Basis.PROVISIONAL


def test_def_04_a_deadline_ends_on_the_last_day_of_a_shorter_month(talent: Pack) -> None:
    assert clock_of(date(2026, 11, 30), CALENDAR, talent).last_day == date(2027, 2, 28)


def test_reminders_come_after_30_60_75_and_85_days_and_on_the_last_three_working_days(talent: Pack) -> None:
    clock = clock_of(LEARNED, CALENDAR, talent)
    timed = instants(
        talent.ladders["application"],
        CALENDAR.deadline_on(clock.last_day),
        CALENDAR,
        opened_at=local("2026-10-15 10:00"),
        refs={"learned_on": LEARNED.isoformat()},
    )
    days = {each.name: CALENDAR.local_day(each.at) for each in timed}

    after = {f"day_{number}": LEARNED + timedelta(days=number) for number in (30, 60, 75, 85)}
    assert {name: days[name] for name in after} == {
        name: CALENDAR.recommended_latest(day) for name, day in after.items()
    }
    assert [days[name] for name in ("last_3", "last_2", "due")] == [
        date(2027, 1, 13),
        date(2027, 1, 14),
        date(2027, 1, 15),
    ]
    escalated = next(each for each in timed if each.kind == "escalation")
    assert (CALENDAR.local_day(escalated.at), "superior" in escalated.to) == (date(2027, 1, 18), True)


@settings(deadline=None)
@given(learned=st.dates(date(2026, 1, 1), date(2029, 1, 1)), days=st.integers(0, 120), rest=st.integers(0, 6))
def test_every_day_is_in_time_late_or_for_legal_and_never_goes_back(
    talent: Pack, learned: date, days: int, rest: int
) -> None:
    """With any day of the week as the rest day: in time up to the last day, late after the day that is not one."""
    calendar = WorkingCalendar(lambda day: Day(day, day.weekday() != rest, Source.OFFICIAL))
    clock = clock_of(learned, calendar, talent)
    day = learned + timedelta(days=days)
    facts = ApplicationFacts(learned, day, clock.recommended_latest, clock.late_after, day)
    outcome = application_is_in_time(facts, talent).outcome

    assert clock.recommended_latest <= clock.last_day <= clock.late_after
    assert (outcome == "in_time") == (day <= clock.last_day)
    assert (outcome == "late") == (day > clock.late_after)


STANDS = GroundFacts("working_time", "system", "ground_to_confirm", "confirmed", "employer", "出勤记录已核对")


def test_a_ground_stands_by_the_employers_word_and_proposes_only(talent: Pack) -> None:
    finding = ground_stands(STANDS, talent)

    assert (finding.outcome, finding.effect) == ("to_be_proposed", "warn")
    assert finding.figures["consent_needed"] is True
    assert finding.rule_ids == ("OT-6.3g", "OT-6.3k")


def test_the_employer_may_find_no_ground_and_gives_its_reason(talent: Pack) -> None:
    denied = replace(STANDS, answer="no_ground")

    assert ground_stands(denied, talent).outcome == "no_ground"
    assert "旗卫健委可见" in ground_stands(denied, talent).explanation.zh
    assert ground_stands(replace(denied, reason=" "), talent).outcome == "reason_missing"
    assert ground_stands(replace(denied, answered_by="expert"), talent).outcome == "not_the_employer"


def test_a_ground_that_nobody_has_confirmed_is_asked(talent: Pack) -> None:
    finding = ground_stands(replace(STANDS, answer=""), talent)

    assert (finding.outcome, [each.outcome for each in finding.readings]) == (None, ["to_be_proposed", "no_ground"])


def test_g_5_while_the_commission_is_asked_the_ground_is_open(talent: Pack) -> None:
    assert ground_stands(replace(STANDS, figure="open"), talent).outcome is None


def test_a_correction_that_lifts_the_ratio_is_said_beside_what_was_confirmed(talent: Pack) -> None:
    finding = ground_stands(replace(STANDS, figure="no_ground"), talent)

    assert finding.outcome == "no_longer"
    assert "均保留" in finding.explanation.zh
    assert ground_stands(replace(STANDS, figure="no_ground", answer=""), talent).outcome == "no_ground"


@pytest.mark.parametrize("ground", ["support", "behind", "other"])
def test_no_other_ground_comes_from_the_system(talent: Pack, ground: Ground) -> None:
    by_system = replace(STANDS, ground=ground)

    assert ground_stands(by_system, talent).outcome == "not_by_system"
    assert ground_stands(replace(by_system, raised_by="expert"), talent).outcome == "to_be_proposed"


def test_failing_support_is_the_employers_fault(talent: Pack) -> None:
    finding = ground_stands(replace(STANDS, ground="support", raised_by="expert"), talent)

    assert finding.figures["fault_of_employer"] is True
    assert "PD" in finding.defaults
    assert ground_stands(STANDS, talent).figures["fault_of_employer"] is False


def test_nothing_is_terminated_after_the_term(talent: Pack) -> None:
    finding = ground_stands(replace(STANDS, ground="other", raised_by="employer", after_expiry=True), talent)

    assert (finding.outcome, finding.readings[0].outcome) == (None, "recorded")


VERIFIED = RescissionFacts("falsification", "employer", "verified", "employer", heard=True)


@pytest.mark.parametrize("cause", get_args(Cause))
def test_as_52_g_3_the_system_starts_no_rescission(talent: Pack, cause: Cause) -> None:
    """Not even with everything else in place; an unqualified year is put to the employer as a question."""
    everything = replace(VERIFIED, decision="rescind", decided_by="employer", reason="理由")

    finding = rescission_stands(replace(everything, cause=cause, raised_by="system"), talent)

    assert finding.outcome == (None if cause == "unqualified" else "not_by_system")


def test_as_65_an_unqualified_year_asks_whether_an_inquiry_is_opened(talent: Pack) -> None:
    finding = rescission_stands(RescissionFacts("unqualified", "system"), talent)

    assert (finding.outcome, [each.outcome for each in finding.readings]) == (None, ["inquiry", "none"])
    assert finding.rule_ids[0] == "OT-6.3e"


def test_as_53_verified_falsification_is_for_the_employer_to_decide_and_filed_without_consent(talent: Pack) -> None:
    asked = rescission_stands(VERIFIED, talent)
    decided = replace(VERIFIED, decision="rescind", decided_by="employer", reason="查实")

    assert (asked.outcome, asked.effect) == (None, "ask")
    finding = rescission_stands(decided, talent)
    assert (finding.outcome, finding.figures["consent_needed"]) == ("rescinded", False)
    assert "停止待遇和追究责任由人员办理" in finding.explanation.zh


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        (replace(VERIFIED, verified=""), None),
        (replace(VERIFIED, verified_by="commission"), "not_the_employer"),
        (replace(VERIFIED, verified="not_established"), "not_established"),
        (replace(VERIFIED, heard=False), "expert_to_be_heard"),
        (replace(VERIFIED, heard=False, decision="rescind", decided_by="employer", reason="x"), "expert_to_be_heard"),
        (replace(VERIFIED, decision="rescind", decided_by="commission", reason="x"), "not_the_employer"),
        (replace(VERIFIED, decision="rescind", decided_by="employer"), "reason_missing"),
        (replace(VERIFIED, decision="do_not_rescind", decided_by="employer", reason="x"), "not_rescinded"),
    ],
)
def test_a_rescission_is_verified_heard_and_decided_by_people(
    talent: Pack, facts: RescissionFacts, outcome: str | None
) -> None:
    assert rescission_stands(facts, talent).outcome == outcome


def test_g_10_three_ends_have_three_different_tasks(talent: Pack) -> None:
    assert len({STEPS["completion"], STEPS["rescission"], STEPS["termination"]}) == 3
    needs = {kind: end_stands(EndFacts(kind), talent).figures["consent_needed"] for kind in get_args(Kind)}
    assert needs == {"completion": False, "rescission": False, "termination": True, "cannot_continue": False}


def test_as_51_an_application_that_is_returned_stays_applied_and_ends_nothing(talent: Pack) -> None:
    applied = EndFacts("termination", decided=True, applied=True)

    assert end_stands(replace(applied, review="return"), talent).outcome == "applied"
    assert end_stands(replace(applied, review="refuse", filed=True), talent).outcome == "not_terminated"
    assert end_stands(replace(applied, review="consent"), talent).outcome == "applied"
    assert end_stands(replace(applied, review="consent", filed=True), talent).outcome == "terminated"


def test_as_81_a_completed_contract_is_promptly_filed(talent: Pack) -> None:
    finding = end_stands(EndFacts("completion", decided=True), talent)

    assert (finding.outcome, finding.effect) == ("to_be_filed", "warn")
    assert "5个工作日" in finding.explanation.zh
    assert end_stands(EndFacts("completion", decided=True, filed=True), talent).outcome == "completed"


def test_no_end_stands_without_a_persons_decision_whatever_else_is_known(talent: Pack) -> None:
    flags = (False, True)
    for kind, decided, applied, review, is_filed in product(get_args(Kind), flags, flags, get_args(Review), flags):
        facts = EndFacts(kind, decided=decided, applied=applied, review=review, filed=is_filed)
        outcome = end_stands(facts, talent).outcome
        if outcome in {"completed", "rescinded", "terminated", "cannot_continue"}:
            assert decided
            assert is_filed
            assert kind != "termination" or (applied and review == "consent")


def test_only_the_employer_answers_in_every_role_but_its_own(talent: Pack) -> None:
    for party in get_args(Party):
        outcome = ground_stands(replace(STANDS, answered_by=party), talent).outcome
        assert outcome == ("to_be_proposed" if party == "employer" else "not_the_employer")
