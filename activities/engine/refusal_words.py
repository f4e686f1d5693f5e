"""Why an answer was not counted, as its author reads it in the letter that says so (design 6)."""

from collections.abc import Mapping

from policies.engine.words import Words

WHY: Mapping[str, Words] = {
    "TaskUnknown": Words("该事项已不存在", "the task no longer exists"),
    "TaskClosed": Words("收到时该事项已办结或已撤回", "the task had been settled or taken back when it came"),
    "NotYourTask": Words("该事项未请您办理，或已转由他人办理", "the task is not, or no longer, asked of you"),
    "NotYetYourTurn": Words("还有加签人尚未签署", "others sign before you"),
    "StepUnknown": Words("只能退回到前面的环节", "a task goes back to an earlier step only"),
    "SignerUnfit": Words("该人员已经参与本项待办，不能加签", "this person already takes part in the task"),
    "RoleEnded": Words("您担任该职务的任期已结束", "your term in the role in which you were asked has ended"),
    "StaleRevision": Words("该事项已更新，您办理的是旧版本", "the task has a newer version than the one you answered"),
    "ChoiceUnknown": Words("所选项不在该事项的选项之内", "the choice is not one of the task’s"),
    "AlreadyAnswered": Words("您此前已作出决定，以先前的决定为准", "you had answered before; that answer stands"),
    "ReasonMissing": Words("该选项须说明理由", "the choice needs a reason"),
    "FormIncomplete": Words("填报内容不完整", "the form was incomplete"),
    "OwnCase": Words("本人不得办理自己的事项", "nobody decides on their own case"),
    "BothSides": Words("同一人不得代表双方办理", "one person cannot act for both sides"),
    "CaseClosed": Words("该事项已办理结束", "the case has ended"),
    "UrgedTooSoon": Words("该事项不久前刚催办过", "the task was urged a short while ago"),
    "WithdrawalTooLate": Words(
        "报备后撤回须经双方和备案单位同意", "after filing a withdrawal needs both sides’ and the bureau’s consent"
    ),
}
UNNAMED = Words("请见事项页面", "please see the page of the case")


def why_not_counted(refusal: str) -> Words:
    """The reason in words, by the refusal's name; one without words of its own sends the reader to the page."""
    return WHY.get(refusal, UNNAMED)
