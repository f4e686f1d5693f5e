"""Words for the codes of flexible-talent contracts, marked for the catalogue and translated where they are shown."""

from collections.abc import Mapping

from i18n import N_
from services.forms import fund_sheets

LIFECYCLES: Mapping[str, str] = {
    "TalentContract": N_("柔性引才合同"),
    "AnnualTalentAssessment": N_("柔性引才年度考核"),
    "ContractTermination": N_("合同终止"),
    "FundYear": N_("年度引才经费"),
    "TalentPayment": N_("引才经费申请"),
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
    "imported": N_("其中期初导入"),
    "application_months": N_("申请期限（月）"),
}

FUND_SHARES: Mapping[str, str] = {
    "budget": N_("方案规定"),
    "adjusted": N_("分配调整"),
    "floated": N_("浮动"),
}

FUND_PAYMENT_STATES: Mapping[str, str] = {
    "requested": N_("已申请"),
    "paid": N_("已拨付"),
    "refused": N_("未予拨付"),
    "returned": N_("已退回"),
    "dropped": N_("不再申请"),
    "recorded": N_("已登记"),
    "granted": N_("已获同意"),
}

# What the rules of funds and payments find.
OUTCOMES: Mapping[str, str] = {
    "total_differs": N_("合计不符"),
    "below_paid": N_("低于已拨付"),
    "below_requested": N_("低于已拨付和已申请之和"),
    "outside_window": N_("超出范围"),
    "above_total": N_("超过总额"),
    "above_total_settled": N_("超过总额，已明确"),
    "balanced": N_("有余额"),
    "overdrawn": N_("已超支"),
    "from_funds": N_("全部由经费支付"),
    "split": N_("部分自行承担"),
    "own_cost": N_("自行承担"),
    "single": N_("一个项目"),
    "highest": N_("就高不叠加"),
    "apart": N_("分别计算"),
    "may_go": N_("可以拨付"),
    "stopped": N_("待遇和资助已停止"),
    "paid_with_reason": N_("已说明理由"),
    "result_pending": N_("考核结果未定"),
    "reason_missing": N_("须说明理由"),
    "incomplete": N_("材料不全"),
    "file_missing": N_("档案不全"),
}

FUND_PAYMENTS: Mapping[str, str] = fund_sheets.KINDS

REFUSALS: Mapping[str, str] = {
    "ContractNotRunning": N_("该合同尚未签订或已经结束，没有可以终止的合同。"),
    "ContractOpeningStands": N_(
        "该合同已经结束、导入后已有人作出决定，或已在系统中得知终止、解除事由（如核算低于70%），不能再撤回导入。工作时间有误的，请通过登记或更正工作时间改正。"
    ),
    "FundsBelowPaid": N_(
        "审批期间又有拨付，拟定金额已低于该院已拨付额，不能同意。请退回，由旗卫生健康委按已拨付额重新拟定。"
    ),
    "FundRequestsWait": N_("还有本年度的经费申请未办结，不能办结本年度经费。请先拨付、退回或不予拨付。"),
    "FundsNotOpen": N_("本年度经费尚未由旗财政局登记落实，或已办结，暂不能申请。"),
}
