"""Words for the codes of flexible-talent contracts, marked for the catalogue and translated where they are shown."""

from collections.abc import Mapping

from i18n import N_

LIFECYCLES: Mapping[str, str] = {
    "ContractTermination": N_("合同终止"),
    "FundYear": N_("年度引才经费"),
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

FUND_SHARES: Mapping[str, str] = {
    "budget": N_("方案规定"),
    "adjusted": N_("分配调整"),
    "floated": N_("浮动"),
}
