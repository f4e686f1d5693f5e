"""The rules of what is delivered under a contract, how it is judged, and how it ends."""

from policies.engine.rules import Rule, rule
from policies.talent import (
    application,
    attendance_rate,
    conclusion,
    ending,
    ends,
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
    rule(
        "OT-6.3g/ground",
        ending.GroundFacts,
        ending.ground_stands,
        {"ground": "working_time", "raised_by": "system", "figure": "ground_to_confirm"},
    ),
    rule("OT-6.3h", ending.GroundFacts, ending.ground_stands, {"ground": "support", "raised_by": "employer"}),
    rule("OT-6.3i", ending.GroundFacts, ending.ground_stands, {"ground": "behind", "raised_by": "employer"}),
    rule("OT-6.3j", ending.GroundFacts, ending.ground_stands, {"ground": "other", "raised_by": "employer"}),
    rule("OT-6.3a", ending.RescissionFacts, ending.rescission_stands, {"cause": "time", "raised_by": "system"}),
    rule("OT-6.3b", ending.RescissionFacts, ending.rescission_stands, {"cause": "duties", "raised_by": "employer"}),
    rule(
        "OT-6.3c", ending.RescissionFacts, ending.rescission_stands, {"cause": "falsification", "raised_by": "employer"}
    ),
    rule("OT-6.3d", ending.RescissionFacts, ending.rescission_stands, {"cause": "misconduct", "raised_by": "employer"}),
    rule("OT-6.3e", ending.RescissionFacts, ending.rescission_stands, {"cause": "unqualified", "raised_by": "system"}),
    rule("OT-6.3f", ending.RescissionFacts, ending.rescission_stands, {"cause": "other", "raised_by": "employer"}),
    rule(
        "OT-6.3k",
        application.LearningFacts,
        application.learning_day,
        {"ground": "working_time", "first_notice": "2026-10-15", "own_record": "2026-10-20"},
    ),
    rule(
        "OT-6.3k/in-time",
        application.ApplicationFacts,
        application.application_is_in_time,
        {
            "learned_on": "2026-10-15",
            "today": "2027-01-16",
            "recommended_latest": "2027-01-15",
            "late_after": "2027-01-15",
            "received_on": "2027-01-16",
        },
    ),
    rule("OT-6.3k/end", ends.EndFacts, ends.end_stands, {"kind": "termination", "decided": True, "applied": True}),
    rule("OT-6.2b", ends.EndFacts, ends.end_stands, {"kind": "completion", "decided": True}),
)
