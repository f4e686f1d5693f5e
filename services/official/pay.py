"""The performance-pay total sheet F-22: each sending institution, the total, four opinions (DQ-3.4.2a, b)."""

from decimal import Decimal

from activities.pay import total_facts
from services.official.approval import boxes
from services.official.lists import NUMBER
from services.official.model import Boxes, Column, Fact, Facts, Table, numbered
from services.official.reading import FormType, Reading, Sheet
from services.pay_rows import rows_of

DRAFTS = ("pay_total_draft", "pay_total_revision")
OPINIONS = ("pay_total_approval_health", "pay_total_approval")
QUESTIONS = ("pay_virtual_scope", "pay_heads_leave")
SUBMITTED = "submit_total"


async def pay_total_sheet(reading: Reading) -> Sheet | None:
    """F-22: what was submitted last, line by line, with the opinions of the four bureaus on it."""
    task_ids = {task.id for task in reading.tasks(*DRAFTS)}
    found = [one for one in reading.found.decisions if one.row.task_id in task_ids and one.row.choice == SUBMITTED]
    if not found:
        return None
    last, year = found[-1].row, int(reading.case.facts["year"])
    facts = total_facts(last.form, year=year, on=last.decided_on)
    names = {one.institution: reading.place(one.institution) for one in facts.senders}
    rows = rows_of(facts, names, reading.pack)
    total = sum((Decimal(str(one["product"])) for one in rows), Decimal(0))
    head = Facts(
        (
            Fact("报送单位", reading.place(reading.case.institution)),
            Fact("年度", str(year)),
            Fact("总量建议数（元）", f"{total:,.2f}"),
            Fact("数据性质", "最终数" if all(one["final"] and not one["estimated"] for one in rows) else "暂按推算"),
        )
    )
    asked = [task for task in reading.tasks(*OPINIONS) if task.refs["submission"] == _number(reading, last.task_id)]
    parts = (
        head,
        _lines(rows),
        Boxes(boxes(reading, reading.tasks(*QUESTIONS)), "县卫生健康局明确的口径"),
        Boxes(boxes(reading, asked), "四个局核定意见"),
    )
    return Sheet(reading.case.institution or "", parts, "DQ-3.4.2b")


def _number(reading: Reading, task_id: str) -> str:
    return str(reading.found.tasks[task_id].refs["submission"])


def _lines(rows: list[dict[str, object]]) -> Table:
    columns = (
        NUMBER,
        Column("派出单位", 4),
        Column("年平均人数", 2),
        Column("人均水平（元）", 3),
        Column("小计（元）", 3),
        Column("备注", 3),
    )
    lines = [
        (
            str(one["name"]),
            f"{one['average']:.2f}",
            f"{one['per_capita']:,}" if isinstance(one["per_capita"], Decimal) else "",
            f"{one['product']:,.2f}",
            _remarks(one),
        )
        for one in rows
    ]
    return Table("总量测算", columns, numbered(lines))


def _remarks(one: dict[str, object]) -> str:
    said = []
    if one["half_release"]:
        said.append(f"半脱产{one['half_release']}人，按1计")
    if one["estimated"]:
        said.append(f"{one['estimated']}个月为预计数")
    if not one["final"]:
        said.append("人均水平非最终数")
    return "；".join(said)


FORMS = (FormType("pay_total_sheet", "PayTotal", pay_total_sheet),)
