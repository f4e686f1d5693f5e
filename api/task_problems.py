"""What a refusal to answer a task, or to pass it on, says: title, what is wrong, what to do."""

from collections.abc import Mapping

from i18n import N_

_RELOAD = N_("请刷新后查看最新状态。")
_ASK_HR = N_("如有疑问，请联系人事部门。")
_CHECK = N_("请核对后重新提交。")

TASK_PROBLEMS: Mapping[str, tuple[str, str, str]] = {
    "task_unknown": (N_("没有这项任务"), N_("没有编号为 {task} 的任务。"), N_("请核对编号。")),
    "task_closed": (N_("任务已办结"), N_("该任务已办结、撤回或被替换，本次决定不计入。"), _RELOAD),
    "not_your_task": (N_("不是您的任务"), N_("该任务不由您办理。"), _ASK_HR),
    "not_yet_your_turn": (
        N_("还没有轮到您"),
        N_("还有加签人尚未签署，本次没有记录。"),
        N_("加签人签署后系统会通知您，届时再办理。"),
    ),
    "step_unknown": (N_("不能退回到该环节"), N_("只能退回到前面的环节，本次没有记录。"), _RELOAD),
    "signer_unfit": (
        N_("不能这样加签"),
        N_("该人员已经参与本项任务，或者这项任务须填写表单，不能加签。"),
        N_("请另选人员，或者改为征求意见。"),
    ),
    "deputy_unfit": (N_("不能由该人员代办"), N_("代办人须是同一单位的其他任职人员。"), N_("请另选人员。")),
    "deputy_days": (
        N_("代办日期不对"),
        N_("起止日期须不早于今天，结束不早于开始，最长一年。"),
        N_("请修改日期后重新提交。"),
    ),
    "deputy_overlaps": (
        N_("代办安排重叠"),
        N_("这几天里，其中一人已委托他人，或者正代他人办理。"),
        N_("请先结束原来的安排，或者另选人员、日期。"),
    ),
    "deputy_unknown": (N_("没有这项代办"), N_("没有这项代办，或者它已经结束。"), _RELOAD),
    "role_ended": (N_("任期已结束"), N_("您担任该职务的任期已结束，该任务已不再由您办理。"), _ASK_HR),
    "stale_revision": (N_("任务已更新"), N_("您办理的是旧版本，任务已有新版本。"), N_("请打开最新版本后再办理。")),
    "choice_unknown": (N_("没有这个选项"), N_("所选决定不在本步骤的选项之内。"), N_("请从任务列出的选项中选择。")),
    "already_answered": (N_("已经作出决定"), N_("您已对本步骤作出决定，以已记录的为准。"), _RELOAD),
    "reason_missing": (N_("缺少理由"), N_("该决定须写明理由。"), N_("请填写理由后重新提交。")),
    "form_incomplete": (N_("表单不完整"), N_("决定缺少必填内容。"), _CHECK),
    "urged_too_soon": (N_("刚刚催办过"), N_("该任务不久前已催办。"), N_("请稍后再催办。")),
    "taker_unfit": (N_("不能转交此人"), N_("此人不能接办该任务。"), N_("请另选一人。")),
}
