"""Words for the codes of the record, marked for the catalogue and translated where they are shown (COR-18)."""

from collections.abc import Mapping

from console.contract_wording import REFUSALS as TALENT_REFUSALS
from console.task_wording import TASK_REFUSALS
from i18n import N_
from services.forms.scans import WITH_SCAN

# Lines that the engine itself writes into a file; those of a lifecycle have their words in its pack.
EVENTS: Mapping[str, str] = {
    "asked": N_("提出待办"),
    "decided": N_("作出决定"),
    "settled": N_("办结"),
    "task_withdrawn": N_("待办取消"),
    "rung_fired": N_("发出提醒或催办"),
    "rung_skipped": N_("时点已过，未再提醒"),
    "deadline_moved": N_("办理时限顺延"),
    "stage": N_("阶段变更"),
    "closed": N_("事项结束"),
    "handed_over": N_("转办"),
    "seat_added": N_("征求意见或加签"),
    "seat_recalled": N_("撤销征求意见或加签"),
    "copied": N_("抄送"),
    "reseated": N_("任期结束，转由他人办理"),
    "urged": N_("催办"),
    "commented": N_("留言"),
    "withdrawn": N_("本人撤回"),
    "rows_written": N_("写入台账"),
    "document_recorded": N_("登记文书要素"),
    "scan_returned": N_("签字盖章件归档"),
}

CYCLE_ENDED = N_(
    "本年度岗位工作已经结束，不再办理取消岗位。如有人报名，请在接收审核中不同意并写明理由；下一年度不再需要的，请不要再申报。"
)

REFUSALS: Mapping[str, str] = {
    **TASK_REFUSALS,
    "DeputyUnfit": N_("代办人须是同一单位的其他任职人员，请重新选择。"),
    "DeputyDays": N_("请填写起止日期：不早于今天，结束不早于开始，最长一年。"),
    "DeputyOverlaps": N_("这几天里，其中一人已委托他人，或者正代他人办理。请先结束原来的安排，或者另选人员、日期。"),
    "DeputyUnknown": N_("没有这项代办，或者它已经结束、不由您登记。"),
    **TALENT_REFUSALS,
    "StartingUp": N_("系统正在首次启动，规则尚未载入，本次操作没有保存。请稍候几秒再试。"),
    "CaseClosed": N_("该事项已经结束。"),
    "WithdrawalTooLate": N_("报备完成后不能自行撤回，须经派出单位、接收单位和备案机关同意。"),
    "OneOpenCase": N_("该人员在本项目中还有未结束的事项。"),
    "SignInNeeded": N_("这项决定影响重大，请先登录再提交。"),
    "NotCounted": N_("您的决定未计入。"),
    "NotForYou": N_("您的角色不能查看或办理这一内容。"),
    "CaseUnknown": N_("没有这个事项，或者您无权查看。"),
    "QualifiedSettled": N_(
        "合格及以上已经确定，只能在优秀与合格之间选择；发现弄虚作假的，请报县卫生健康局检查，证明随即冻结。"
    ),
    "LinkUnknown": N_("链接无效。"),
    "LinkExpired": N_("链接已过期。"),
    "LinkUsed": N_("链接已经用过，只能使用一次。"),
    "ScanUnfit": N_("请上传 PDF、JPEG 或 PNG 文件，不超过 10 MB。"),
    "ProofMissing": N_("请上传签字盖章的扫描件或会议纪要扫描件。"),
    "DecidedInFuture": N_("决定日期不能晚于今天。"),
    "SecondPersonNeeded": N_("须由记录人和签字人以外的人员核对。"),
    "SignerOutOfOffice": N_("签字人在决定日期未担任该职务，不能作为这项待办的决定。"),
    "PaperSettled": N_("该记录已经核对过。"),
    "FactsRefused": N_("有内容需要改正，请看标出的各项。"),
    "PostUnknown": N_("没有这个岗位。"),
    "PostMatched": N_("该岗位已达成意向，不能取消。"),
    "CycleEnded": CYCLE_ENDED,
    "PostTakenBack": N_("该岗位已经关闭。"),
    "NoOpenApplication": N_("该人员没有办理中的报名或服务期。"),
    "NotOnDispatchList": N_("该人员不在本年度的派遣名单中，请先由所在医院补报。"),
    "ClinicsOff": N_("原文为“可安排”，方案主管单位启用后才能办理。"),
    "NoCycle": N_("本年度还没有公布岗位。"),
    "FileLocked": N_("工作档案已归档锁定，不能再补充；如需整改，请由县卫生健康局就本事项开展检查。"),
    "NoMentor": N_("该事项目前没有带教老师，或正在另行指定。"),
    "IssuedInFuture": N_("印发日期不能晚于今天。"),
    "FontsMissing": N_(
        "系统所在的机器没有简体中文字体，不能生成 PDF。请下载 Word 文件，或直接打印网页，并告知系统管理员。"
    ),
    "SheetMissing": N_("请选择填好的考勤表。"),
    "SheetUnreadable": N_("无法读取这个文件：请上传 Excel 工作簿（.xlsx）。"),
    "SheetTooLarge": N_("文件过大或行数过多：请按月、按单位分开导入。"),
    "SheetColumnsWrong": N_("表头与模板不符：不认识的列 {unknown}；缺少的列 {absent}；重复的列 {repeated}。"),
    "SheetEmpty": N_("表头下面没有内容。"),
    "StoredMeanwhile": N_("他人正在登记同样的内容，本次没有保存。请稍候再试。"),
    "NotInService": N_("该服务期不存在，或目前不在服务中。"),
    "ProgrammeUnclear": N_("目前没有或有多个方案办理这一事项，请系统管理员核对已启用的方案。"),
    "NotOnboarding": N_("服务已经开始或已结束，不能再改到岗日期。"),
    "NotStandingStill": N_("没有这条暂停记录，或服务已经恢复。"),
    "ChangeUnderWay": N_("这个服务期已有一项变动正在办理，请等它办结。"),
    "MethodUnderWay": N_("这类人员的考核办法已有一个版本正在办理，请等它办结。"),
    "OpeningStands": N_("该服务期已经结束、已经评定等次或已转岗，不能再撤回导入。"),
    "SheetNotSeen": N_("请先上传并核对该文件，再确认导入。"),
    "TotalNotApproved": N_("本年度绩效工资总量尚未经四个局核定，不能发放。"),
    "MethodNotInForce": N_("这类人员的绩效考核办法尚未经四个局全部备案，不能发放绩效工资。"),
    "TotalExceeded": N_("发放合计将超过核定总量，不予登记或确认。"),
    "PayYearSettled": N_("本年度的发放已经办结，不再登记。"),
    "PaymentUnknown": N_("没有这笔发放，或它尚未确认、已经或正在冲销。"),
    "PaymentSettled": N_("这笔发放已由他人确认、退回或撤回，请看最新状态。"),
    "RecordedByYou": N_("登记人不能确认或退回自己登记的发放，须由另一位有权人员办理。"),
    "PaymentsWait": N_("还有发放未确认，不能办结本年度。请先在“绩效工资”页面确认、退回或撤回。"),
}
UNCONFIRMED = N_("请填写完整，并勾选确认。")
UNNAMED_REFUSAL = N_("这一请求未被接受。")

LIFECYCLES: Mapping[str, str] = {
    "DemandCycle": N_("年度供需"),
    "InstitutionDemand": N_("需求申报"),
    "HospitalSupply": N_("派遣名单"),
    "Balancing": N_("供需平衡"),
    "PostingCase": N_("派遣事项"),
    "TrainingPlacement": N_("进修安排"),
    "FilingBatch": N_("报备批次"),
    "ServiceTerm": N_("服务期"),
    "GradeBatch": N_("年度优秀名单"),
    "InspectionRectification": N_("检查整改"),
    "PromotionServiceGate": N_("晋升前服务核对"),
    "AnnualSummary": N_("年度总结"),
    "AnnualExchange": N_("年度交流"),
    "TalentCall": N_("人才项目申报"),
    "SeniorGpClinic": N_("定期坐诊"),
    "AssessmentMethodFiling": N_("考核办法备案"),
    "PayTotal": N_("绩效工资总量"),
}

CASE_STATES: Mapping[str, str] = {
    "starting": N_("正在建立"),
    "open": N_("办理中"),
    "closed": N_("已结束"),
}

POST_STATES: Mapping[str, str] = {
    "open": N_("可报名"),
    "matched": N_("已达成意向"),
    "closed": N_("已关闭"),
    "unfilled": N_("空缺"),
}

LEAVE_KINDS: Mapping[str, str] = {
    "annual": N_("年休假"),
    "official": N_("公务或培训"),
    "sick": N_("病假"),
    "personal": N_("事假"),
    "bereavement": N_("丧假"),
    "maternity": N_("产假、陪产假"),
    "disaster_duty": N_("抢险救灾"),
}

MENTOR_STATES: Mapping[str, str] = {
    "named": N_("待本人答复"),
    "accepted": N_("带教中"),
    "declined": N_("未接受"),
    "left": N_("已不再带教"),
    "ended": N_("带教结束"),
}

LEAVE_STATES: Mapping[str, str] = {
    "requested": N_("待审批"),
    "approved": N_("已准假"),
    "refused": N_("未准假"),
}

WEIGHS: Mapping[str, str] = {
    "": N_("待明确事项"),
    "counts": N_("照常计时"),
    "pauses": N_("暂停计时"),
    "restarts": N_("重新起算"),
}

ACTIVITY_PARTS: Mapping[str, str] = {
    "morning": N_("上午"),
    "afternoon": N_("下午"),
    "night": N_("夜间"),
    "day": N_("全天"),
}

DEPARTURES: Mapping[str, str] = {
    "left": N_("调离或离职"),
    "retired": N_("退休"),
    "died": N_("去世"),
    "licence_lost": N_("执业资格丧失"),
}

LETTERS: Mapping[str, str] = {
    "task": N_("待办通知"),
    "reminder": N_("提醒"),
    "urge": N_("催办"),
    "escalation": N_("督办"),
    "seat_ended": N_("任期结束告知"),
    "received_refused": N_("未计入告知"),
    "opinion_given": N_("意见已复告知"),
    "copied": N_("抄送"),
    "outcome": N_("结果告知"),
    "recorded_for_you": N_("代录告知"),
    "vacancy_alert": N_("岗位空缺提示"),
    "sign_in": N_("登录链接"),
}

TROUBLES: Mapping[str, str] = {
    "letter_refused": N_("邮件被拒收"),
    "letter_waiting": N_("邮件超过一分钟未发出"),
    "answer_pending": N_("决定超过一分钟未记入"),
    "answer_refused": N_("决定未计入"),
}

FACTS: Mapping[str, str] = {
    "choice": N_("选择"),
    "outcome": N_("结果"),
    "from": N_("由"),
    "to": N_("到"),
    "rung": N_("类别"),
    "post": N_("岗位"),
    "side": N_("审核方"),
    "verdict": N_("意见"),
    "role": N_("角色"),
    "place": N_("单位"),
    "closes_on": N_("截止日"),
    "until": N_("整改期限"),
    "inspected": N_("被检查单位"),
    "inspected_on": N_("检查日期"),
    "concerns": N_("涉及事项"),
    "occasion": N_("来由"),
    "session": N_("坐诊日期"),
    "profession": N_("专业类别"),
    "qualified_on": N_("取得执业医师资格"),
    "planned_start": N_("计划到岗日"),
    "starts_on": N_("新的到岗日"),
    "first_day": N_("服务第一天"),
    "absence": N_("缺勤记录"),
    "last_day": N_("最后一天"),
    "change": N_("变动记录"),
    "from_day": N_("自"),
    "to_day": N_("至"),
    "years": N_("年限"),
    "met_from": N_("满足之日"),
    "qualified_years": N_("要求年限"),
    "years_met_from": N_("满年限之日"),
    "target_title": N_("申报职称"),
    "served": N_("已认定的各段服务"),
    "other_service": N_("另有待核对的服务"),
    "months_at_least": N_("至少月数"),
    "months_at_most": N_("至多月数"),
    "months_needed": N_("要求月数"),
    "promotion_service_years": N_("要求年限"),
    "programme": N_("适用类别"),
    "answers": N_("各局结果"),
    "areas": N_("办法已明确的方面"),
    "method_bureaus": N_("须备案的局"),
    "method_areas_sent_down": N_("办法须明确的工作任务"),
    "method_areas_trainees": N_("办法须明确的学习任务"),
    "senders": N_("各派出单位"),
    "headcount_months": N_("计算平均的月数"),
    "per": N_("虚拟机构设立范围"),
    "heads_leave": N_("派出单位总量是否核减"),
    "submission": N_("第几次报送"),
}

HTTP: Mapping[int, str] = {
    404: N_("没有这个页面。"),
    405: N_("这个页面不接受该操作。"),
    400: N_("提交的内容无法读取，请返回重试。"),
    413: N_("提交的内容过大。"),
}
DATABASE_AWAY = N_("数据库暂时无法连接，本次操作没有保存。请稍候几秒，返回上一页再次提交；已记录的内容不会丢失。")
OCCASIONS: Mapping[str, str] = {
    "inspection": N_("监督检查"),
    "report": N_("反映或举报"),
    "audit": N_("审计或核查"),
    "case": N_("其他事项中发现"),
}
# The forms to which a file is attached.
WITH_FILE = frozenset({"rectification", "promotion", "method", "cause", *WITH_SCAN})
COUNTS: Mapping[str, str] = {
    "places_asked_for": N_("申报需求人数"),
    "posts_published": N_("公布岗位数"),
    "people_received": N_("已报备接收人数"),
    "people_listed": N_("派遣名单人数"),
    "people_sent": N_("已报备派出人数"),
    "trainees_reported": N_("报送轮训人数"),
    "inspections": N_("监督检查次数"),
}
CREDITS: Mapping[str, str] = {
    "this_plan": N_("县聘乡用"),
    "paired_assistance": N_("对口支援"),
    "tibet": N_("援藏"),
    "xinjiang": N_("援疆"),
    "abroad": N_("援外"),
    "other": N_("其他基层服务"),
}
CREDIT_VERDICTS: Mapping[str, str] = {
    "": N_("待核对"),
    "counted": N_("已认定"),
    "not_counted": N_("未予认定"),
}
POOL_SOURCES: Mapping[str, str] = {
    "tiered_care": N_("分级诊疗资金池提取"),
    "self_raised": N_("医院、卫生院自筹"),
}
PAYMENT_STANDINGS: Mapping[str, str] = {
    "waiting": N_("待确认"),
    "confirmed": N_("已确认"),
    "sent_back": N_("已退回"),
    "withdrawn": N_("已撤回"),
}
COVERAGE: Mapping[str, str] = {
    "": N_("待明确"),
    "yes": N_("纳入"),
    "no": N_("不纳入"),
}
BROKEN = N_("系统出现错误，已记入日志。请返回上一页重试；如再次出现，请告知系统管理员。")
