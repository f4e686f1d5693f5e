"""The rules of what is delivered under a contract and how it is judged: working time, attendance, force majeure."""

from policies.engine.rules import Rule, rule
from policies.talent import (
    attendance_rate,
    conclusion,
    force_majeure,
    growth_items,
    judged_items,
    mentoring_item,
    research_items,
    score_table,
    technique_items,
    veto,
    working_time,
)

RULES: tuple[Rule, ...] = (
    rule(
        "OT-6.3g",
        working_time.WorkingTimeFacts,
        working_time.working_time_suffices,
        {
            "unit": "sessions",
            "first_day": "2026-01-01",
            "last_day": "2026-12-31",
            "agreed": 96,
            "until": "2026-06-30",
            "worked": [{"kind": "clinic", "amount": 30}],
            "losses": [{"first_day": "2026-02-03", "last_day": "2026-02-03", "amount": 5, "state": "confirmed"}],
        },
    ),
    rule("OT-S3", attendance_rate.AttendanceFacts, attendance_rate.attendance_earns, {"agreed": 48, "attended": 36}),
    rule(
        "OT-S3/force-majeure",
        force_majeure.EventFacts,
        force_majeure.event_excuses,
        {"event": "weather", "first_day": "2026-02-03", "last_day": "2026-02-03", "evidence": 1},
    ),
    rule("OT-S1", growth_items.GrowthFacts, growth_items.visits_earn, {"this_year": 1160, "last_year": 1000}),
    rule("OT-S2", growth_items.GrowthFacts, growth_items.income_earns, {"this_year": "230.5", "last_year": "200"}),
    rule(
        "OT-S4",
        mentoring_item.MentoringFacts,
        mentoring_item.mentoring_earns,
        {
            "ratings": [
                {"rater": "mentee", "by": "P1", "points": 9},
                {"rater": "department_head", "by": "P2", "points": 8},
                {"rater": "expert", "by": "P3", "points": 10},
            ]
        },
    ),
    rule("OT-S5", technique_items.TechniqueFacts, technique_items.techniques_earn, {"hospital_level": 3}),
    rule(
        "OT-S6",
        technique_items.IntroductionFacts,
        technique_items.introduction_earns,
        {"introduced": True, "pilot": False},
    ),
    rule("OT-S7", technique_items.SpecialtyFacts, technique_items.specialty_earns, {"established": "not_established"}),
    rule("OT-S8", research_items.PaperFacts, research_items.papers_earn, {"counted": 2}),
    rule(
        "OT-S9",
        research_items.ResearchFacts,
        research_items.research_earns,
        {"works": [{"kind": "paper", "fits": "yes", "employer_first": "yes"}]},
    ),
    rule(
        "OT-S10",
        judged_items.StaffFacts,
        judged_items.staff_satisfaction_earns,
        {"percent": "86.5", "leaders": 3, "middle": 10, "staff": 60},
    ),
    rule("OT-S11", judged_items.CapacityFacts, judged_items.capacity_earns, {"points": 4, "given_by": "employer"}),
    rule("OT-S12", veto.VetoFacts, veto.veto_candidates, {"staff_percent": "59.9", "patient_percent": 90}),
    rule(
        "OT-S12/decision",
        veto.VetoDecisionFacts,
        veto.veto_weighs,
        {
            "candidates": 1,
            "least": 88,
            "most": 88,
            "decision": "confirm",
            "by": "commission",
            "reason": "医务人员满意度低于60%",
            "medical_section": True,
            "mediation_committee": True,
        },
    ),
    rule(
        "OT-E2",
        score_table.TableFacts,
        score_table.total_stands,
        {"visits": {"this_year": 1300, "last_year": 1000}, "evidence": ["S1"]},
    ),
    rule(
        "OT-6.1d/annual",
        conclusion.ConclusionFacts,
        conclusion.year_is_concluded,
        {"least": 60, "most": 60},
    ),
)
