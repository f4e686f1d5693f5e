"""What is said when something about flexible talent is refused: title, detail and advice, by the refusal's code."""

from collections.abc import Mapping

from i18n import N_

TALENT_PROBLEMS: Mapping[str, tuple[str, str, str]] = {
    "contract_not_running": (
        N_("合同没有在履行"),
        N_("该合同尚未签订或已经结束，没有可以终止的合同。"),
        N_("请核对合同编号；已结束的合同如有异议，请另行反映。"),
    ),
    "contract_opening_stands": (
        N_("导入不能撤回"),
        N_("该合同已经结束，或导入后已有人作出决定，不能再撤回导入。"),
        N_("请查看该事项的工作档案。"),
    ),
    "fund_requests_wait": (
        N_("有经费申请未办结"),
        N_("还有 {number} 项本年度的经费申请未办结，不能办结本年度经费。"),
        N_("请先拨付、退回或不予拨付。"),
    ),
    "funds_below_paid": (
        N_("低于已拨付"),
        N_("拟定的金额低于该项目已经拨付的金额，调整没有生效。"),
        N_("请查看本年度已拨付的金额，重新拟定。"),
    ),
    "funds_not_open": (
        N_("经费尚未落实"),
        N_("{year}年的经费尚未由旗财政局登记落实，或已办结。"),
        N_("请与旗卫生健康委联系。"),
    ),
}
