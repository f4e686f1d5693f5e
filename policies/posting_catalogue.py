"""The rules of staff sent down and of trainees that can be tried, each with an example."""

from policies import (
    absence,
    days,
    demand,
    eligibility,
    evaluation,
    grading,
    leave,
    mentoring,
    method_filing,
    outcomes,
    pay,
    promotion,
    public_notice,
    selection,
    targets,
    term,
)
from policies.engine.finding import Json
from policies.engine.rules import rule

_TRAINEE: Json = "township_managed_county_trained"
_SENT_DOWN: Json = "county_hired_township_used"
_DEMAND: dict[str, Json] = {
    "demand": [{"institution": "T01", "specialty": "儿科", "people": 2}],
    "supply": [{"institution": "H01", "specialty": "儿科", "people": 1}],
    "factors": [{"factor": "“一院一品”发展", "considered": "儿科为该院特色"}],
}
RULES = (
    rule("DQ-2.a", targets.BedFacts, targets.beds_reach_goal, {"occupied": 6996, "available": 10000}),
    rule(
        "DQ-2.b",
        targets.DepartmentFacts,
        targets.departments_reach_goal,
        {"hospital": "central", "city_level": 1, "county_level": 0},
    ),
    rule(
        "DQ-3.1.1a",
        eligibility.DispatchFacts,
        eligibility.may_be_sent,
        {"profession": "practising_physician", "qualified_on": "2023-09-01", "planned_start": "2026-09-01"},
    ),
    rule(
        "DQ-3.1.1a/promotion",
        promotion.PromotionFacts,
        promotion.service_suffices,
        {"target_title": "associate_senior", "served": [{"first_day": "2025-01-01", "last_day": "2025-11-30"}]},
    ),
    rule(
        "DQ-3.1.1b",
        eligibility.TraineeFacts,
        eligibility.may_train,
        {"profession": "practising_physician", "title": "intermediate"},
    ),
    rule(
        "DQ-3.1.1c",
        eligibility.TraineeFacts,
        eligibility.may_sit_clinics,
        {"profession": "practising_physician", "title": "full_senior", "general_practitioner": True},
    ),
    rule(
        "DQ-3.1.2a",
        demand.ReportFacts,
        demand.reported_in_time,
        {"reported_on": "2026-01-31", "window_closes": "2026-01-31", "today": "2026-02-02"},
    ),
    rule("DQ-3.1.2b", demand.PartsFacts, demand.is_complete, {"demand": "filled", "trainees": "nil"}),
    rule("DQ-3.1.2c", eligibility.ListedFacts, eligibility.is_listed, {"on_list": True}),
    rule("DQ-3.1.2d", demand.BalanceFacts, demand.is_balanced, _DEMAND),
    rule("DQ-3.1.3a", selection.ApplicationFacts, selection.may_apply, {"post": "open", "choices": 2}),
    rule("DQ-3.1.3b", selection.ReviewFacts, selection.is_matched, {"sending": "agree", "receiving": "pending"}),
    rule("DQ-3.1.3c", selection.FilingFacts, selection.may_start, {"filing": "file"}),
    rule("DQ-3.2.1a", term.ReleaseFacts, term.release_is_open, {"programme": _TRAINEE, "release": "half"}),
    rule(
        "DQ-3.2.1b",
        term.TermFacts,
        term.term_is_met,
        {"site_first_day": "2026-03-01", "site_last_day": "2027-02-28"},
    ),
    rule("DQ-3.2.1b/days", days.DayFacts, days.day_weighs, {"kind": "recall", "clock": "site"}),
    rule("DQ-3.2.1c", term.PracticeFacts, term.practice_is_filed, {"exempt_basis": "备案范围内执业"}),
    rule(
        "DQ-3.2.2a",
        mentoring.PlaceFacts,
        mentoring.place_is_ready,
        {"working_group": True, "task_plan": True, "post": False},
    ),
    rule(
        "DQ-3.2.2b",
        mentoring.MentorFacts,
        mentoring.mentor_fits,
        {"mentors": 1, "mentor_title": "full_senior", "mentor_other_trainees": 1, "targets": 6},
    ),
    rule("DQ-3.2.2c", leave.LeaveFacts, leave.leave_weighs, {"kind": "sick", "days": 30}),
    rule("DQ-3.2.2d", absence.IncidentFacts, absence.times_of, {"days": "3", "leave_papers": False}),
    rule(
        "DQ-3.2.2e",
        absence.AbsenceFacts,
        absence.service_counts,
        {
            "programme": _SENT_DOWN,
            "incidents": [{"id": f"A{number}", "days": "1", "state": "confirmed"} for number in range(1, 4)],
        },
    ),
    rule(
        "DQ-3.3.2a",
        method_filing.MethodFacts,
        method_filing.method_is_in_force,
        {"programme": _SENT_DOWN, "answers": [{"bureau": "县财政局", "answer": "filed"}]},
    ),
    rule(
        "DQ-3.3.2b",
        method_filing.AreasFacts,
        method_filing.sent_down_areas_are_set,
        {"programme": _SENT_DOWN, "areas": ["业务技术带教", "基层学科建设", "医防融合管理"]},
    ),
    rule(
        "DQ-3.3.2d",
        method_filing.AreasFacts,
        method_filing.trainee_areas_are_set,
        {"programme": _TRAINEE, "areas": ["专业技术", "科研学术"]},
    ),
    rule(
        "DQ-3.3.3a",
        evaluation.OpinionFacts,
        evaluation.opinion_is_complete,
        {"dimensions": [{"dimension": "德", "opinion": "尽职"}, {"dimension": "能", "opinion": "能独立接诊"}]},
    ),
    rule(
        "DQ-3.3.3b",
        evaluation.GradeFacts,
        evaluation.grade_is_decided,
        {"given_by": "receiving_institution", "grade": "excellent"},
    ),
    rule(
        "DQ-3.3.3d",
        grading.CohortFacts,
        grading.share_is_kept,
        {"sent_down_graded": 10, "sent_down_excellent": 2},
    ),
    rule(
        "DQ-3.3.3d/notice",
        public_notice.NoticeFacts,
        public_notice.notice_is_kept,
        {
            "met_on": "2027-01-08",
            "from_day": "2027-01-11",
            "to_day": "2027-01-15",
            "working_days": 5,
            "today": "2027-01-18",
        },
    ),
    rule("DQ-3.4.1", pay.PayerFacts, pay.employer_stays, {"employer_before": "H01", "employer_now": "H01"}),
    rule(
        "DQ-3.4.2b",
        pay.TotalFacts,
        pay.pay_total,
        {
            "senders": [
                {"institution": "H01", "average_headcount": "12.5", "per_capita_yuan": 96000},
                {"institution": "H02", "average_headcount": "4.0", "per_capita_yuan": 88000},
            ]
        },
    ),
    rule("DQ-3.4.2a", pay.VirtualFacts, pay.virtual_institution, {"per": "group", "heads_leave": None}),
    rule("DQ-3.4.2b/month", pay.MonthEndsFacts, pay.month_average, {"first": "10", "last": "11"}),
    rule("DQ-3.4.2b/headcount", pay.MonthFacts, pay.average_headcount, {"months": [*[10] * 6, *[14] * 6]}),
    rule(
        "DQ-3.4.2c",
        pay.PaymentFacts,
        pay.payment_is_covered,
        {"approved_yuan": 1552000, "paid_yuan": 1500000, "payment_yuan": 52000},
    ),
    rule(
        "DQ-3.4.3a",
        pay.PoolFacts,
        pay.pool_suffices,
        {"needed_yuan": 100000, "from_tiered_care_yuan": None, "self_raised_yuan": 20000},
    ),
    rule("DQ-3.5.1a", outcomes.ResultFacts, outcomes.service_earns, {"programme": _SENT_DOWN, "grade": "qualified"}),
    rule("DQ-3.5.1b", outcomes.LeaderFacts, outcomes.may_lead, {"title": "intermediate"}),
    rule("DQ-3.5.2a", outcomes.ResultFacts, outcomes.training_earns, {"programme": _TRAINEE, "grade": "qualified"}),
    rule("DQ-3.5.3", outcomes.StayFacts, outcomes.may_stay, {"term_completed": True, "wishes_to_stay": True}),
    rule("DQ-4.3b", targets.ExchangeFacts, targets.exchange_is_held, {"held": 0, "today": "2026-11-01"}),
)
