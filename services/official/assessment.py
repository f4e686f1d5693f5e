"""F-28: the score sheet of an annual assessment, item by item, with what each line rests on (OT-S1 to S12, OT-E2)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from db.talent_assessments import TalentAssessment, TalentRating
from services.official.approval import boxes
from services.official.model import Boxes, Column, Fact, Facts, Passage, Table
from services.official.reading import FormType, Reading, Sheet
from services.official.reading import day as written_day
from services.talent_scores import scores_of

CONCLUDED = ("assessment_conclusion", "assessment_notice", "assessment_appeal", "assessment_consent")
ITEMS = {
    "1": "诊疗人次增长（15分）",
    "2": "总收入增长（15分）",
    "3": "到岗情况（10分）",
    "4": "“传、帮、带”效果（10分）",
    "5": "新技术新项目申报（10分）",
    "6": "技术引入与推广（10分）",
    "7": "市级重点专科申报（10分）",
    "8": "学术论文发表（5分）",
    "9": "课题研究推动（5分）",
    "10": "满意度测评（5分）",
    "11": "服务能力评价（5分）",
}
VETO = {"": "待办理", "none": "无", "confirmed": "已确认", "dismissed": "未确认"}
RESULTS = {"": "待备案", "qualified": "合格", "unqualified": "不合格"}
WITHOUT_A_LINE = "原文没有合格线，结论由用人单位作出，旗卫生健康委审核同意后备案；待明确的项目列出可能的得分范围。"
RATERS = {"mentee": "带教成员", "department_head": "科室负责人", "expert": "引进人才自评"}


async def score_sheet(reading: Reading) -> Sheet | None:
    """The sheet as it stands: a sum, or a range while anything is open (G-7); no grade from it (G-1)."""
    scores = await scores_of(reading.session, reading.case.id, reading.pack)
    row = await reading.session.get(TalentAssessment, reading.case.id)
    if scores is None or row is None:
        return None
    parts = (
        Facts(_about(reading, row), "人员与考核期"),
        Table("得分", _COLUMNS, tuple(_line(one) for one in scores["lines"])),
        Facts((Fact("合计", _total(scores)), Fact("一票否决", VETO[row.veto]), Fact("结论", RESULTS[row.result]))),
        Passage("说明", WITHOUT_A_LINE),
        Table("“传、帮、带”三方评价", (Column("评价方", 4), Column("评价分", 2)), await _ratings(reading)),
        Boxes(boxes(reading, reading.tasks(*CONCLUDED)), "结论与审核"),
    )
    return Sheet(reading.case.facts["employer"], parts, "OT-E2")


_COLUMNS = (Column("序号", 1), Column("项目", 4), Column("得分", 2), Column("依据", 6), Column("来源", 3))


def _about(reading: Reading, row: TalentAssessment) -> tuple[Fact, ...]:
    person = reading.found.subject
    return (
        Fact("引进人才", person.name if person and reading.names else ""),
        Fact("用人单位", reading.place(reading.case.facts["employer"])),
        Fact("考核期", f"{written_day(row.first_day)}至{written_day(row.last_day)}"),
        Fact("合同事项编号", row.contract),
    )


def _line(line: Mapping[str, Any]) -> tuple[str, ...]:
    points = f"{line['least']}—{line['most']}" if line["points"] is None else line["points"]
    readings = "".join(f"\n读法{at}：{one.zh}" for at, one in enumerate(line["readings"], start=1))
    return (line["item"], ITEMS[line["item"]], points, line["because"].zh + readings, _source(line))


def _source(line: Mapping[str, Any]) -> str:
    """Who the points come from: people where the table leaves them to people, else the rule."""
    if line["points"] is None:
        return "待旗卫生健康委明确"
    if line["ruled"]:
        return "旗卫生健康委明确"
    return {"4": "考核小组评分", "11": "旗卫生健康委评分"}.get(line["item"], "按规则计算")


def _total(scores: Mapping[str, Any]) -> str:
    return f"{scores['least']}—{scores['most']}（未定）" if scores["total"] is None else str(scores["total"])


async def _ratings(reading: Reading) -> tuple[tuple[str, ...], ...]:
    query = select(TalentRating).where(TalentRating.case_id == reading.case.id).order_by(TalentRating.number)
    return tuple((RATERS[one.rater], f"{one.points.normalize():f}") for one in await reading.session.scalars(query))


FORMS = (FormType("score_sheet", "AnnualTalentAssessment", score_sheet, both_sides=True),)
