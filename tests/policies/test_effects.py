"""DEF-09: what each outcome of each rule means for the case: go on, warn, stop, ask or only report."""

import pytest

from policies.catalogue import CATALOGUE
from policies.engine.finding import Json
from policies.engine.pack import Pack

A = "county_hired_township_used"
B = "township_managed_county_trained"
SIX = {"site_first_day": "2026-03-01", "site_last_day": "2026-08-31"}
TWICE: list[Json] = [{"id": "R1", "form": "义诊", "day": "2026-09-01", "half_days": 1}] * 2
DOCTOR = {"profession": "practising_physician", "planned_start": "2026-09-01"}
MENTOR = {"mentors": 1, "mentor_title": "full_senior", "mentor_other_trainees": 0, "targets": 1}
PLACES: list[Json] = [{"institution": "T01", "specialty": "儿科", "people": 1}]
SENDER = {"institution": "H01", "average_headcount": 1, "per_capita_yuan": 1}
YEAR: list[Json] = [{"first_day": "2025-01-01", "last_day": "2025-12-31"}]
FACTORS: list[Json] = [
    {"factor": each, "considered": "已考虑"}
    for each in ("“一院一品”发展", "特色专科(专病中心)建设", "城区公卫能力提升", "公益性评价结果运用")
]
FILED: list[Json] = [{"bureau": each, "answer": "filed"} for each in ("县人社局", "县财政局", "县医保局", "县卫健局")]


@pytest.mark.parametrize(
    ("rule", "facts", "outcome", "effect"),
    [
        ("DQ-2.b", {"hospital": "central", "city_level": 0, "county_level": 0}, "not_reached", "report"),
        ("DQ-3.1.1a", DOCTOR | {"qualified_on": "2023-09-01"}, "eligible", "allow"),
        ("DQ-3.1.1a", DOCTOR | {"qualified_on": "2023-09-02"}, None, "ask"),
        ("DQ-3.1.1a/promotion", {"target_title": "full_senior", "served": []}, "not_concerned", "allow"),
        ("DQ-3.1.1a/promotion", {"target_title": "associate_senior", "served": []}, "short", "warn"),
        ("DQ-3.1.1b", {"profession": "practising_physician", "title": "intermediate"}, "eligible", "allow"),
        ("DQ-3.1.1c", {"profession": "nurse", "title": "none"}, "not_eligible", "block"),
        ("DQ-3.1.2b", {"demand": "missing", "trainees": "nil"}, "incomplete", "block"),
        ("DQ-3.1.2b", {"demand": "nil", "trainees": "nil"}, "complete", "allow"),
        ("DQ-3.1.2c", {"on_list": False}, "not_listed", "block"),
        ("DQ-3.1.2c", {"on_list": True}, "listed", "allow"),
        ("DQ-3.1.2d", {"demand": PLACES, "supply": [], "factors": FACTORS}, "reason_missing", "block"),
        ("DQ-3.1.2d", {"demand": PLACES, "supply": [], "factors": FACTORS, "reason": "缺"}, "unbalanced_with_reason",
         "warn"),
        ("DQ-3.1.2d", {"demand": PLACES, "supply": PLACES, "factors": FACTORS}, "balanced", "allow"),
        ("DQ-3.1.3a", {"post": "filled"}, "post_not_open", "block"),
        ("DQ-3.1.3a", {"post": "open", "active_applications": 1}, "application_open", "block"),
        ("DQ-3.1.3a", {"post": "open", "choices": 3}, "choices_unfit", "block"),
        ("DQ-3.1.3a", {"post": "open"}, "may_apply", "allow"),
        ("DQ-3.1.3b", {"sending": "agree", "receiving": "agree"}, "matched", "allow"),
        ("DQ-3.1.3b", {"sending": "agree", "receiving": "pending"}, "pending", "block"),
        ("DQ-3.1.3b", {"sending": "agree", "receiving": "return"}, "returned", "block"),
        ("DQ-3.1.3b", {"sending": "agree", "receiving": "reject"}, "not_matched", "block"),
        ("DQ-3.1.3b", {"sending": "agree", "receiving": "agree", "same_person": True}, "one_person_twice", "block"),
        ("DQ-3.1.3c", {"filing": "file"}, "may_start", "allow"),
        ("DQ-3.1.3c", {"filing": "pending"}, "pending", "block"),
        ("DQ-3.1.3c", {"filing": "object"}, "reason_missing", "block"),
        ("DQ-3.2.1a", {"programme": A, "release": "half"}, "admitted", "warn"),
        ("DQ-3.2.1b", SIX | {"site_last_day": "2026-08-30"}, "not_met", "block"),
        ("DQ-3.2.1b", SIX | {"site_last_day": "2027-02-28"}, "met", "allow"),
        ("DQ-3.2.1b", SIX | {"accumulated_certified": "yes"}, "met", "allow"),
        ("DQ-3.2.1b", SIX | {"accumulated_certified": "no"}, "not_met", "block"),
        ("DQ-3.2.1b", SIX | {"activities": TWICE}, "credited_twice", "block"),
        ("DQ-3.2.1c", {}, "not_filed", "block"),
        ("DQ-3.2.1c", {"number": "1"}, "filed", "allow"),
        ("DQ-3.2.2b", MENTOR, "fits", "allow"),
        ("DQ-3.2.2b", MENTOR | {"mentors": 2}, "not_one_mentor", "block"),
        ("DQ-3.2.2b", MENTOR | {"targets": 0}, "no_targets", "block"),
        ("DQ-3.2.2d", {"days": 3, "leave_papers": True}, "no_incident", "allow"),
        ("DQ-3.2.2d", {"days": 0, "leave_papers": False}, "no_incident", "allow"),
        ("DQ-3.2.2d", {"days": 1, "leave_papers": False}, "one_time", "warn"),
        ("DQ-3.3.2a", {"programme": A, "answers": FILED}, "in_force", "allow"),
        ("DQ-3.3.2a", {"programme": A, "answers": [{"bureau": "县财政局", "answer": "returned"}]}, "returned", "block"),
        ("DQ-3.3.2b", {"programme": A, "areas": []}, "incomplete", "block"),
        ("DQ-3.3.3a", {"dimensions": []}, "incomplete", "block"),
        ("DQ-3.3.3b", {"given_by": "bureau", "grade": "excellent"}, "proposal", "warn"),
        ("DQ-3.3.3b", {"given_by": "party_committee", "grade": "excellent"}, "minutes_missing", "block"),
        ("DQ-3.3.3b", {"given_by": "party_committee", "grade": "excellent", "minutes": "1"}, "decided", "allow"),
        ("DQ-3.3.3d", {"sent_down_graded": 0, "sent_down_excellent": 1}, "counts_contradict", "block"),
        ("DQ-3.4.2b/headcount", {"months": []}, "months_missing", "block"),
        ("DQ-3.4.2c", {"approved_yuan": 1, "paid_yuan": 1, "payment_yuan": 1}, "above_total", "block"),
        ("DQ-3.4.3a", {"needed_yuan": 1, "from_tiered_care_yuan": 0}, "pool_short", "warn"),
        ("DQ-3.4.3a", {"needed_yuan": 1, "from_tiered_care_yuan": 1}, "covered", "allow"),
        ("DQ-3.4.2c", {"approved_yuan": 2, "paid_yuan": 1, "payment_yuan": 1}, "covered", "allow"),
        ("DQ-3.4.2b/headcount", {"months": [1] * 12}, "computed", "allow"),
        ("DQ-3.4.2b", {"senders": [SENDER]}, "proposed", "allow"),
        ("DQ-3.4.2b", {"senders": [SENDER | {"per_capita_is_final": False}]}, "provisional", "warn"),
        ("DQ-3.1.1a/promotion", {"target_title": "associate_senior", "served": YEAR}, "reached", "allow"),
        ("DQ-3.5.2a", {"programme": B, "grade": "qualified", "credit_void": True}, "not_counted", "block"),
        ("DQ-3.5.1a", {"programme": A, "grade": "qualified", "credit_void": True}, "not_counted", "block"),
        ("DQ-3.5.1a", {"programme": A, "grade": "qualified"}, "counts_with_priority", "allow"),
        ("DQ-3.5.1b", {"title": "junior"}, "not_open", "block"),
        ("DQ-3.5.2a", {"programme": B, "grade": "excellent"}, "priority", "allow"),
        ("DQ-3.5.2a", {"programme": B, "grade": "qualified"}, "no_priority", "allow"),
        ("DQ-3.5.3", {"term_completed": False, "wishes_to_stay": True}, "term_open", "block"),
        ("DQ-4.3b", {"held": 0, "today": "2026-10-31"}, "awaited", "allow"),
        ("DQ-4.3b", {"held": 0, "today": "2026-11-01"}, "reminder", "warn"),
    ],
)  # fmt: skip
def test_each_outcome_has_its_effect(
    pack: Pack, rule: str, facts: dict[str, Json], outcome: str | None, effect: str
) -> None:
    finding = CATALOGUE[rule].judge(facts, pack)

    assert (finding.outcome, finding.effect) == (outcome, effect)
