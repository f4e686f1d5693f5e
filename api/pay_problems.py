"""What is said when something about pay and payments is refused: title, detail and advice, by the refusal's code."""

from collections.abc import Mapping

from i18n import N_

_RELOAD = N_("请刷新后查看最新状态。")
_ASK_HR = N_("如有疑问，请联系人事部门。")

PAY_PROBLEMS: Mapping[str, tuple[str, str, str]] = {
    "total_not_approved": (
        N_("总量尚未核定"),
        N_("本年度绩效工资总量尚未经四个局核定（{case}），不能发放。"),
        N_("请等待四个局核定。"),
    ),
    "total_exceeded": (
        N_("超过核定总量"),
        N_("发放合计将超过核定总量：尚可发放 {left} 元，本次超出 {over} 元。"),
        N_("请减少本次金额，或重新测算报核总量。"),
    ),
    "pay_year_settled": (
        N_("本年度发放已办结"),
        N_("本年度的发放已经办结（{case}），不再登记。"),
        _ASK_HR,
    ),
    "payment_unknown": (N_("没有这笔发放"), N_("没有这笔发放，或它尚未确认、已经或正在冲销。"), _RELOAD),
    "payment_settled": (N_("已有结果"), N_("这笔发放已由他人确认、退回或撤回，请看最新状态。"), _RELOAD),
    "recorded_by_you": (
        N_("须第二人确认"),
        N_("登记人不能确认或退回自己登记的发放，须由另一位有权人员办理。"),
        N_("请交由他人核对。"),
    ),
    "payments_wait": (
        N_("有发放未确认"),
        N_("还有 {number} 笔发放未确认，不能办结本年度。"),
        N_("请先在“绩效工资”页面确认、退回或撤回。"),
    ),
}
