"""What the people of a banner answer, by the name of the task: one line each, and a few who make a story of it."""

from collections.abc import Mapping

from rehearsal.browser import Form
from rehearsal.cast import Asked, Cast
from rehearsal.otog.banner import department_of
from rehearsal.otog.terms import AGREED as HOURS
from rehearsal.otog.terms import terms_asked
from rehearsal.replies import AGREED, REASON, Answer, Reply, by_part, says, with_scan


def _nomination(cast: Cast, asked: Asked, form: Form) -> Reply:
    """One of the three classes."""
    terms = terms_asked(cast, asked)
    days = {"first_day": terms.first_day.isoformat(), "last_day": terms.last_day.isoformat()}
    of_class = CLASSES[cast.sent.index(asked.subject) % len(CLASSES)]
    fields = NOMINATION | of_class | days | {"department": department_of(asked.subject)}
    return Reply("nominate_talent", REASON, fields, scan=True)


def _evaluation(cast: Cast, asked: Asked, form: Form) -> Reply:
    fields = {"group": "评审组五人", "met_on": asked.today.isoformat(), "result": "一致通过。"}
    return Reply("select", AGREED, fields)


def _draft(cast: Cast, asked: Asked, form: Form) -> Reply:
    """The eight elements, and the hours of each quarter."""
    terms = terms_asked(cast, asked)
    fields = {name: value.isoformat() for name, value in (("first_day", terms.first_day), ("last_day", terms.last_day))}
    fields |= {"fund_yuan": "200000", "unit": "hours", "agreed": str(HOURS * len(terms.quarters)), "relations": "yes"}
    for at, (first, last) in enumerate(terms.quarters):
        row = {"first_day": first.isoformat(), "last_day": last.isoformat(), "agreed": str(HOURS)}
        fields |= {f"periods-{at}-{name}": value for name, value in row.items()}
    return Reply("draft_contract", REASON, ELEMENTS | fields)


def _paper(cast: Cast, asked: Asked, form: Form) -> Reply:
    number = f"演练柔聘{asked.case.rpartition('.')[2]}"
    fields = {"number": number, "signed_on": asked.today.isoformat(), "acknowledged": "yes"}
    return Reply("record_contract", REASON, fields, scan=True)


def _consent(cast: Cast, asked: Asked, form: Form) -> Reply:
    fields = {"service": "in_service", "consented_on": asked.today.isoformat()}
    return Reply("record_consent", REASON, fields, scan=True)


def _authority(cast: Cast, asked: Asked, form: Form) -> Reply:
    fields = {"basis": "invitation", "number": "演练会诊邀请1号", "valid_from": asked.today.isoformat()}
    return Reply("record_authority", REASON, fields, scan=True)


def _check_in(cast: Cast, asked: Asked, form: Form) -> Reply:
    """The employer sums up, then the commission reads."""
    if "noted" in form.choices:
        return Reply("noted", "已阅。")
    visits = cast.luck(asked.case, asked.key).randint(60, 300)
    words = {"summary": f"诊疗{visits}人次，带教按计划进行。", "problems": "无。", "actions": "继续按合同安排到岗。"}
    return Reply("talent_check_in", AGREED, words)


def _midterm(cast: Cast, asked: Asked, form: Form) -> Reply:
    """At half of the term, and not for a contract of half a year."""
    if len(terms_asked(cast, asked).quarters) <= SHORT:
        return Reply("midterm_not_held", "合同期较短，不组织中期考核。")
    fields = {"held_on": asked.today.isoformat(), "completion": "按计划推进。", "found": "同意继续履行。"}
    return Reply("midterm_qualified", REASON, fields)


def _panel(cast: Cast, asked: Asked, form: Form) -> Reply:
    """Figures within the bands of the table, but for one story in a gap of it and one of a veto."""
    otherwise = {"veto": {"patient_percent": "69.9"}, "ordinary": {"visits_this": "1180"}}
    figures = FIGURES | otherwise.get(cast.part_of.get(asked.subject, ""), {})
    return Reply("submit_scores", REASON, figures, scan=True)


def _budget(cast: Cast, asked: Asked, form: Form) -> Reply:
    return Reply("record_budget", AGREED, {"number": "演练财预1号", "issued_on": asked.today.isoformat()}, scan=True)


def _paying(cast: Cast, asked: Asked, form: Form) -> Reply:
    fields = {"from_funds": YUAN, "paid_on": asked.today.isoformat(), "voucher": f"演练凭证{asked.case}"}
    return Reply("pay_funds", REASON, fields)


def _unproved(cast: Cast, asked: Asked, form: Form) -> Reply:
    """Whoever would confirm it is told that there is no proof (AS-46)."""
    return Reply("confirm_excuse", REASON, otherwise=Reply("dismiss_excuse", "没有佐证，不予确认。"))


YUAN = "50000"
SHORT = 2
NOMINATION = {"form": "顾问指导", "mode": "advisory", "own_city": "no", "title": "full_senior",
              "title_since": "2030-01-01", "class_grounds": "任职文件和职称证书见附件。"}  # fmt: skip
CLASSES: tuple[dict[str, str], ...] = (
    {"class": "provincial", "ground": "discipline_leader", "level": "province"},
    {"class": "city", "ground": "famous_doctor", "level": "city"},
    {"class": "senior", "home": "grade_3a"},
)
ELEMENTS = dict.fromkeys(
    ("duties", "assessment", "breach", "visits", "discipline", "training", "benefit"), "见合同相应条款。"
)
PROOFS = ("visits", "income", "attendance", "techniques", "introduction", "specialty", "papers", "research", "staff")
FIGURES: dict[str, str] = {
    **{f"{name}_proof": "年度统计材料第1至3页" for name in PROOFS},
    "panel": "考核小组成员甲、考核小组成员乙",
    "visits_this": "1300",
    "visits_last": "1000",
    "visits_months": "year",
    "experts": "1",
    "income_this": "1300000",
    "income_last": "1000000",
    "income_months": "year",
    "visit_unit": "hours",
    "agreed": "750",
    "attended": "720",
    "mentoring_points": "8",
    "mentoring_reason": "培训12次，两人能独立开展诊疗。",
    "techniques": "5",
    "introduced": "yes",
    "pilot": "yes",
    "established": "in_year",
    "assisted": "yes",
    "papers": "2",
    "staff_percent": "86.5",
    "asked_leaders": "3",
    "asked_middle": "10",
    "asked_staff": "60",
    "patient_percent": "92",
    "patient_how": "出院患者问卷",
}
RATING = {"points": "8", "account": "带教计划按期完成。"}
ACCEPTANCE = {"completion": "按合同完成。", "arrival": "按约定到位。", "funds": "按规定使用。"}
ANSWERS: Mapping[str, Answer[Cast]] = {
    # From the need to the filing.
    "talent_need": says(
        "submit_need", gap="专科诊疗能力不足", direction="重点专科建设", fits="补齐学科梯队。", department="内科"
    ),
    "talent_need_approval": says("approve", AGREED),
    "talent_nomination": _nomination,
    "talent_submission": says("submit", AGREED),
    "qualification_review": says("pass", AGREED, settled="无"),
    "preliminary_selection": says("shortlist", AGREED),
    "comprehensive_evaluation": _evaluation,
    "talent_filing": says("file_talent", AGREED),
    # The contract, and the gates before clinical work.
    "contract_draft": _draft,
    "contract_by_expert": says("sign", AGREED),
    "contract_by_employer": says("sign", AGREED),
    "contract_paper": _paper,
    "home_unit_consent": _consent,
    "practice_authority": _authority,
    # While it runs.
    "talent_check_in": _check_in,
    "midterm_assessment": _midterm,
    "before_signature": says("count_before", "签订前已按约定到岗。"),
    "settle_excuse": by_part("snow_unproved", _unproved, says("confirm_excuse", "佐证属实，予以确认。")),
    "assessment_plan": says("by_calendar_year"),
    "assessment_stub": says("leave_to_acceptance"),
    "assessment_part": says("leave_part", "合同已提前结束，不另行考核。"),
    # A year's assessment.
    "mentees_rating": says("submit_rating", **{"mentees-0-name": "带教学员甲", "mentees-0-points": "9"}),
    "department_rating": says("submit_rating", **RATING),
    "self_rating": says("submit_rating", **RATING),
    "capacity_score": says("give_points", points="4"),
    "veto_medical": says("nothing_known"),
    "veto_mediation": says("nothing_known"),
    "assessment_panel": _panel,
    "table_gap": says("settle_gap", "按比例计。", points="6.5"),
    "veto_decision": says("confirm_veto", "满意度测评材料属实。"),
    "assessment_conclusion": by_part("veto", says("conclude_unqualified"), says("conclude_qualified")),
    "assessment_notice": says("accept_result", ""),
    "assessment_consent": says("consent", AGREED),
    # The end of the term.
    "acceptance_report": with_scan(says("report_acceptance", **ACCEPTANCE)),
    "acceptance_conclusion": says("conclude_qualified", "符合合同约定。"),
    "acceptance_consent": says("consent", AGREED),
    "talent_next_year": says("decide_next_year", "效果良好。", allowances="按约定发放。", again="yes"),
    "end_report": says("report_end", fulfilled="合同已履行完毕。"),
    "end_filing": says("file_end", "已阅。"),
    # Termination.
    "hold_payments": says("hold_payments"),
    "confirm_ground": says("ground_confirmed", "经核对出诊登记属实。"),
    "force_majeure_ground": says("ground_not_found", "大雪停诊情况属实，不构成终止事由。"),
    "recommend_termination": says("recommend_termination"),
    "expert_recommendation": says("other_comment", "同意按规定办理。"),
    "termination_application": says("apply_in_writing", "工作时间不及约定的70%，申请终止合同。"),
    "termination_review": says("consent_termination", AGREED),
    # Rescission.
    "open_inquiry": says("no_inquiry", "已督促整改，不启动查实。"),
    "verify_cause": with_scan(says("cause_verified", "经查属实。")),
    "expert_reply": says("give_reply", "对事实没有异议。"),
    "decide_rescission": says("rescind", "经院务会研究决定解除。"),
    "stop_benefits": says("benefits_stopped", "津贴补贴自本月起停发。"),
    "pursue_liability": says("no_liability", "未造成经济损失。"),
    "ended_report": says("report_end"),
    "ended_filing": says("file_end", "已阅。"),
    # The funds of the year.
    "fund_budget": _budget,
    "fund_running": says("settle_funds"),
    "fund_request": with_scan(says("request_funds", yuan=YUAN, basis="合同约定的奖补。")),
    "fund_request_approval": says("approve", AGREED),
    "fund_check": says("pass_payment", reason="年度考核材料待年末补齐。"),
    "fund_paying": _paying,
}
