"""What a term still needs and by when, each line with its clause (DQ-3.2.1b, DQ-3.2.2e, DQ-3.3.1a, b)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from policies.absence import AbsenceFacts, Incident
from policies.engine.pack import Pack
from policies.forecast import ForecastFacts, Prospect, outlook, slots_left
from policies.grading import Cohort, CohortFacts
from policies.term import Activity, TermFacts
from policies.vocabulary import SENT_DOWN, TRAINEE

FIRST = date(2026, 3, 1)
TERM = TermFacts(FIRST, date(2026, 5, 31))
NONE = AbsenceFacts(SENT_DOWN, ())
FACTS = ForecastFacts(date(2026, 6, 1), FIRST, TERM, NONE, check_ins=1)


def line(facts: ForecastFacts, kind: str, pack: Pack) -> Prospect:
    (found,) = [each for each in outlook(facts, pack) if each.kind == kind]
    return found


def confirmed(*times: int | None) -> tuple[Incident, ...]:
    return tuple(
        Incident(f"a{at}", Decimal(3 if each is None else 1), "confirmed", each) for at, each in enumerate(times)
    )


def with_conversion(pack: Pack) -> Pack:
    number = replace(pack.parameters["accumulated_days_for_six_months"], active=True)
    return replace(pack, parameters=pack.parameters | {number.name: number})


def test_the_months_at_the_site_end_later_by_every_day_that_does_not_count(pack: Pack) -> None:
    plain = line(FACTS, "site", pack)
    assert (plain.state, plain.by, plain.defaults) == ("open", date(2026, 8, 31), ())
    paused = line(replace(FACTS, term=replace(TERM, site_paused_days=5)), "site", pack)
    assert (paused.by, paused.defaults) == (date(2026, 9, 5), ("COR-13",))
    assert "5天不计时" in paused.said.zh


def test_def_21_no_end_is_foretold_while_the_group_has_not_weighed_a_leave(pack: Pack) -> None:
    waits = replace(FACTS, term=replace(TERM, site_interrupted=True))
    assert (line(waits, "site", pack).state, line(waits, "site", pack).by) == ("ask", None)
    assert [each.kind for each in outlook(waits, pack)] == ["site", "accumulated", "absences", "check_in"]


def test_def_22_half_days_are_shown_and_people_certify_while_no_conversion_is_confirmed(pack: Pack) -> None:
    activities = (Activity("v1", "义诊", FIRST, 2), Activity("v2", "教学", date(2026, 3, 3), 1))
    facts = replace(FACTS, term=replace(TERM, activities=activities), pending_half_days=4)
    found = line(facts, "accumulated", pack)
    assert (found.state, found.by, found.defaults) == ("ask", None, ("DEF-22",))
    assert "3个半天(合1.5天)" in found.said.zh
    assert "4个半天待核实" in found.said.zh
    assert "124" not in found.said.zh


@pytest.mark.parametrize(("half_days", "state"), [(247, "open"), (248, "met")])
def test_def_22_a_confirmed_conversion_says_what_is_missing(pack: Pack, half_days: int, state: str) -> None:
    facts = replace(FACTS, term=replace(TERM, activities=(Activity("v1", "义诊", FIRST, half_days),)))
    found = line(facts, "accumulated", with_conversion(pack))
    assert (found.state, "124" in found.said.zh) == (state, True)


def test_as_19_twelve_months_at_the_site_are_the_other_way(pack: Pack) -> None:
    assert line(FACTS, "all_on_site", pack).by == date(2027, 2, 28)
    whole_year = replace(FACTS, term=TermFacts(FIRST, date(2027, 2, 28)))
    assert line(whole_year, "all_on_site", pack).state == "met"
    assert line(whole_year, "site", pack).state == "met"


@pytest.mark.parametrize(("times", "left"), [((), 3), ((1,), 2), ((1, 1, 1), 0)])
def test_as_01_three_absences_may_stand(pack: Pack, times: tuple[int, ...], left: int) -> None:
    found = line(replace(FACTS, absences=AbsenceFacts(SENT_DOWN, confirmed(*times))), "absences", pack)
    assert (found.state, found.defaults, f"还余{left}次" in found.said.zh) == ("open", (), True)


def test_as_02_the_fourth_is_for_the_group_to_confirm(pack: Pack) -> None:
    found = line(replace(FACTS, absences=AbsenceFacts(SENT_DOWN, confirmed(1, 1, 1, 1))), "absences", pack)
    assert (found.state, "由集团确认" in found.said.zh) == ("ask", True)


def test_absences_that_are_being_checked_are_shown_apart_and_not_counted(pack: Pack) -> None:
    incidents = (*confirmed(1), Incident("b", Decimal(1), "recorded"), Incident("c", Decimal(1), "dismissed"))
    found = line(replace(FACTS, absences=AbsenceFacts(SENT_DOWN, incidents)), "absences", pack)
    assert ("还余2次" in found.said.zh, "另有1条待核实" in found.said.zh) == (True, True)


def test_cor_14_a_longer_absence_without_its_count_is_said_to_wait(pack: Pack) -> None:
    found = line(replace(FACTS, absences=AbsenceFacts(SENT_DOWN, confirmed(None))), "absences", pack)
    assert (found.state, found.defaults, "待集团明确次数" in found.said.zh) == ("ask", ("COR-14",), True)


def test_the_next_check_in_is_our_quarter_and_none_follows_a_certified_term(pack: Pack) -> None:
    found = line(FACTS, "check_in", pack)
    assert (found.by, found.rule, found.defaults) == (date(2026, 9, 1), "DQ-3.3.1b", ("DEF-17",))
    assert "check_in" not in [each.kind for each in outlook(replace(FACTS, certified=True), pack)]


def test_a_quarter_that_waits_for_a_method_is_said(pack: Pack) -> None:
    assert line(replace(FACTS, quarters_waiting=2), "assessment", pack).rule == "DQ-3.3.1a"


def test_before_the_first_day_nothing_is_foretold(pack: Pack) -> None:
    assert outlook(replace(FACTS, first_day=None, term=None), pack) == ()


@pytest.mark.parametrize(
    ("cohort", "taken", "found"),
    [
        ("", 1, ("open", ("COR-11",), "还可评0人")),
        ("together", 0, ("open", (), "还可评1人")),
        ("together", 2, ("ask", (), "还可评0人")),
    ],
)
def test_the_slots_of_a_cohort_say_how_many_are_left(
    pack: Pack, cohort: Cohort, taken: int, found: tuple[str, tuple[str, ...], str]
) -> None:
    line = slots_left(CohortFacts(sent_down_graded=5, sent_down_excellent=taken, cohort=cohort), pack)
    assert (line.state, line.defaults, found[2] in line.said.zh) == (*found[:2], True)


def test_dq_3_1_1b_a_training_has_the_months_at_the_hospital_alone(pack: Pack, dq_b: Pack) -> None:
    kinds = [each.kind for each in outlook(replace(FACTS, absences=AbsenceFacts(TRAINEE, ())), dq_b)]
    assert kinds == ["site", "absences", "check_in"]
    found = line(FACTS, "site", dq_b)
    assert (found.rule, found.by) == ("DQ-3.1.1b", line(FACTS, "site", pack).by)


def test_def_08_what_was_served_before_the_months_started_again_is_said_and_asked(pack: Pack) -> None:
    assert "before" not in [each.kind for each in outlook(FACTS, pack)]
    found = line(replace(FACTS, term=replace(TERM, before_days=100)), "before", pack)
    assert (found.state, found.by, found.defaults) == ("ask", None, ("DEF-08",))
    assert "定点服务100天,不计入现在的连续月数;是否计入其余6个月,原文没有规定" in found.said.zh
