"""Words for codes of the record that pages and printed documents share (COR-18)."""

from collections.abc import Mapping

from i18n import N_

CHANNELS: Mapping[str, str] = {
    "link": N_("邮件链接"),
    "page": N_("登录页面"),
    "paper": N_("纸质代录"),
    "api": N_("接口"),
}
MODES: Mapping[str, str] = {"full": N_("全脱产"), "half": N_("半脱产")}
MARKS: Mapping[str, str] = {
    "MUST": N_("必须"),
    "PRINCIPLE": N_("原则上"),
    "MAY": N_("可以"),
    "TARGET": N_("目标"),
}
VERDICTS: Mapping[str, str] = {"file": N_("予以报备"), "return": N_("退回"), "object": N_("提出异议")}
GRADES: Mapping[str, str] = {
    "excellent": N_("优秀"),
    "qualified": N_("合格"),
    "qualified_or_above": N_("合格及以上，是否优秀待定"),
    "unqualified": N_("不合格"),
}

OUTCOMES: Mapping[str, str] = {
    "in_time": N_("按期"),
    "late": N_("逾期"),
    "eligible": N_("符合"),
    "not_eligible": N_("不符合"),
    "met": N_("达到"),
    "not_met": N_("未达到"),
    "above_cap": N_("超过上限"),
    "within_cap": N_("不超过上限"),
    "counts_with_priority": N_("计入，享受优先"),
    "not_counted": N_("不计入"),
    "no_priority": N_("计入，不享受优先"),
    "priority": N_("享受优先"),
    "reached": N_("已满一年"),
    "short": N_("未满一年"),
    "not_concerned": N_("不涉及"),
    "counts": N_("计入"),
    "pauses": N_("暂停计时"),
    "unexplained": N_("须由人确认"),
    "one_time": N_("计1次"),
    "no_incident": N_("不属旷工"),
    "void_pending": N_("不计入，待集团确认"),
    "pending_appeal": N_("异议未决，暂不适用"),
    "allowed": N_("允许"),
    "refused": N_("不允许"),
    "in_force": N_("已生效"),
    "proposed": N_("建议数"),
    "provisional": N_("暂按推算"),
    "settled": N_("已明确"),
    "computed": N_("已计算"),
    "pool_short": N_("尚有缺口"),
    "covered": N_("足额"),
    "complete": N_("内容完整"),
    "proposal": N_("建议等次"),
    "decided": N_("已确定"),
    "kept": N_("符合要求"),
    "fits": N_("符合要求"),
    "ask": N_("待明确事项"),
    "": N_("待明确事项"),
}

# Of ground 4 to terminate (what the text names, and its open list), and why a contract cannot go on.
END_KINDS: Mapping[str, str] = {
    "mid_term_unqualified": N_("中期考核不合格"),
    "acceptance_unqualified": N_("验收不合格"),
    "medical_accident": N_("出现医疗事故"),
    "other": N_("其他情形"),
    "death": N_("专家去世"),
    "illness": N_("专家患病"),
    "force_majeure": N_("不可抗力"),
    "licence_lost": N_("执业资格丧失"),
    "employer_reasons": N_("用人单位原因"),
}

TIME_UNITS: Mapping[str, str] = {
    "half_days": N_("个半天"),
    "days": N_("天"),
    "hours": N_("小时"),
    "sessions": N_("次"),
}
