"""What a rehearsal says on the console and in its page, beside the words of the pack."""

from collections.abc import Mapping

from i18n import N_

PARTS: Mapping[str, str] = {
    "wanted": N_("与他人竞争同一岗位，排在前面"),
    "rival": N_("与他人竞争同一岗位，排在后面"),
    "absent": N_("四次未履行请假手续不在岗"),
    "late_start": N_("执业备案迟迟未办"),
    "declines": N_("本人不参加"),
    "returned": N_("报名被退回补充"),
    "rejected": N_("首次报名被接收单位拒绝"),
    "on_leave": N_("服务期内休假"),
    "leaves": N_("服务期内离职"),
    "newcomer": N_("执业未满三年"),
    "nurse": N_("非执业医师"),
    "objected": N_("县局提出异议"),
    "sent_back": N_("县局退回补充"),
    "appeals": N_("对考核结果提出异议"),
    "unqualified": N_("考核结果为不合格"),
    "mentor_declines": N_("首位带教老师不能带教"),
    "stays": N_("期满后申请留任"),
}
