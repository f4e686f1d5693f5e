"""The forms of an annual assessment as lists of entries (F-28; OT-S1 to S12): figures and proofs, never points that a
rule works out.
"""

from collections.abc import Mapping

from i18n import N_
from services.engine.attachments import ATTACHMENT
from services.forms.entries import Entry, Sheet
from services.forms.talent_sheets import OPTIONAL_SCAN, UNITS, YES_NO

MONTHS = {"year": N_("全年"), "same_months": N_("两年相同月份（合同不满全年）")}
SETTLED = {"yes": N_("是"), "no": N_("否"), "open": N_("待核实")}
ESTABLISHED = {
    "in_year": N_("本考核年度内建成"),
    "not_established": N_("未建成"),
    "earlier": N_("考核年度之前已建成"),
    "later": N_("考核年度之后建成"),
    "unknown": N_("待核实"),
}
WORKS = {"paper": N_("论文"), "project": N_("应用技术研究项目")}
MATTERS = {"discipline": N_("重大违纪行为"), "safety_accident": N_("重大安全事故"), "other": N_("其他行为")}
_PROOF = N_("佐证材料名称和页码")
_MENTEE = (
    Entry("name", N_("带教成员姓名")),
    Entry("points", N_("评价分（0至10）"), "number"),
    Entry("remark", N_("评价说明"), required=False),
)
_WORK = (
    Entry("kind", N_("论文或项目"), "choice", choices=WORKS),
    Entry("title", N_("名称")),
    Entry("fits", N_("级别（项目含主持完成）是否核实符合"), "choice", choices=SETTLED),
    Entry("employer_first", N_("是否以本单位为第一完成单位"), "choice", choices=SETTLED),
    Entry("used", N_("是否已用于第8项"), "choice", choices=YES_NO),
)
_CONDUCT = (
    Entry("matter", N_("情形"), "choice", choices=MATTERS),
    Entry("serious", N_("是否重大"), "choice", choices=SETTLED),
    Entry("consequences", N_("是否产生严重后果"), "choice", choices=SETTLED),
    Entry("account", N_("情况说明")),
)


def _may(name: str, label: str, note: str = "", part: str = "") -> Entry:
    return Entry(name, label, "number", required=False, note=note, part=part)


SHEETS: Mapping[str, Sheet] = {
    "mentees_rating": Sheet(
        (Entry("mentees", N_("带教成员评价（每人一行）"), "rows", rows=_MENTEE, blanks=3), OPTIONAL_SCAN),
        on=("submit_rating",),
    ),
    "own_rating": Sheet(
        (Entry("points", N_("评价分（0至10）"), "number"), Entry("account", N_("评价依据"), "words")),
        on=("submit_rating",),
    ),
    "capacity_score": Sheet((Entry("points", N_("服务能力评价得分（0至5）"), "number"),), on=("give_points",)),
    "veto_materials": Sheet(
        (
            Entry("account", N_("材料说明"), "words"),
            Entry("conduct", N_("违纪、事故等情形"), "rows", required=False, rows=_CONDUCT, blanks=2),
            OPTIONAL_SCAN,
        ),
        on=("supply_materials",),
    ),
    "committee_materials": Sheet(
        (
            Entry("given_by", N_("医调委提供材料的人员")),
            Entry("given_on", N_("提供日期"), "day"),
            Entry("number", N_("来文文号或材料编号")),
            Entry(ATTACHMENT, N_("材料扫描件"), "file"),
            Entry("account", N_("材料说明"), "words"),
            Entry("conduct", N_("违纪、事故等情形"), "rows", required=False, rows=_CONDUCT, blanks=2),
        ),
        on=("record_materials", "committee_knows_nothing"),
    ),
    "assessment_panel": Sheet(
        (
            Entry(
                "panel",
                N_("考核小组成员（用顿号分开）"),
                note=N_("没有的数据空着即可，系统不推定；因此不能计分的项，由旗卫生健康委明确。"),
            ),
            _may("visits_this", N_("引进科室本年度诊疗人次"), part=N_("1 诊疗人次增长（15分）")),
            _may("visits_last", N_("上一年度诊疗人次")),
            Entry("visits_months", N_("比较口径"), "choice", choices=MONTHS),
            Entry("experts", N_("同一科室共用该数的专家人数"), "number"),
            Entry("visits_proof", _PROOF),
            _may("income_this", N_("科室本年度总收入（元）"), part=N_("2 总收入增长（15分）")),
            _may("income_last", N_("上一年度总收入（元）")),
            Entry("income_months", N_("比较口径"), "choice", choices=MONTHS),
            Entry("income_proof", _PROOF),
            Entry("visit_unit", N_("到岗量的单位"), "choice", choices=UNITS, part=N_("3 到岗情况（10分）")),
            _may("agreed", N_("本考核年度约定到岗量")),
            _may("attended", N_("出诊记录所载实际到岗量")),
            _may("excused", N_("其中旗卫生健康委已确认的不可抗力影响量")),
            _may(
                "claimed",
                N_("仅申报、未确认的不可抗力影响量"),
                N_("未确认的不扣除，可能影响得分的由旗卫生健康委明确。"),
            ),
            Entry("attendance_proof", _PROOF),
            Entry(
                "mentoring_points",
                N_("考核小组评分（0至10）"),
                "number",
                note=N_("系统不对三方评价取平均。"),
                part=N_("4 “传、帮、带”效果（10分）"),
            ),
            Entry("mentoring_reason", N_("评分理由"), "words"),
            Entry(
                "same_name",
                N_("同名说明"),
                required=False,
                note=N_("评价人之间，或引进人才与考核小组成员之间有同名的，说明为何不是同一人；没有同名的不填。"),
            ),
            _may("techniques", N_("院级新技术新项目申报项数"), part=N_("5 新技术新项目申报（10分）")),
            _may("techniques_higher", N_("院级以上申报项数")),
            Entry("techniques_proof", _PROOF),
            Entry("introduced", N_("是否引入新技术"), "choice", choices=SETTLED, part=N_("6 技术引入与推广（10分）")),
            Entry("pilot", N_("是否作为推广试点"), "choice", choices=SETTLED),
            Entry("introduction_proof", _PROOF),
            Entry("established", N_("建成情况"), "choice", choices=ESTABLISHED, part=N_("7 市级重点专科申报（10分）")),
            Entry("assisted", N_("是否协助申报"), "choice", choices=SETTLED),
            Entry("specialty_proof", _PROOF),
            _may("papers", N_("本年度发表且经核实相关的篇数"), part=N_("8 学术论文发表（5分）")),
            _may("papers_unsettled", N_("已录用未发表或未核实相关的篇数")),
            Entry("papers_proof", _PROOF),
            Entry(
                "works",
                N_("论文和项目（没有的不填）"),
                "rows",
                required=False,
                rows=_WORK,
                blanks=2,
                part=N_("9 课题研究推动（5分）"),
            ),
            Entry("research_proof", _PROOF),
            _may("staff_percent", N_("医务人员满意度（百分数）"), part=N_("10 满意度测评（5分）")),
            _may("asked_leaders", N_("抽取院班子成员人数")),
            _may("asked_middle", N_("抽取中层干部人数")),
            _may("asked_staff", N_("抽取医院职工人数")),
            Entry("staff_proof", _PROOF),
            _may("patient_percent", N_("患者满意度（百分数）"), part=N_("12 一票否决参考")),
            Entry("patient_how", N_("患者满意度的测评方式"), required=False),
            Entry(ATTACHMENT, N_("全部佐证材料"), "file"),
        ),
        on=("submit_scores",),
    ),
    "table_gap": Sheet((Entry("points", N_("明确的得分"), "number"),), on=("settle_gap",)),
}
