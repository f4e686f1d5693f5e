"""What can be wrong with one field: a code for programs, a sentence and an advice for people."""

from collections.abc import Mapping
from dataclasses import dataclass

from i18n import N_, translator
from policies.engine.refusals import Refusal
from services.opening_problems import OPENING_PROBLEMS


@dataclass(frozen=True)
class FieldProblem:
    """One fault: the field's name, a stable code, and what fills the places of its sentence (never what was typed)."""

    field: str
    code: str
    values: tuple[tuple[str, str], ...] = ()


class FactsRefused(Refusal):
    """Facts about a person or an institution cannot be stored as they were given; `problems` names each field."""

    def __init__(self, problems: tuple[FieldProblem, ...]) -> None:
        super().__init__(fields=",".join(sorted({problem.field for problem in problems})))
        self.problems = problems


@dataclass(frozen=True)
class Said:
    """A problem in one language: what is wrong and what to do."""

    detail: str
    advice: str


def said(problem: FieldProblem, language: str) -> Said:
    """The words of a problem in zh-CN or en."""
    words = translator(language)
    detail, advice = FIELD_PROBLEMS[problem.code]
    values = dict(problem.values)
    return Said(words.gettext(detail).format(**values), words.gettext(advice).format(**values))


FIELD_PROBLEMS: Mapping[str, tuple[str, str]] = {
    **OPENING_PROBLEMS,
    "missing": (N_("此项必须填写。"), N_("请补充后重新提交。")),
    "too_long": (N_("内容过长。"), N_("请缩短到 {limit} 个字以内。")),
    "characters_wrong": (N_("含有不可见的控制字符。"), N_("请删除后重新键入。")),
    "date_wrong": (N_("日期无法识别。"), N_("请按 2026-03-01 的格式填写真实存在的日期。")),
    "date_future": (N_("日期不能晚于今天。"), N_("请在当天或之后登记。")),
    "service_order": (N_("结束日期早于开始日期。"), N_("请核对两个日期；首日和末日都计算在内。")),
    "claim_verdict_missing": (N_("须对每一段服务给出一个意见。"), N_("请逐段选择：予以认定或不予认定。")),
    "year_other": (N_("日期不在{year}年。"), N_("请填写该年度内的日期。")),
    "not_senior_gp": (N_("此人不是取得高级职称的基层医师。"), N_("请核对人员编号；职称有变的请先由人事更新。")),
    "closed_before_today": (N_("截止日期早于今天。"), N_("请填写今天或以后的日期。")),
    "before_contract": (N_("日期早于合同签订和起始日（{since}）。"), N_("请核对年份和日期。")),
    "learned_after_notice": (
        N_("得知日期晚于系统通知日期。"),
        N_("期限自两者中较早的一日起算：更早得知的填写实际日期，否则留空。"),
    ),
    "date_past": (N_("日期不晚于今天。"), N_("请填写今天以后的日期，或留空按默认期限。")),
    "date_order": (N_("结束日期不晚于开始日期。"), N_("请核对两个日期；结束日期当天不再任职。")),
    "email_wrong": (N_("邮箱地址不正确。"), N_("请填写完整的邮箱地址，如 name@example.cn。")),
    "email_taken": (N_("该邮箱已属于另一人。"), N_("每人一个邮箱：请核对地址，或填写该人员的编号以更新其信息。")),
    "email_repeated": (N_("文件中另一行以不同姓名使用了该邮箱。"), N_("请为每人填写各自的邮箱。")),
    "id_wrong": (N_("人员编号格式不正确。"), N_("请用 2 至 40 位字母、数字、点或短横，不得使用身份证号或手机号。")),
    "id_number_wrong": (N_("身份证号不正确：位数、出生日期或校验码不符。"), N_("请对照证件核对 18 位号码。")),
    "id_number_taken": (N_("该身份证号已登记在另一人名下。"), N_("请核对号码，或填写该人员的编号以更新其信息。")),
    "phone_wrong": (N_("电话号码不正确。"), N_("请填写 11 位手机号，或带区号的固定电话。")),
    "digits_lost": (N_("表格把号码存成了数字，末尾几位已经丢失。"), N_("请把单元格格式设为“文本”，再重新填写号码。")),
    "institution_unknown": (N_("没有这个单位代码。"), N_("请先导入该单位，或改正代码。")),
    "code_wrong": (N_("单位代码格式不正确。"), N_("请用 2 至 40 位小写字母、数字或短横，如 dq-h1。")),
    "parent_cycle": (N_("上级单位关系成了循环。"), N_("请核对上级单位：单位不能隶属于自己或自己的下级。")),
    "choice_unknown": (N_("不是可选的值。"), N_("请从下列值中选择：{choices}。")),
    "role_unknown": (N_("没有这个角色编号。"), N_("请填写角色目录中的编号，如 R-02。")),
    "role_incomplete": (N_("角色、任职单位和任职起始日期须一并填写。"), N_("请补齐这三项，或全部留空。")),
    "role_overlaps": (N_("此人在该单位的这一角色已有重叠的任期。"), N_("请先写明前一任期的结束日期，或改正起始日期。")),
    "role_scope_missing": (
        N_("此密钥无权登记角色，也无权更改任职人员的邮箱。"),
        N_("请使用具有 roles:write 权限的密钥，或由系统管理员登录后办理。"),
    ),
    "row_repeated": (N_("同一代码在本次提交中出现了不止一次，内容不同。"), N_("请只保留一行。")),
    "field_unknown": (N_("没有这个字段。"), N_("请删除它；可用字段见接口文档。")),
    "facts_only": (
        N_("发起申请只接收事实，不接收决定、等次或确认标记。"),
        N_("请删除该字段；决定由有权的人员在任务页面作出。"),
    ),
    "number_wrong": (N_("不是允许范围内的整数。"), N_("请填写 0 至 99 的整数。")),
    "nil_and_lines": (N_("既填写了内容，又勾选了“无”。"), N_("请二选一：有内容就不勾选“无”。")),
    "nil_or_lines": (N_("既没有内容，也没有勾选“无”。"), N_("没有也须明确：请勾选“无”，或填写内容。")),
    "own_staff": (N_("此人是本单位人员，不属于柔性引进。"), N_("请填写旗外派出单位的人员，或先由人事登记该专家。")),
    "other_hospital_wrong": (
        N_("共同签约单位须为同一旗卫生健康委所属的其他公立医院，且不重复。"),
        N_("请重新选择；牵头单位不必再选。"),
    ),
    "not_renewed": (N_("没有这份可以续签的合同。"), N_("请填写本单位与该专家已签订的合同的事项编号。")),
    "renewal_overlaps": (N_("新合同与原合同的期限重叠。"), N_("续签的合同请从原合同期满的次日或之后开始。")),
    "class_unfit": (N_("不符合该类别的条件（条款{rule}）。"), N_("请核对依据、级别、职称和年限，或改选其他类别。")),
    "team_reason_missing": (
        N_("团队与一般要求不一致（人数、职称或学历）。"),
        N_("请在“与一般要求不一致的理由”中写明理由，或调整团队。"),
    ),
    "working_time_missing": (N_("工作时间总量须大于零。"), N_("请填写合同约定的总量和各期安排；到期比例按此计算。")),
    "excuse_unproved": (
        N_("没有佐证材料，不能确认不可抗力。"),
        N_("请选择不予确认并说明须补的材料；用人单位补充后可重新申报。"),
    ),
    "no_commission_above": (N_("该医院上级没有旗卫生健康委员会。"), N_("请先在单位信息中填写上级单位。")),
    "free_clinic": (N_("义诊不属于柔性引才的形式。"), N_("请选择其他形式；义诊不纳入合同工作量。")),
    "contract_unknown": (N_("没有这份合同、合同尚未签订，或不由您登记。"), N_("请核对事项编号。")),
    "outside_contract": (N_("日期不在合同期之内。"), N_("请核对日期；合同期以外的工作不计入。")),
    "gates_open": (
        N_("派出单位同意和执业依据尚未全部登记，或该日在登记之前，不能登记诊疗工作。"),
        N_("请先在待办中登记；带教、科研等非诊疗工作可以登记。"),
    ),
    "own_sessions": (N_("不能登记本人的工作时间。"), N_("请由用人单位的其他人员登记。")),
    "held_outside": (N_("考核日期不在合同第一天至今天之间。"), N_("请填写实际考核的日期。")),
    "head_unknown": (N_("不是本单位现任的科室负责人。"), N_("请从列出的科室负责人中选择。")),
    "claim_above_agreed": (
        N_("申报量超过这些日期可能受影响的约定工作时间。"),
        N_("这些日期所在时段的约定量，减去其他尚未否定的申报后，最多可申报 {most}；请核对日期和数量。"),
    ),
    "units_wrong": (N_("数量不在允许范围内。"), N_("请填写 0 至 1000 的数字，最多两位小数；不足一次的按实际填写。")),
    "term_reason_missing": (N_("合同期不在一般的6个月至3年之内。"), N_("请写明理由，由旗卫生健康委明确，或调整期限。")),
    "schedule_differs": (N_("各期约定量合计与总量不一致。"), N_("请核对各期约定量，合计须等于总量。")),
    "over_hundred": (N_("百分比不能超过100。"), N_("请填写0至100之间的数。")),
    "points_outside": (N_("得分不在{least}至{most}之间。"), N_("请在该范围内填写。")),
    "item_refused": (N_("本项的数据按规则不能计分。"), N_("请核对本项各数后重新提交。")),
    "same_name_unexplained": (
        N_("评价人之间，或引进人才与考核小组成员之间有同名。"),
        N_("引进人才本人不参加考核小组；确系不同人员的，请在本项说明，如所在科室、职务。"),
    ),
    "raters_not_apart": (
        N_("同一人不能作出两方评价。"),
        N_("请核对科室负责人评价和引进人才自评由谁作出。"),
    ),
    "mentee_twice": (N_("同一带教成员出现了不止一次。"), N_("每人只填一行。")),
    "excuse_unconfirmed": (
        N_("考核期内没有经旗卫生健康委确认的不可抗力。"),
        N_("未确认的请填在“仅申报、未确认”一栏。"),
    ),
    "schedule_outside": (N_("工作时间安排有重叠或不在合同期之内。"), N_("请核对各期的起始日和截止日。")),
    "not_own_staff": (N_("此人不是本单位人员。"), N_("请从本单位人员中选择；新进人员请先由人事登记。")),
    "named_twice": (N_("同一项选择了两次。"), N_("请只保留一次。")),
    "person_unknown": (N_("系统中没有这个人员编号。"), N_("请先登记该人员，或改正编号。")),
    "post_unavailable": (N_("该岗位不在本年度公布的岗位中，或已有人、已关闭。"), N_("请从尚可报名的岗位中选择。")),
    "posts_wrong": (
        N_("公布的岗位数超过了该行的需求，或该行需求已更新。"),
        N_("请按最新需求重新填写，不超过需求人数。"),
    ),
    "unmet_unexplained": (
        N_("{institution} 的 {specialty} 需求未全部公布，缺口人数与登记不一致。"),
        N_("请在“未满足需求”中如实填写缺口人数和理由。"),
    ),
    "unmet_wrong": (
        N_("该单位没有申报这一专业的需求，或人数超过了尚未公布的岗位数。"),
        N_("请按申报的需求填写缺口，不超过尚未公布的人数。"),
    ),
    "term_unknown": (N_("没有这个服务期，或此人不在您登记考勤的单位服务。"), N_("请核对事项编号或人员编号。")),
    "term_not_running": (N_("此人的服务期尚未开始，或已经结束。"), N_("请核对；只登记服务中的人员。")),
    "term_ambiguous": (N_("此人有不止一个进行中的服务期。"), N_("请填写事项编号。")),
    "own_days": (N_("不能登记本人的考勤。"), N_("请由本单位其他人员登记。")),
    "name_other": (N_("姓名与编号不是同一人。"), N_("请核对这一行，可能错行。")),
    "day_kind_unknown": (N_("不是可选的日类型。"), N_("请使用图例中的标记；上下午不同的写成“岗/病”。")),
    "day_before_service": (N_("早于服务第一天（{first_day}）。"), N_("请从服务第一天起登记。")),
    "day_after_service": (
        N_("晚于在本单位的最后一天（{last_day}）。"),
        N_("此后的日子由新的接收单位登记。"),
    ),
    "day_repeated": (N_("同一人同一天在本次提交中出现了不止一次，内容不同。"), N_("请只保留一行。")),
    "days_too_many": (N_("一次登记的日子过多。"), N_("请分次登记，每次不超过 {most} 天；更多的请用月表导入。")),
    "no_working_day": (N_("这些日期里没有工作日。"), N_("请核对日期，或取消“只登记工作日”。")),
    "day_not_in_month": (N_("这个月没有这一天。"), N_("请清空该格。")),
    "case_unknown": (N_("没有这个事项，或它不在当前批次、年度中。"), N_("请刷新页面后重新选择。")),
    "verdict_missing": (N_("须对名单中的每一个人给出一个意见。"), N_("请逐人选择：报备、退回或不同意。")),
    "practice_missing": (
        N_("多机构执业备案的内容不完整。"),
        N_("请填写备案编号，或备案日期及凭证，或免予备案的依据，三者至少一项。"),
    ),
    "hospital_unknown": (N_("没有这家县级医院，或它不属于本集团。"), N_("请从列出的县级医院中选择。")),
    "release_refused": (N_("“乡管县育”须全脱产，不得半脱产。"), N_("请选择全脱产。")),
    "target_wrong": (N_("培养指标须有大于 0 的数量。"), N_("请填写数字，如 30 或 12.5。")),
    "reached_wrong": (N_("完成数不是数字。"), N_("请填写不小于 0 的数字，不清楚的留空。")),
    "mentor_not_senior": (N_("带教老师须为高级职称。"), N_("请指定副高级或正高级职称的老师。")),
    "mentor_taken": (N_("该老师已有带教对象，须一对一带教。"), N_("请指定没有带教对象的老师。")),
    "targets_first": (N_("培养指标尚未确定。"), N_("请先由医院人事填写量化培养指标。")),
    "start_too_early": (N_("新的到岗日期须晚于原定日期。"), N_("请填写原定日期之后的一天。")),
    "suspends_one": (N_("暂停服务只能逐个登记。"), N_("请选择“仅本服务期”；不可抗力可登记到单位或集团。")),
    "suspended_backwards": (N_("暂停的第一天早于今天。"), N_("暂停不能追溯；请填写今天或之后的一天。")),
    "standstill_known": (N_("这些日期已有同类的暂停记录。"), N_("请核对已有记录，不要重复登记。")),
    "resumes_too_early": (N_("恢复日期早于暂停的第一天。"), N_("请填写暂停第一天或之后的一天。")),
    "last_day_past": (N_("最后一天早于今天。"), N_("请填写今天或之后的一天。")),
    "destination_wrong": (N_("不是本集团内可转去的接收单位。"), N_("请从列出的单位中选择。")),
    "start_before_end": (N_("新单位到岗日期须晚于原单位最后一天。"), N_("请核对两个日期。")),
    "days_backwards": (N_("结束日期早于开始日期。"), N_("请核对两个日期。")),
    "days_wrong": (N_("天数与起止日期不符。"), N_("请填写其中的工作日天数，可填半天，如 1.5。")),
    "absence_known": (N_("这些日期已有一条缺勤记录。"), N_("请核对已有记录，不要重复登记。")),
    "leave_too_late": (N_("请假开始日期过早，不能再由本人补办。"), N_("请与接收单位人事联系。")),
    "leave_known": (N_("这些日期已有一条请假记录。"), N_("请核对已有记录，不要重复提出。")),
    "activity_known": (
        N_("这一半天已有一条累计服务记录，同一时间不能重复计算。"),
        N_("请核对已有记录；确属不同时段的，请改选时段。"),
    ),
    "half_days_over": (N_("同一天累计超过了两个半天。"), N_("请核对这一天的已有记录。")),
    "nothing_accumulates": (N_("进修期没有可累计的部分。"), N_("请在考勤和带教记录中登记。")),
    "activity_early": (N_("日期早于服务开始之日，不属于本次服务。"), N_("请核对日期。")),
    "cap_exceeded": (
        N_("名单中优秀{excellent}人，{cohort}人中最多{cap}人。"),
        N_("请由党委重新讨论后登记；系统不会自动降等。"),
    ),
    "qualified_settled": (
        N_("提名时合格及以上已经确定，名单只在优秀与合格之间确定。"),
        N_("请选择优秀或合格；发现弄虚作假的，请报县卫生健康局检查，证明随即冻结。"),
    ),
    "notice_before_meeting": (
        N_("公示开始日期早于确定名单的党委会议（{met_on}）。"),
        N_("名单确定后才能公示：请核对日期，填写会议当天或之后的一天。"),
    ),
    "notice_not_over": (
        N_("公示期的最后一天还没有结束。"),
        N_("公示期内仍可能收到异议：请在最后一天之后再登记结果。"),
    ),
    "notice_too_short": (
        N_("公示期只有{working_days}个工作日，至少须{least}个工作日。"),
        N_("自该开始日期起，请公示到{until}，期满后再登记结果。"),
    ),
    "back_before_end": (N_("返回日期须晚于进修最后一天。"), N_("请填写实际返回的日期。")),
    "back_too_early": (N_("返岗日期须晚于请假第一天。"), N_("请填写实际返岗的日期。")),
    "part_outside": (N_("这一段不在原记录的日期之内，或与前一段重叠。"), N_("请按先后顺序填写原记录日期之内的各段。")),
    "parts_longer": (N_("各段天数之和超过了原记录的天数。"), N_("请核对各段天数。")),
    "times_wrong": (N_("次数超过了天数。"), N_("请填写 1 至天数之间的次数。")),
    "count_wrong": (N_("次数不能小于 0。"), N_("请填写实际次数，没有则留空。")),
    "institution_not_inspected": (
        N_("该单位不在县卫生健康局监督检查的范围内。"),
        N_("请选择所辖的医疗卫生机构或集团。"),
    ),
    "evidence_missing": (N_("须附佐证材料的扫描件。"), N_("请上传 PDF、JPEG 或 PNG 文件，不超过 10 MB。")),
    "attachment_unknown": (N_("没有这个附件。"), N_("请重新上传附件。")),
    "bureau_unregistered": (
        N_("没有登记这个局，或登记了不止一个。"),
        N_("请先由系统管理员登记县人社局、县财政局、县医保局，与县卫生健康局同级。"),
    ),
    "month_wrong": (N_("月份无法识别。"), N_("请按 2026-03 的格式填写。")),
    "months_backwards": (N_("结束月份早于开始月份，或不在同一年度。"), N_("请核对两个月份；跨年度的请分开登记。")),
    "not_served_then": (N_("此人在这些月份没有在本集团服务的记录。"), N_("请核对月份，或先办理其服务期。")),
    "year_far": (N_("年度与本年度相差过远。"), N_("请填写本年度或其前后两年之内的年度。")),
    "months_missing": (N_("须有 12 个月的平均人数。"), N_("请自1月起逐月填写；该月没有人员的填 0。")),
    "headcount_wrong": (N_("人数不在允许范围内。"), N_("请填写不小于 0 的数，最多两位小数，如 12.5。")),
    "payment_asks": (
        N_("有待处理的终止、解除事由，或考核不合格，原文未规定是否暂缓。"),
        N_("请选择仍照常拨付并说明理由，或改选暂缓拨付。"),
    ),
    "benefits_stopped": (
        N_("合同解除后待遇和资助已停止（OT-6.3f）。"),
        N_("不能拨付；请退回或不予拨付，认为停止有误的请与用人单位核对。"),
    ),
    "file_incomplete": (N_("一人一档不完整。"), N_("请退回补齐，或说明照常拨付的理由。")),
    "projects_ask": (
        N_("无法核算可从经费支付的金额：多个项目如何就高尚未明确，或合同未登记支持资金额度，或余额未知。"),
        N_("请按页面列出的读法选择；额度、余额未登记的请先登记。"),
    ),
    "split_differs": (
        N_("从经费支付应为{from_funds}元，其余{own_cost}元由用人单位自行承担。"),
        N_("请按核算的金额填写；有异议的请退回旗卫生健康委。"),
    ),
    "fund_year_over": (N_("该年度经费已经办结，结余不结转。"), N_("请退回旗卫生健康委。")),
    "contract_unfit": (N_("没有这份已签订的合同，或它不属于该单位。"), N_("请从本单位已签订的合同中选择。")),
    "funds_outside": (
        N_("不在调整、浮动范围{least}至{most}万元以内。"),
        N_("请填写范围以内的金额；分配调整与浮动合用同一个20%，不得相乘。"),
    ),
    "funds_below_paid": (
        N_("该院本年度已拨付{paid}万元，拟定金额不得低于已拨付额。"),
        N_("请填写不低于已拨付额的金额；已拨付的不能通过调整收回。"),
    ),
    "funds_total": (N_("三家医院合计{total}万元，每年固定{fixed}万元。"), N_("请调整各院金额，使合计等于固定总额。")),
    "finance_unregistered": (N_("没有登记旗财政局，或登记了不止一个。"), N_("请先由系统管理员登记一个旗财政局。")),
    "hospitals_unregistered": (
        N_("方案所列的三家医院没有全部登记，或有重名：{who}。"),
        N_("请先由系统管理员核对该委所属医院的名称。"),
    ),
    "yuan_wrong": (N_("金额不在允许范围内。"), N_("请填写大于 0 的金额（元），最多两位小数。")),
    "sending_other": (
        N_("此人的人事关系不在该派出单位。"),
        N_("派遣不改变人事关系所在单位：请核对单位代码，或先更新人员信息。"),
    ),
    "not_grassroots": (
        N_("按该项目的规定，此单位须为乡镇卫生院、中心卫生院或社区卫生服务中心。"),
        N_("请核对项目和单位代码。"),
    ),
    "not_county_hospital": (N_("按该项目的规定，此单位须为县级公立医院。"), N_("请核对项目和单位代码。")),
    "mentor_not_there": (N_("带教老师不是接收单位的人员。"), N_("请核对编号；尚未指定的请留空，导入后由医院指定。")),
    "receiving_elsewhere": (N_("该单位不在您所在的集团。"), N_("请由该单位所在集团导入。")),
    "open_case_known": (N_("此人在本项目中已有未结束的事项。"), N_("请先办结已有事项，或核对人员编号。")),
    "type_wrong": (N_("值的类型或范围不符合要求。"), N_("请对照接口文档填写。")),
}
