"""Words for the codes of a term of service, marked for the catalogue and translated where they are shown (COR-18)."""

from collections.abc import Mapping

from i18n import N_

PROSPECTS: Mapping[str, str] = {
    "result": N_("考核结果"),
    "cohort": N_("年度优秀名额"),
    "site": N_("定点连续服务"),
    "accumulated": N_("累计服务"),
    "all_on_site": N_("全部在定点服务"),
    "before": N_("重新起算前的服务"),
    "absences": N_("缺勤"),
    "check_in": N_("下一次季度小结"),
    "assessment": N_("季度绩效考核"),
}

PROSPECT_DAYS: Mapping[str, str] = {
    "site": N_("最后一天："),
    "all_on_site": N_("最后一天："),
    "check_in": N_("开始："),
}

PROSPECT_STATES: Mapping[str, str] = {
    "met": N_("已满"),
    "open": N_("进行中"),
    "ask": N_("待明确事项"),
}

ACTIVITY_STATES: Mapping[str, str] = {
    "recorded": N_("待核实"),
    "confirmed": N_("已确认"),
    "dismissed": N_("未予确认"),
}

ACTIVITY_FORMS: Mapping[str, str] = {"other": N_("其他形式")}

ABSENCE_STATES: Mapping[str, str] = {
    "recorded": N_("待确认"),
    "confirmed": N_("已确认"),
    "dismissed": N_("未认定"),
    "split": N_("已拆分"),
}

DAY_WEIGHTS: Mapping[str, str] = {
    "counts": N_("照常计时"),
    "pauses": N_("暂停计时"),
    "ask": N_("请集团明确"),
    "unexplained": N_("确认旷工后不计"),
}

CERTIFICATES: Mapping[str, str] = {
    "valid": N_("该证明有效。"),
    "frozen": N_("该证明正在核查，暂时冻结。"),
    "unknown": N_("没有这个查验码，请核对后重新输入。"),
}

CAPS: Mapping[str, str] = {"within_cap": N_("不超过上限"), "above_cap": N_("超过上限")}

CHANGES: Mapping[str, str] = {"early_end": N_("提前结束"), "transfer": N_("转岗")}

SITE_MONTHS: Mapping[str, str] = {"restart": N_("月数重新起算"), "continue": N_("月数接续计算")}

CHANGE_STATES: Mapping[str, str] = {
    "proposed": N_("待各方决定"),
    "agreed": N_("各方已同意"),
    "refused": N_("未获同意"),
    "moot": N_("服务期已满或已结束，不再办理"),
}

STANDSTILLS: Mapping[str, str] = {
    "suspension": N_("暂停服务"),
    "force_majeure": N_("不可抗力或突发公共事件"),
}

STANDSTILL_STATES: Mapping[str, str] = {
    "recorded": N_("正在记录"),
    "stands": N_("已登记"),
    "ended": N_("已恢复"),
}

STANDSTILL_REACHES: Mapping[str, str] = {
    "term": N_("仅本服务期"),
    "receiving": N_("接收单位的全部服务期（仅限不可抗力）"),
    "group": N_("本集团的全部服务期（仅限不可抗力）"),
}

END_OCCASIONS: Mapping[str, str] = {
    "": "",
    "recall": N_("派出单位召回"),
    "by_receiving": N_("接收单位提出"),
    "by_person": N_("本人提出"),
    "agreement": N_("双方协商一致"),
    "post_cancelled": N_("岗位取消"),
}
