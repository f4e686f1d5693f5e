"""Words for the codes of flexible-talent contracts, marked for the catalogue and translated where they are shown."""

from collections.abc import Mapping

from i18n import N_

FACTS: Mapping[str, str] = {
    "learned_on": N_("得知日期"),
    "as_of": N_("截至日期"),
    "figure": N_("认定序号"),
    "today": N_("判断日期"),
    "received_on": N_("收到之日"),
    "recommended_latest": N_("建议最迟日"),
    "late_after": N_("此日之后为逾期"),
    "application_months": N_("申请期限（月）"),
}

# Of ground 4 to terminate a talent contract: what the text names, and its open list.
END_KINDS: Mapping[str, str] = {
    "mid_term_unqualified": N_("中期考核不合格"),
    "acceptance_unqualified": N_("验收不合格"),
    "medical_accident": N_("出现医疗事故"),
    "other": N_("其他情形"),
}

TIME_UNITS: Mapping[str, str] = {
    "half_days": N_("个半天"),
    "days": N_("天"),
    "hours": N_("小时"),
    "sessions": N_("次"),
}
