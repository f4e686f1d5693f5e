"""Words for the codes of flexible-talent contracts, marked for the catalogue and translated where they are shown."""

from collections.abc import Mapping

from i18n import N_

LIFECYCLES: Mapping[str, str] = {
    "ContractTermination": N_("合同终止"),
    "ContractRescission": N_("合同解除"),
    "ContractCannotContinue": N_("合同无法继续履行"),
}

FACTS: Mapping[str, str] = {
    "learned_on": N_("得知日期"),
    "ended_on": N_("结束日期"),
    "as_of": N_("截至日期"),
    "figure": N_("认定序号"),
    "today": N_("判断日期"),
    "received_on": N_("收到之日"),
    "recommended_latest": N_("建议最迟日"),
    "late_after": N_("此日之后为逾期"),
    "application_months": N_("申请期限（月）"),
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
