"""A talent contract on paper: nomination F-25, the file of one person F-27, the contract in brief F-26, quarterly
summaries F-15, final acceptance F-29 (OT-4a, OT-6.1, OT-6.2a).

What people wrote stands as they wrote it, under the labels of the form in which they were asked.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, cast

from sqlalchemy import select

from db.talent_contracts import TalentContract, TalentFigure
from db.talent_openings import TalentOpening
from policies.talent.figures import amount, percent, shown
from services.engine.taken import Taken
from services.forms.entries import Entry
from services.forms.talent_sheets import SHEETS
from services.office_words import TIME_UNITS
from services.official.approval import boxes
from services.official.model import Boxes, Column, Fact, Facts, Part, Passage, Table
from services.official.reading import FormType, Reading, Sheet, day, profession

LIFECYCLE = "TalentContract"
REVIEWS = ("qualification_review", "preliminary_selection", "comprehensive_evaluation")
SIGNING = ("contract_by_expert", "contract_by_employer", "contract_paper")
# What of the file came before an import, and what is said of it.
BEFORE_IMPORT = ("推荐申报表", "备案", "合同书", "派出单位意见", "执业依据")
ON_PAPER = "期初导入，纸质留存"
ACCEPTING = ("acceptance_conclusion", "acceptance_consent")


async def nomination(reading: Reading) -> Sheet | None:
    """F-25: the nomination as it was handed in last, with the employer's word and the commission's reviews."""
    handed_in = reading.last("talent_nomination")
    if handed_in is None or not reading.whole:
        return None
    parts = (
        _head(reading),
        *_written(reading.last("talent_need"), "talent_need", "引才需求"),
        *_written(handed_in, "talent_nomination", "推荐申报"),
        Boxes(boxes(reading, reading.tasks("talent_submission")), "用人单位意见"),
        *_written(reading.last("comprehensive_evaluation"), "talent_evaluation", "综合评价"),
        Boxes(boxes(reading, reading.tasks(*REVIEWS)), "旗卫生健康委审核意见"),
    )
    return Sheet(reading.case.institution or "", parts, "OT-4a")


async def person_file(reading: Reading) -> Sheet | None:
    """F-27: the cover of the file that is kept for one person, from the filing on."""
    row = await _row(reading)
    if row is None or row.filed_on is None or not reading.whole:
        return None
    papers = [
        ("推荐申报表", reading.last("talent_nomination")),
        ("备案", reading.last("talent_filing")),
        ("合同书", reading.last("contract_paper")),
        ("派出单位意见", reading.last("home_unit_consent")),
        ("执业依据", reading.last("practice_authority")),
        ("终期验收报告", reading.last("acceptance_report")),
    ]
    opening = await _opening(reading)
    kept = tuple((name, _dated(name, taken, opening)) for name, taken in papers)
    quarters = [each for task in reading.tasks("talent_check_in") for each in reading.answers(task)[:1]]
    parts: tuple[Part, ...] = (
        _head(reading),
        *_contract(row),
        *_imported(opening),
        Table("档案材料", (Column("材料", 4), Column("日期", 3)), kept),
        Facts((Fact("季度小结", f"{len(quarters)}份"),)),
        Boxes(boxes(reading, reading.tasks("talent_filing")), "旗卫生健康委备案意见"),
    )
    return Sheet(reading.case.institution or "", parts, "OT-6.2a")


async def contract(reading: Reading) -> Sheet | None:
    """F-26 in brief: what was agreed; the signed paper itself is the contract."""
    row, draft, opening = await _row(reading), reading.last("contract_draft"), await _opening(reading)
    if row is None or row.signed_on is None or not (draft or opening) or not reading.whole:
        return None
    parts = (
        _head(reading),
        *_contract(row),
        *_imported(opening),
        *_written(draft, "contract_draft", "合同内容"),
        Boxes(boxes(reading, reading.tasks(*SIGNING)), "双方意见"),
    )
    return Sheet(reading.case.institution or "", parts, "OT-2.1d")


async def quarters(reading: Reading) -> Sheet | None:
    """F-15: every quarter that was summed up, with the working time as it was judged."""
    asked = reading.tasks("talent_check_in")
    if not asked or not reading.whole:
        return None
    parts: list[Part] = [_head(reading), *await _working_time(reading)]
    for task in asked:
        answers = reading.answers(task)
        if answers:
            parts += _written(answers[0], "talent_check_in", f"截至{task.refs['quarter']}的季度小结")
        parts.append(Boxes(boxes(reading, [task])))
    return Sheet(reading.case.institution or "", tuple(parts), "OT-6.1c")


async def acceptance(reading: Reading) -> Sheet | None:
    """F-29: three parts, the employer's conclusion and the commission's consent (COR-01)."""
    report = reading.last("acceptance_report")
    if report is None or not reading.whole:
        return None
    row = await _row(reading)
    parts: tuple[Part, ...] = (
        _head(reading),
        *(_contract(row) if row else ()),
        *_written(report, "acceptance_report", "终期验收"),
        *await _working_time(reading),
        Boxes(boxes(reading, reading.tasks(*ACCEPTING)), "验收结论及审核意见"),
    )
    return Sheet(reading.case.institution or "", parts, "OT-6.1e")


def _head(reading: Reading) -> Facts:
    subject = reading.found.subject
    facts = [
        Fact("用人单位", reading.place(str(reading.case.facts["employer"]))),
        Fact("引进专家（团队领衔人）", subject.name if subject else ""),
        Fact("职称", profession(subject) if subject else ""),
        Fact("派出单位", reading.place(subject.institution) if subject else ""),
    ]
    others = [code for code in str(reading.case.facts.get("signatories", "")).split(",") if code]
    if others:
        facts.append(Fact("共同签约单位", "、".join(reading.place(code) for code in others)))
    return Facts(tuple(facts))


def _contract(row: TalentContract) -> tuple[Facts, ...]:
    if row.signed_on is None or row.agreed is None:
        return ()
    return (
        Facts(
            (
                Fact("合同编号", row.number),
                Fact("签订日期", day(row.signed_on)),
                Fact("合同期限", f"{day(row.first_day)}至{day(row.last_day)}"),
                Fact("工作时间", f"{amount(row.agreed)}{TIME_UNITS[row.unit]}"),
                Fact("支持资金", f"{row.fund_yuan:,.2f}元" if row.fund_yuan is not None else ""),
                Fact("备案日期", day(row.filed_on)),
            ),
            "合同",
        ),
    )


def _written(taken: Taken | None, form: str, caption: str) -> list[Part]:
    """What was written into a form: short entries as facts, long ones as passages, rows as tables."""
    if taken is None:
        return []
    sheet, content = SHEETS[form], cast("Mapping[str, Any]", taken.row.form)
    short = [one for one in sheet.entries if one.kind not in ("words", "rows", "file") and content.get(one.name)]
    long = [one for one in sheet.entries if one.kind == "words" and content.get(one.name)]
    tables = [one for one in sheet.entries if one.kind == "rows" and content.get(one.name)]
    parts: list[Part] = [Facts(tuple(Fact(one.label, _said(one, content)) for one in short), caption)] if short else []
    parts += [Passage(one.label, str(content[one.name])) for one in long]
    return parts + [_table(one, content[one.name]) for one in tables]


def _table(entry: Entry, rows: Iterable[Mapping[str, Any]]) -> Table:
    columns = tuple(Column(cell.label, 2) for cell in entry.rows)
    return Table(entry.label, columns, tuple(tuple(_said(cell, row) for cell in entry.rows) for row in rows))


def _said(entry: Entry, content: Mapping[str, Any]) -> str:
    value = str(content.get(entry.name, ""))
    if entry.kind == "tick":
        return "是" if value else ""
    if entry.kind == "day" and value:
        return day(date.fromisoformat(value))
    return entry.choices.get(value, value)


async def _working_time(reading: Reading) -> list[Part]:
    """Every judgement of a day, the later ones about the same day among them."""
    row = await _row(reading)
    query = select(TalentFigure).where(TalentFigure.case_id == reading.case.id).order_by(TalentFigure.number)
    figures = (await reading.session.scalars(query)).all()
    if row is None or not figures:
        return []
    unit = TIME_UNITS[row.unit]
    rows = tuple(
        (
            day(one.as_of),
            f"{amount(one.agreed)}{unit}",
            f"{amount(one.worked)}{unit}",
            f"{shown(percent(one.worked, one.agreed))}%",
            f"{shown(percent(one.worked, one.agreed - one.excused))}%",
        )
        for one in figures
    )
    titles = ("截至", "约定", "完成", "比例", "扣除已确认不可抗力后")
    judged = Table("工作时间", tuple(Column(title, 2) for title in titles), rows)
    opening = await _opening(reading)
    if opening is None:
        return [judged]
    stated = f"{amount(opening.worked)}{unit}，截至{day(opening.as_of)}，按原有材料填报"
    return [judged, Facts((Fact("其中期初导入", stated),))]


def _dated(name: str, taken: Taken | None, opening: TalentOpening | None) -> str:
    """The day of a paper of the file; of what came before an import the sheet's, or that it is on paper (COR-17)."""
    if taken:
        return day(taken.row.decided_on)
    if opening is None or name not in BEFORE_IMPORT:
        return "尚无"
    stated = {"备案": opening.filed_on, "合同书": opening.signed_on, "派出单位意见": opening.consented_on}
    known = stated.get(name) or (opening.authority_from if name == "执业依据" else None)
    said = {"派出单位意见": opening.consent_service, "执业依据": opening.authority_basis}.get(name, ON_PAPER)
    if not said:
        return "尚无"
    return f"{day(known)}（{ON_PAPER}）" if known else ON_PAPER


def _imported(opening: TalentOpening | None) -> tuple[Facts, ...]:
    """What was stated of a contract that ran before: nobody decided it here (COR-17)."""
    if opening is None:
        return ()
    unit = TIME_UNITS[opening.unit]
    facts = [
        Fact("说明", "申报、评审、备案和签订已在线下办结，按原有材料录入，本系统未作这些决定"),
        Fact("备案文号", f"{opening.filing_number}（{day(opening.filed_on)}）"),
        Fact("期初截止日", day(opening.as_of)),
        Fact("截至该日已完成", f"{amount(opening.worked)}{unit}"),
    ]
    if opening.excused:
        facts.append(Fact("截至该日已确认不可抗力", f"{amount(opening.excused)}{unit}"))
    return (Facts(tuple(facts), "期初导入"),)


async def _opening(reading: Reading) -> TalentOpening | None:
    return await reading.session.get(TalentOpening, reading.case.id)


async def _row(reading: Reading) -> TalentContract | None:
    return await reading.session.get(TalentContract, reading.case.id)


FORMS = (
    FormType("talent_nomination_sheet", LIFECYCLE, nomination),
    FormType("talent_file", LIFECYCLE, person_file),
    FormType("talent_contract_brief", LIFECYCLE, contract),
    FormType("talent_quarters", LIFECYCLE, quarters),
    FormType("talent_acceptance", LIFECYCLE, acceptance),
)
