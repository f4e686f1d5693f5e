"""Words for the codes of flexible-talent contracts that pages, sheets and clients share (COR-18)."""

from collections.abc import Mapping

from i18n import N_

UNITS: Mapping[str, str] = {
    "days": N_("天"),
    "half_days": N_("个半天"),
    "hours": N_("小时"),
    "sessions": N_("次"),
}
SESSION_KINDS: Mapping[str, str] = {
    "clinic": N_("门诊"),
    "rounds": N_("查房"),
    "consultation": N_("会诊"),
    "surgery_demo": N_("手术示教"),
    "training": N_("带教、培训"),
    "research": N_("科研"),
    "management": N_("学科管理"),
    "other": N_("其他工作"),
    "free_clinic": N_("义诊（不计入合同工作时间）"),
}
EXCUSES: Mapping[str, str] = {
    "weather": N_("恶劣天气"),
    "natural_disaster": N_("自然灾害"),
    "epidemic_control": N_("疫情防控"),
    "transport_closure": N_("交通管制或中断"),
    "other": N_("其他不可抗力"),
}
EXCUSE_STATES: Mapping[str, str] = {
    "claimed": N_("待旗卫健委确认"),
    "confirmed": N_("已确认，予以扣除"),
    "dismissed": N_("未予确认，不扣除"),
}
CONTRACT_STATES: Mapping[str, str] = {
    "": N_("提名前"),
    "nominated": N_("评审中"),
    "filed": N_("已备案，待签订"),
    "signed": N_("合同期内"),
    "ended": N_("已结束"),
}
CAUSES: Mapping[str, str] = {"checkpoint": N_("按期核算"), "correction": N_("更正后重新核算")}
CHECKPOINTS: Mapping[str, str] = {
    "quarter_end": N_("季度末"),
    "year_end": N_("年末"),
    "contract_end": N_("合同期末"),
}
# What the rules of working time, nomination and contract find; a finding is never shown by its code.
OUTCOMES: Mapping[str, str] = {
    "no_ground": N_("不低于70%"),
    "early_warning": N_("提前提醒"),
    "ground_to_confirm": N_("低于70%，待用人单位核实"),
    "nothing_due": N_("尚无约定工作时间"),
    "schedule_contradicts": N_("合同安排不一致"),
    "schedule_differs": N_("各期合计与总量不一致"),
    "usual": N_("期限在一般范围内"),
    "below_minimum": N_("短于一般期限"),
    "above_maximum": N_("长于一般期限"),
    "incomplete": N_("内容不完整"),
    "duties_open": N_("责任义务待明确"),
    "unchanged": N_("关系不变"),
    "changed": N_("关系有变"),
    "regular_employee": N_("属正式入职"),
    "clause_missing": N_("缺少约定"),
    "team_small": N_("团队人数不足"),
    "leaders_unfit": N_("领衔人数不符"),
    "titles_suffice": N_("职称结构符合"),
    "title_short": N_("职称不足"),
    "share_reached": N_("达到比例"),
    "share_below": N_("未达到比例"),
    "mixed": N_("年龄结构合理"),
    "not_mixed": N_("年龄结构单一"),
    "second_project": N_("同期另有项目"),
    "only_project": N_("同期没有其他项目"),
    "no_overlap": N_("与其他项目不重叠"),
    "named_form": N_("形式符合"),
    "other_form": N_("其他形式"),
    "form_missing": N_("未写明形式"),
    "excluded_form": N_("不属于柔性引才"),
    "class_1": N_("属第一类"),
    "class_2": N_("属第二类"),
    "class_3": N_("属第三类"),
    "by_reference": N_("参照执行"),
    "not_equal": N_("不属参照范围"),
    "own_city": N_("来自本市"),
    "not_in_class": N_("不属于该类别"),
    "level_short": N_("级别不足"),
    "post_short": N_("任职不足"),
    "years_short": N_("年限不足"),
    "home_unfit": N_("原单位类别不符"),
    "ability_not_found": N_("能力未予认定"),
    "evidence_missing": N_("缺少证明材料"),
}
