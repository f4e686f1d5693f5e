"""The forms of a year of funds and of payments out of it as lists of entries (OT-5, OT-7.2; F-35)."""

from collections.abc import Mapping

from activities.talent_funds import PLACES
from i18n import N_
from services.forms.entries import Entry, Sheet
from services.forms.talent_sheets import OPTIONAL_SCAN, SCAN

AMOUNTS = tuple(Entry(place, N_("调整后经费（万元）"), "number") for place in PLACES)
KINDS: Mapping[str, str] = {
    "reward": N_("人才奖补"),
    "patients": N_("患者就诊相关费用补贴"),
    "own_reward": N_("用人单位另行激励（自有资金）"),
    "petition": N_("一事一议资金申请"),
}
SHEETS: Mapping[str, Sheet] = {
    "fund_budget": Sheet(
        (Entry("number", N_("经费下达文号")), Entry("issued_on", N_("下达日期"), "day"), SCAN),
        on=("record_budget",),
    ),
    "fund_amounts": Sheet(AMOUNTS, on=("propose_adjustment", "propose_float")),
    "fund_request": Sheet(
        (
            Entry("yuan", N_("申请金额（元）"), "number"),
            Entry("basis", N_("用途和依据（合同条款、考核结果、文号等）"), "words"),
            Entry("title", N_("获得的称号（另行激励时填写）"), required=False),
            OPTIONAL_SCAN,
        ),
        on=("request_funds",),
    ),
    "fund_check": Sheet(
        (
            Entry("go_on", N_("有待处理的终止、解除事由或考核不合格，决定仍照常拨付"), "tick", required=False),
            Entry("reason", N_("档案不完整或照常拨付的理由（系统提示时填写）"), "words", required=False),
            Entry(
                "projects",
                N_("多个项目如何就高（系统提示时选择）"),
                "choice",
                required=False,
                choices={
                    "highest": N_("就高不叠加"),
                    "highest_each": N_("就高不叠加（团队经费按人均）"),
                    "apart": N_("分别计算"),
                },
            ),
        ),
        on=("pass_payment",),
    ),
    "fund_paying": Sheet(
        (
            Entry("from_funds", N_("从经费支付的金额（元，按页面核算填写）"), "number"),
            Entry("paid_on", N_("拨付日期"), "day"),
            Entry("voucher", N_("拨付凭证号")),
        ),
        on=("pay_funds",),
    ),
    "petition_decision": Sheet(
        (
            Entry("document", N_("旗委决定的文号或会议纪要")),
            Entry("decided_on", N_("决定日期"), "day"),
            OPTIONAL_SCAN,
        ),
        on=("grant_petition", "refuse_petition"),
    ),
}
WITH_SCAN = ("fund_budget", "fund_request", "petition_decision")
