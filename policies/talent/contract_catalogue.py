"""The rules of the contract, the persons and the money that can be tried, each with an example."""

from policies.engine.finding import Json
from policies.engine.rules import Rule, rule
from policies.talent import (
    classes,
    contracts,
    early_end,
    files,
    first_session,
    funds,
    nomination,
    payments,
    periods,
    results,
    reviews,
    targets,
    teams,
)

_FIVE: list[Json] = ["责任义务", "考核方式", "支持资金额度", "违约责任", "诊疗频次"]
_SENIOR: dict[str, Json] = {"title": "full_senior", "graduate_education": True, "masters_degree": True, "age": 58}
_PLAIN: dict[str, Json] = {"title": "associate_senior", "graduate_education": False, "masters_degree": False, "age": 41}
_TEAM: dict[str, Json] = {"leaders": [_SENIOR], "core": [_SENIOR, _SENIOR, _SENIOR, _PLAIN, _PLAIN]}
_HONOUR: dict[str, Json] = {"ground": "discipline_leader", "level": "province", "evidence": True}
_PEOPLES, _SECOND, _MONGOLIAN = "旗人民医院", "旗第二人民医院", "旗蒙医综合医院"
_YEAR: dict[str, Json] = {"first_day": "2027-01-01", "last_day": "2027-12-31"}

RULES: tuple[Rule, ...] = (
    rule("OT-1.2", nomination.NeedFacts, nomination.need_is_named, {"gap": "内镜治疗", "direction": "消化内科"}),
    rule(
        "OT-1.3a",
        targets.YearFacts,
        targets.year_reaches_goal,
        {
            "today": "2027-07-01",
            "hospitals": [
                {"hospital": _PEOPLES, "contracts": 4, "people": 7, "trained": 5},
                {"hospital": _SECOND, "contracts": 3, "people": 3, "trained": 5},
            ],
        },
    ),
    rule("OT-1.3b", targets.DepartmentFacts, targets.department_is_named, {"department": "旗蒙医综合医院骨伤科"}),
    rule("OT-2.1a", contracts.RelationsFacts, contracts.relations_stay, {"changed": ["社保"]}),
    rule("OT-2.1b", nomination.FormFacts, nomination.form_is_open, {"form": "义诊"}),
    rule(
        "OT-2.1b/lead",
        nomination.EmployersFacts,
        nomination.joint_employers_are_led,
        {"employers": [_PEOPLES, _SECOND], "lead": _PEOPLES},
    ),
    rule(
        "OT-2.1c",
        contracts.ContractTermFacts,
        contracts.contract_term_is_usual,
        {"first_day": "2026-03-01", "last_day": "2026-08-30"},
    ),
    rule("OT-2.1d", contracts.ContractFacts, contracts.contract_is_complete, {"elements": _FIVE}),
    rule(
        "OT-2.1d/signed",
        contracts.SignedFacts,
        contracts.contract_is_signed,
        {
            "number": "2026-01",
            "signed_on": "2026-02-20",
            "first_day": "2026-03-01",
            "scan": True,
            "signatures": [{"party": _PEOPLES, "signed": True}, {"party": "专家", "signed": False}],
        },
    ),
    rule(
        "OT-2.1d/first-session",
        first_session.FirstSessionFacts,
        first_session.first_session_is_open,
        {"in_service": True, "home_consent": True, "practice_basis": "invitation", "practice_proof": True},
    ),
    rule("OT-2.1.1", nomination.AdvisoryFacts, nomination.sessions_are_named, {"kinds": ["定期坐诊", "手术示教"]}),
    rule("OT-2.1.2", nomination.RehireFacts, nomination.rehire_is_voluntary, {"retired": True, "consents": True}),
    rule(
        "OT-2.1.3",
        nomination.PairedFacts,
        nomination.paired_support_is_agreed,
        {"partner": "某三甲医院", "agreement": True},
    ),
    rule(
        "OT-2.1.4",
        nomination.PlatformFacts,
        nomination.platform_is_named,
        {"name": "骨伤名医工作室", "kind": "名医工作室"},
    ),
    rule("OT-3.1", classes.HonourFacts, classes.class_one_fits, _HONOUR),
    rule("OT-3.2", classes.HonourFacts, classes.class_two_fits, _HONOUR | {"level": "city"}),
    rule(
        "OT-3.3",
        classes.SeniorFacts,
        classes.class_three_fits,
        {"home": "grade_3a", "title": "associate_senior", "senior_since": "2021-03-02", "on": "2026-03-01"},
    ),
    rule("OT-3.4", classes.ReferenceFacts, classes.reference_is_open, {"from_own_city": True}),
    rule("OT-3.5a", teams.TeamFacts, teams.team_is_complete, _TEAM),
    rule("OT-3.5b", teams.TeamFacts, teams.core_titles_suffice, _TEAM),
    rule("OT-3.5c", teams.TeamFacts, teams.masters_suffice, _TEAM),
    rule("OT-3.5d", teams.TeamFacts, teams.ages_are_mixed, _TEAM),
    rule("OT-4a", reviews.ReviewsFacts, reviews.contract_may_be_made, {"qualification": "pass"}),
    rule(
        "OT-5a",
        funds.BalanceFacts,
        funds.funds_balance,
        {"hospital": _PEOPLES, "funds": 100, "paid": ["30", "12.5"], "requested": [8]},
    ),
    rule(
        "OT-5b",
        funds.AllocationFacts,
        funds.allocation_is_kept,
        {
            "hospitals": [
                {"hospital": _PEOPLES, "wan_yuan": 120},
                {"hospital": _SECOND, "wan_yuan": 90},
                {"hospital": _MONGOLIAN, "wan_yuan": 90},
            ]
        },
    ),
    rule("OT-5b/decision", funds.AllocationDecision, funds.allocation_is_decided, {"proposed": True}),
    rule(
        "OT-5b/paid",
        funds.BalanceFacts,
        funds.share_covers_paid,
        {"hospital": _PEOPLES, "funds": 80, "paid": ["95"], "requested": []},
    ),
    rule("OT-5b/hospital", funds.HospitalFacts, funds.hospital_is_within, {"hospital": _PEOPLES, "wan_yuan": "79.9"}),
    rule("OT-5c", payments.CostFacts, payments.cost_is_split, {"balance": "12.5", "payment": 20}),
    rule("OT-5d", payments.PurposeFacts, payments.purpose_is_open, {"purpose": "患者就诊相关费用补贴"}),
    rule("OT-6.1d", results.ResultFacts, results.result_is_filed, {"kind": "final", "concluded": True}),
    rule(
        "OT-6.1e",
        results.AcceptanceFacts,
        results.acceptance_is_complete,
        {
            "last_day": "2027-02-28",
            "today": "2027-03-05",
            "parts": [{"part": "项目完成情况", "opinion": "已完成"}],
        },
    ),
    rule("OT-6.1f", results.GradeFacts, results.acceptance_grade_is_given, {"given_by": "employer"}),
    rule("OT-6.1g", results.ConsequenceFacts, results.consequences_are_decided, {"grade": "unqualified"}),
    rule("OT-6.2a", files.FileFacts, files.file_is_complete, {"reached": "signed", "documents": ["推荐申报表"]}),
    rule(
        "OT-6.2b/report",
        files.ReportFacts,
        files.ending_is_reported,
        {"ended_on": "2027-02-26", "working_days": 6},
    ),
    rule(
        "OT-6.3k/parties",
        contracts.PartiesFacts,
        contracts.parties_of,
        {"employers": [_PEOPLES, _SECOND], "expert": "领衔人", "members": 3},
    ),
    rule("OT-7.2", payments.PaymentFacts, payments.payment_may_go, {"file_complete": False, "assessment": "qualified"}),
    rule(
        "OT-N1",
        funds.FloatFacts,
        funds.float_is_kept,
        {
            "hospitals": [
                {"hospital": _PEOPLES, "adjusted": 120, "floated": 120},
                {"hospital": _SECOND, "adjusted": 90, "floated": 108},
                {"hospital": _MONGOLIAN, "adjusted": 90, "floated": 90},
            ]
        },
    ),
    rule(
        "OT-N2",
        payments.ProjectsFacts,
        payments.highest_applies,
        {
            "role": "team_leader",
            "projects": [
                _YEAR | {"employer": _PEOPLES, "wan_yuan": 20},
                _YEAR | {"employer": _SECOND, "wan_yuan": 30},
            ],
        },
    ),
    rule(
        "OT-N2/nomination",
        reviews.DuplicateFacts,
        reviews.person_is_nominated_once,
        {"employer": _PEOPLES, "others": [{"employer": _SECOND}]},
    ),
    rule("OT-N3", payments.OwnRewardFacts, payments.own_reward_is_open, {"title_gained": "市级重点学科"}),
    rule("OT-N4", payments.PetitionFacts, payments.petition_is_decided, {"answer": "pending"}),
    rule(
        "OT-E1/early-end",
        early_end.PartFacts,
        early_end.part_is_assessed,
        {"first_day": "2026-01-01", "ended_on": "2026-09-30", "assessed": 1},
    ),
    rule(
        "OT-E1/period",
        periods.PeriodFacts,
        periods.assessment_is_due,
        {"first_day": "2026-03-01", "last_day": "2029-02-28", "on": "2027-01-04"},
    ),
)
