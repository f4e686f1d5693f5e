"""What the pages about falsification in an assessment show: what was reported, replied and decided so far (OT-E3)."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.payment_gate import ABOUT_FALSIFICATION, REPORTED
from db.engine.tasks import DecisionRow, TaskRow
from services.engine.decisions import Asked
from services.engine.tasks import FormReader
from services.forms.assessment import READERS as OF_ASSESSMENT

TOLD = (*ABOUT_FALSIFICATION, "falsification_reply")


async def shown(session: AsyncSession, asked: Asked) -> Mapping[str, object]:
    """The conclusion with its sheet, and above it every statement since the newest report, in order."""
    query = select(DecisionRow, TaskRow.name).join(TaskRow, TaskRow.id == DecisionRow.task_id)
    rows = (
        await session.execute(query.where(DecisionRow.case_id == asked.case.id).order_by(DecisionRow.decided_at))
    ).all()
    told: list[Mapping[str, object]] = []
    for decision, task in rows:
        if decision.choice == REPORTED:
            told = []
        if decision.choice == REPORTED or task in TOLD:
            label = asked.pack.choices[decision.choice].label
            told.append({"label": label, "on": decision.decided_on, "words": decision.words or ""})
    return {**await OF_ASSESSMENT["assessment_result"](session, asked), "reported": told}


READERS: Mapping[str, FormReader] = {"falsification_read": shown}
