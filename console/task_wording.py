"""Words for how people come to a task, and for why an answer to it, or passing it on, is refused."""

from collections.abc import Mapping

from i18n import N_

SEATS: Mapping[str, str] = {
    "holder": "",
    "vacant": N_("岗位空缺，由其代为办理"),
    "conflict": N_("因回避由其办理"),
    "deputy": N_("委托代办"),
    "named": N_("指定办理"),
    "by_name": N_("指定办理"),
    "handed_over": N_("转办"),
    "consulted": N_("征求意见"),
    "signs_before": N_("前加签"),
    "signs_after": N_("后加签"),
    "copied": N_("抄送"),
}

TASK_REFUSALS: Mapping[str, str] = {
    "TaskUnknown": N_("没有这项待办。"),
    "TaskClosed": N_("这项待办已经办结或取消。"),
    "NotYourTask": N_("这项待办不由您办理。"),
    "NotYetYourTurn": N_("还有加签人尚未签署，请在其签署之后办理。"),
    "StepUnknown": N_("只能退回到前面的环节，请重新选择。"),
    "SignerUnfit": N_("不能这样加签：该人员已经参与本项待办，或者这项待办须填写表单，只能征求意见。"),
    "RoleEnded": N_("您担任该职务的任期已结束，这项待办已不再由您办理。"),
    "StaleRevision": N_("这项待办已经更新，请在新的页面上办理。"),
    "ChoiceUnknown": N_("请从页面列出的选项中选择一项。"),
    "AlreadyAnswered": N_("您已经作出决定，以已记录的决定为准。"),
    "ReasonMissing": N_("请写明理由。"),
    "FormIncomplete": N_("表单还有内容需要填写。"),
    "OwnCase": N_("本人的事项须由他人办理。"),
    "BothSides": N_("同一人不能在同一事项中代表双方。"),
    "UrgedTooSoon": N_("刚刚催办过，请过一段时间再催。"),
    "TakerUnfit": N_("请从名单中选择在职且不涉及本事项的人员。"),
}
