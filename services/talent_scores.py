"""The score sheet of an annual assessment as it stands, from the answers on record (OT-E2, G-7)."""

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.talent_assessment import ANSWERED
from activities.talent_scoring import PANEL, Answers, Given, Settled, table_facts
from db.engine.tasks import DecisionRow, TaskRow
from db.talent_assessments import TalentAssessment
from policies.engine.pack import Pack
from policies.talent.figures import amount
from policies.talent.score_table import Item, Sheet, TableFacts, sheet_of


async def answers_of(session: AsyncSession, case_id: str) -> Answers:
    """The newest answer to each question of an assessment; gaps only as they were settled of the newest sheet."""
    query = select(DecisionRow, TaskRow).join(TaskRow, TaskRow.id == DecisionRow.task_id)
    rows = (await session.execute(query.where(DecisionRow.case_id == case_id).order_by(DecisionRow.decided_at))).all()
    given: dict[str, Given] = {}
    panel = ""
    for decision, task in rows:
        if task.name in ANSWERED:
            given[task.name] = Given(decision.form, decision.words or "", decision.person, decision.request)
            panel = task.id.rsplit(".", 1)[1] if task.name == PANEL else panel
    settled = tuple(
        Settled(cast("Item", task.refs["item"]), Given(decision.form, decision.words or "", decision.person))
        for decision, task in rows
        if task.name == "table_gap" and task.refs["of"] == panel
    )
    return Answers(given, settled)


def sheet_from(answers: Answers, pack: Pack, settled: tuple[Settled, ...]) -> Sheet:
    """The sheet that the rules make of answers, with these gaps settled."""
    facts: TableFacts = table_facts(Answers(answers.given, settled))
    return sheet_of(facts, pack)


async def scores_of(session: AsyncSession, case_id: str, pack: Pack) -> Mapping[str, Any] | None:
    """The lines of the newest sheet with what each rests on, and the total; None before the panel has scored."""
    answers = await answers_of(session, case_id)
    row = await session.get(TalentAssessment, case_id)
    if PANEL not in answers.given or row is None:
        return None
    sheet = sheet_from(answers, pack, answers.settled)
    lines = [
        {
            "item": line.item.removeprefix("S"),
            "points": None if line.points is None else amount(line.points),
            "least": amount(line.least),
            "most": amount(line.most),
            "ruled": line.ruled,
            "because": line.finding.explanation,
            "readings": [one.text for one in line.finding.readings] if line.points is None else [],
        }
        for line in sheet.lines
    ]
    total = None if sheet.total is None else amount(sheet.total)
    return {
        "lines": lines,
        "total": total,
        "least": amount(sheet.least),
        "most": amount(sheet.most),
        "veto": row.veto,
    }
