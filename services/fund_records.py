"""What a year's page says of every request, and of a change of the funds that is under way (OT-5b, OT-7.2, OT-N1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.talent_funds import KINDS, PLACES, allocation_found, amounts_now, float_found
from db.engine.cases import CaseFile
from db.engine.tasks import DecisionRow, TaskRow
from db.talent_funds import FundPayment
from policies.engine.finding import Finding
from policies.engine.pack import Pack
from policies.engine.words import Words

ABOVE, APPROVAL = "float_above_total", "fund_change_approval"
OPEN = "open"


@dataclass(frozen=True)
class Request:
    """One request, with where its case stands. Days are those on which people decided; None while nobody has.

    title: what an own reward is for (OT-N3). document: by which the Party committee answered a petition (OT-N4).
    """

    row: FundPayment
    stage: Words
    closed: bool
    requested_on: date | None = None
    checked_on: date | None = None
    title: str = ""
    document: str = ""


@dataclass(frozen=True)
class Change:
    """A proposal that does not hold yet, in ten thousand yuan by hospital; asks: the commission's leader is asked."""

    kind: str
    wan_yuan: Mapping[str, Decimal]
    finding: Finding
    asks: bool


async def requests_of(
    session: AsyncSession, rows: Sequence[FundPayment], pack: Pack
) -> Mapping[str, tuple[Request, ...]]:
    """The requests of some payments by hospital, the oldest first, with what people decided of each."""
    ids = [one.case_id for one in rows]
    cases = {one.id: one for one in await session.scalars(select(CaseFile).where(CaseFile.id.in_(ids)))}
    labels = {one.name: one.label for one in pack.stages}
    query = select(DecisionRow, TaskRow.name).join(TaskRow, TaskRow.id == DecisionRow.task_id)
    decided = (await session.execute(query.where(DecisionRow.case_id.in_(ids)).order_by(DecisionRow.decided_at))).all()
    found: dict[str, tuple[Request, ...]] = {}
    for row in rows:
        case = cases[row.case_id]
        stands = case.outcome or case.stage
        request = Request(row, labels.get(stands, Words(stands, stands)), case.state == "closed")
        for decision, task in decided:
            if decision.case_id == row.case_id:
                request = _after(request, task, decision)
        found[row.hospital] = (*found.get(row.hospital, ()), request)
    return found


def _after(request: Request, task: str, decision: DecisionRow) -> Request:
    """The request after one more answer; what goes back is checked anew."""
    form, day = decision.form or {}, decision.decided_on
    if task == "fund_request" and form:
        return replace(request, title=str(form.get("title", "")))
    if task == "fund_request_approval" and decision.choice == "approve":
        return replace(request, requested_on=day, checked_on=None)
    if task == "fund_check" and decision.choice == "pass_payment":
        return replace(request, checked_on=day)
    if decision.choice == "return":
        return replace(request, checked_on=None)
    if task == "petition_decision":
        return replace(request, document=str(form.get("document", "")))
    return request


async def change_under_way(session: AsyncSession, case: CaseFile, pack: Pack) -> Change | None:
    """What the commission has proposed and nobody has settled yet, with what the rule finds of it (OT-5b, G-14)."""
    open_now = TaskRow.case_id == case.id, TaskRow.status == OPEN, TaskRow.name.in_((ABOVE, APPROVAL))
    task = await session.scalar(select(TaskRow).where(*open_now).limit(1))
    if task is None:
        return None
    query = select(DecisionRow).where(DecisionRow.task_id == f"{case.id}.{task.refs['of']}")
    draft = (await session.scalars(query.order_by(DecisionRow.decided_at.desc()).limit(1))).one()
    kind, asks = KINDS[draft.choice], task.name == ABOVE
    if kind == "adjusted":
        found = allocation_found(draft.form, pack)
    else:
        before = await amounts_now(session, case.id, case.facts)
        found = float_found(draft.form, before, pack)
        if not asks and found.outcome is None:
            # A sum above the total comes before finance only after the leader has said that floats come on top.
            found = float_found(draft.form, before, pack, "on_top")
    amounts = {case.facts[place]: Decimal(str(draft.form[place])) for place in PLACES}
    return Change(kind, amounts, found, asks)
