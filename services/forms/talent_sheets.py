"""The forms of a flexible-talent contract as lists of entries (F-25 to F-27, F-29, F-15; policy.md 3.14)."""

from collections.abc import Mapping

from i18n import N_
from services.engine.attachments import ATTACHMENT
from services.forms.entries import Entry, Sheet

CLASSES = {
    "provincial": N_("第一类：省级"),
    "city": N_("第二类：市级"),
    "senior": N_("第三类：高级职称5年以上"),
    "by_reference": N_("参照执行"),
}
GROUNDS = {
    "discipline_leader": N_("重点学科（专科、实验室）带头人"),
    "famous_doctor": N_("名医、名中医（蒙医）"),
    "committee_officer": N_("医学专业委员会任职"),
}
LEVELS = {"national": N_("国家级"), "province": N_("省级"), "city": N_("市级"), "county": N_("县级")}
HOMES = {
    "grade_3a": N_("三级甲等医院"),
    "public_health": N_("公共卫生机构"),
    "university": N_("医学院校"),
    "institute": N_("科研院所"),
    "other": N_("其他单位"),
}
MODES = {
    "advisory": N_("顾问兼职（假日门诊等）"),
    "silver_age": N_("银龄人才返聘"),
    "paired": N_("对口支援、轮流选派"),
    "platform": N_("共建平台（工作室等）"),
}
FORMS_OF_WORK = {
    "项目引进": N_("项目引进"),
    "合作引进": N_("合作引进"),
    "名医工作室": N_("名医工作室"),
    "兼职服务": N_("兼职服务"),
    "顾问指导": N_("顾问指导"),
    "创新平台建设": N_("创新平台建设"),
    "义诊": N_("义诊（不属于柔性引才）"),
    "其他": N_("其他"),
}
TITLES = {
    "full_senior": N_("正高级"),
    "associate_senior": N_("副高级"),
    "intermediate": N_("中级"),
    "none": N_("无职称"),
}
UNITS = {"half_days": N_("半天"), "days": N_("天"), "hours": N_("小时"), "sessions": N_("次")}
BASES = {
    "practice_filing": N_("执业备案"),
    "cross_province": N_("跨省注册"),
    "invitation": N_("外出会诊邀请"),
    "no_clinical_work": N_("不从事诊疗活动"),
}
YES_NO = {"yes": N_("是"), "no": N_("否")}
SERVICE = {"in_service": N_("在职，同意函已上传"), "not_in_service": N_("已退休或无派出单位（请写明依据）")}
ELEMENTS = (
    ("duties", N_("责任义务")),
    ("assessment", N_("考核方式")),
    ("breach", N_("违约责任")),
    ("visits", N_("诊疗频次")),
    ("discipline", N_("学科建设")),
    ("training", N_("人才培养")),
    ("benefit", N_("预期工作效益")),
)
SCAN = Entry(ATTACHMENT, N_("佐证材料"), "file")
OPTIONAL_SCAN = Entry(ATTACHMENT, N_("佐证材料"), "file", required=False)
_MEMBER = (
    Entry("name", N_("姓名")),
    Entry("title", N_("职称"), "choice", choices=TITLES),
    Entry("graduate", N_("研究生学历"), "choice", choices=YES_NO),
    Entry("masters", N_("硕士以上学位"), "choice", choices=YES_NO),
    Entry("age", N_("年龄"), "number"),
)
_PERIOD = (
    Entry("first_day", N_("起始日"), "day"),
    Entry("last_day", N_("截止日"), "day"),
    Entry("agreed", N_("该期约定量"), "number"),
)
SHEETS: Mapping[str, Sheet] = {
    "talent_need": Sheet(
        (
            Entry("gap", N_("要补的短板"), "words"),
            Entry("direction", N_("所属重点方向、重点学科或重点项目"), "words"),
            Entry("fits", N_("与单位发展、学科定位、人才梯队的衔接"), "words"),
            Entry("department", N_("引进科室")),
        ),
        on=("submit_need",),
    ),
    "talent_nomination": Sheet(
        (
            Entry("department", N_("引进科室"), part=N_("引进科室和人才类别")),
            Entry("class", N_("人才类别"), "choice", choices=CLASSES),
            Entry("ground", N_("类别依据"), "choice", required=False, choices=GROUNDS, when=N_("第一、二类填写")),
            Entry(
                "level",
                N_("学科、称号或专委会的级别"),
                "choice",
                required=False,
                choices=LEVELS,
                when=N_("第一、二类填写"),
            ),
            Entry(
                "vice_chair",
                N_("是否副主任委员及以上"),
                "choice",
                required=False,
                choices=YES_NO,
                when=N_("依据为专业委员会任职时填写"),
            ),
            Entry("home", N_("派出单位类别"), "choice", required=False, choices=HOMES, when=N_("第三类填写")),
            Entry("class_grounds", N_("符合该类别的依据（任职、称号、证书）"), "words"),
            Entry("title", N_("职称"), "choice", choices=TITLES),
            Entry("title_since", N_("取得高级职称的日期"), "day", required=False, when=N_("第三类填写")),
            Entry("form", N_("引进形式"), "choice", choices=FORMS_OF_WORK, part=N_("引进形式和方式")),
            Entry("other_form", N_("其他形式的说明"), required=False, when=N_("形式为“其他”时填写")),
            Entry("mode", N_("引进方式"), "choice", choices=MODES),
            Entry("platform", N_("平台名称"), required=False, when=N_("共建平台时填写")),
            Entry("partner", N_("合作单位"), required=False, when=N_("对口支援时填写")),
            Entry("own_city", N_("是否来自鄂尔多斯市"), "choice", choices=YES_NO),
            Entry("first_day", N_("拟开始日期"), "day", part=N_("拟定期限")),
            Entry("last_day", N_("拟结束日期"), "day"),
            Entry(
                "members",
                N_("团队核心成员"),
                "rows",
                required=False,
                when=N_("团队引进时填写，点开填写"),
                part=N_("团队"),
                rows=_MEMBER,
                note=N_("团队一般由1名领衔人和至少3名核心成员组成；本页的专家为领衔人。"),
                blanks=3,
            ),
            Entry(
                "leader_graduate",
                N_("领衔人是否研究生学历"),
                "choice",
                required=False,
                choices=YES_NO,
                when=N_("团队引进时填写"),
            ),
            Entry(
                "leader_masters",
                N_("领衔人是否硕士以上学位"),
                "choice",
                required=False,
                choices=YES_NO,
                when=N_("团队引进时填写"),
            ),
            Entry(
                "reason",
                N_("与一般要求不一致的理由"),
                "words",
                required=False,
                when=N_("有不一致时填写"),
                part=N_("理由和材料"),
            ),
            SCAN,
        ),
        on=("nominate_talent",),
    ),
    "talent_review": Sheet(
        (Entry("settled", N_("对系统提示的待明确事项的意见（没有的写“无”）"), "words"), OPTIONAL_SCAN),
        on=("pass",),
    ),
    "talent_evaluation": Sheet(
        (
            Entry("group", N_("评审组成员")),
            Entry("met_on", N_("评审日期"), "day"),
            Entry("result", N_("评审结果"), "words"),
            OPTIONAL_SCAN,
        ),
        on=("select", "not_select"),
    ),
    "contract_draft": Sheet(
        (
            Entry("first_day", N_("合同第一天"), "day", part=N_("合同期限")),
            Entry("last_day", N_("合同最后一天"), "day"),
            Entry(
                "term_reason",
                N_("期限不在6个月至3年之内的理由"),
                "words",
                required=False,
                when=N_("期限较短或较长时填写"),
            ),
            *(
                Entry(name, label, "words", part=N_("合同内容") if at == 0 else "")
                for at, (name, label) in enumerate(ELEMENTS)
            ),
            Entry("fund_yuan", N_("支持资金额度（元）"), "number"),
            Entry("unit", N_("工作时间单位"), "choice", choices=UNITS, part=N_("约定工作时间")),
            Entry("agreed", N_("整个合同期的工作时间总量"), "number", note=N_("按上面选定的单位填写，最多两位小数。")),
            Entry(
                "periods",
                N_("工作时间安排"),
                "rows",
                rows=_PERIOD,
                note=N_("各期合计须等于总量，并在合同期之内；到期的比例按此计算。"),
                blanks=4,
            ),
            Entry("relations", N_("合同写明：人事、档案、户籍、社保关系不变，不办理正式入职"), "tick"),
        ),
        on=("draft_contract",),
        refs=("first_day", "last_day"),
    ),
    "contract_paper": Sheet(
        (
            Entry("number", N_("合同书编号")),
            Entry("signed_on", N_("签订日期"), "day"),
            Entry("acknowledged", N_("专家已确认遵守管理规定、履行诚信义务和合同约定"), "tick"),
            SCAN,
        ),
        on=("record_contract",),
    ),
    "home_unit_consent": Sheet(
        (
            Entry("service", N_("专家是否在职"), "choice", choices=SERVICE),
            Entry("basis", N_("不需要同意函的依据"), required=False, when=N_("已退休或无派出单位时填写")),
            Entry("consented_on", N_("同意函日期"), "day", required=False, when=N_("在职时填写")),
            OPTIONAL_SCAN,
        ),
        on=("record_consent",),
    ),
    "practice_authority": Sheet(
        (
            Entry("basis", N_("执业依据"), "choice", choices=BASES),
            Entry("number", N_("编号或说明")),
            Entry("valid_from", N_("起始日期"), "day", required=False),
            OPTIONAL_SCAN,
        ),
        on=("record_authority",),
        refs=("basis",),
    ),
    "talent_check_in": Sheet(
        (
            Entry("summary", N_("工作成效（诊疗人次、收入、患者满意度、带教等）"), "words"),
            Entry("problems", N_("存在的问题"), "words"),
            Entry("actions", N_("改进措施和下一步安排"), "words"),
        ),
        on=("talent_check_in",),
    ),
    "midterm": Sheet(
        (
            Entry("held_on", N_("考核日期"), "day"),
            Entry("completion", N_("目标任务完成情况"), "words"),
            Entry("found", N_("考核意见"), "words"),
            OPTIONAL_SCAN,
        ),
        on=("midterm_qualified", "midterm_unqualified"),
    ),
    "acceptance_report": Sheet(
        (
            Entry("completion", N_("项目完成情况"), "words"),
            Entry("arrival", N_("人员到位情况"), "words"),
            Entry("funds", N_("建设资金使用情况"), "words"),
            SCAN,
        ),
        on=("report_acceptance",),
    ),
    "next_year": Sheet(
        (
            Entry("allowances", N_("津贴、补贴等待遇的处理"), "words"),
            Entry("again", N_("下一年度是否继续引进"), "choice", choices=YES_NO),
        ),
        on=("decide_next_year",),
        refs=("again",),
    ),
    "end_report": Sheet(
        (Entry("fulfilled", N_("履行情况说明"), "words"), OPTIONAL_SCAN),
        on=("report_end",),
    ),
}
WITH_SCAN = tuple(name for name, sheet in SHEETS.items() if ATTACHMENT in sheet.names)
