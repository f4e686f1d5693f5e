"""What is asked about a year's funds, held against the rules of the plan (OT-5a, OT-5b, OT-N1, G-14)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.talent_funds import (
    BELOW_PAID,
    BELOW_REQUESTED,
    PLACES,
    allocation_found,
    amounts_now,
    cover_found,
    float_found,
)
from db.engine.cases import CaseFile
from db.engine.people import Institution
from db.engine.tasks import DecisionRow
from db.talent_funds import PAYMENT
from policies.engine.finding import Finding
from policies.engine.refusals import Refusal
from policies.engine.words import Words
from policies.talent.funds import HospitalFacts, hospital_is_within
from services.engine.decisions import Answer, Asked, Form, FormCheck
from services.engine.tasks import FormReader
from services.field_problems import FieldProblem
from services.forms.entries import Content, Entry, check_of, labelled
from services.forms.fund_sheets import AMOUNTS, SHEETS
from services.forms.parsing import ensure

APPROVE = "approve"
ADJUSTMENT, FLOAT, SETTLE = "propose_adjustment", "propose_float", "settle_funds"
NOW = Words("现行经费（万元）", "Funds now (ten thousand yuan)")
PROPOSED: Mapping[str, Words] = {
    ADJUSTMENT: Words("拟调整为（万元）", "Proposed adjustment (ten thousand yuan)"),
    FLOAT: Words("拟浮动为（万元）", "Proposed float (ten thousand yuan)"),
}


class FundRequestsWait(Refusal):
    """Requests for this year's funds are under way; it cannot be settled yet."""


class FundsBelowPaid(Refusal):
    """A hospital has been paid more meanwhile than it would have: the proposal cannot be approved."""


_amounts = check_of(SHEETS["fund_amounts"])


async def amounts(session: AsyncSession, asked: Asked, answer: Answer) -> Form:
    """Each hospital within its fifth; an adjustment adds up to the fixed total (OT-5b). A float above it is asked."""
    if answer.choice == SETTLE:
        await _nothing_waits(session, asked.case.id)
    form = await _amounts(session, asked, answer)
    if answer.choice in PROPOSED:
        ensure(_outside(form.content, asked))
        ensure(_below_paid(await _covers(session, asked, form.content)))
    if answer.choice == ADJUSTMENT:
        ensure(_total(allocation_found(form.content, asked.pack)))
    return form


async def _nothing_waits(session: AsyncSession, fund: str) -> None:
    """Nothing is carried over: what waits is paid or refused before the year is settled."""
    waits = CaseFile.facts["fund"].astext == fund, CaseFile.lifecycle == PAYMENT, CaseFile.state != "closed"
    count = await session.scalar(select(func.count()).select_from(CaseFile).where(*waits))
    if count:
        raise FundRequestsWait(number=str(count))


def _outside(content: Content, asked: Asked) -> list[FieldProblem]:
    problems = []
    for place, name in zip(PLACES, asked.pack.parameters["funded_hospitals"].listed, strict=True):
        found = hospital_is_within(HospitalFacts(name, Decimal(str(content[place]))), asked.pack)
        if found.effect == "block":
            ends = (("least", number(found.figures["least"])), ("most", number(found.figures["most"])))
            problems.append(FieldProblem(place, "funds_outside", ends))
    return problems


async def _covers(session: AsyncSession, asked: Asked, content: Content) -> Mapping[str, Finding]:
    return await cover_found(session, asked.case.id, asked.case.facts, content, asked.pack)


def _below_paid(covers: Mapping[str, Finding]) -> list[FieldProblem]:
    """What is paid cannot be taken back by an adjustment or a float (OT-5a)."""
    return [
        FieldProblem(place, "funds_below_paid", (("paid", number(found.figures["paid"])),))
        for place, found in covers.items()
        if found.outcome == BELOW_PAID
    ]


async def approval(session: AsyncSession, asked: Asked, answer: Answer) -> Form:
    """A proposal that a payment has overtaken since is not approved: it is returned and made anew (OT-5a, OT-5b)."""
    if answer.choice == APPROVE:
        draft = await _draft(session, asked)
        covers = await _covers(session, asked, draft.form)
        if any(found.outcome == BELOW_PAID for found in covers.values()):
            raise FundsBelowPaid(case=asked.case.id)
    return Form()


def _total(found: Finding) -> list[FieldProblem]:
    if found.outcome != "total_differs":
        return []
    values = (("total", number(found.figures["total"])), ("fixed", number(found.figures["fixed"])))
    return [FieldProblem(PLACES[-1], "funds_total", values)]


async def labelled_amounts(session: AsyncSession, facts: Mapping[str, Any]) -> tuple[Entry, ...]:
    """The entries of the three amounts, each named after its hospital."""
    codes = [facts[place] for place in PLACES]
    rows = await session.execute(select(Institution.code, Institution.name).where(Institution.code.in_(codes)))
    names = {row.code: row.name for row in rows}
    return tuple(replace(entry, label=names[facts[entry.name]]) for entry in AMOUNTS)


async def proposing(session: AsyncSession, asked: Asked) -> Mapping[str, object]:
    """The three amounts to be filled in, beside those that hold now."""
    entries = await labelled_amounts(session, asked.case.facts)
    asking = tuple(replace(one, required=False) for one in entries)
    return {"entries": asking, "said": [await _now(session, asked, entries)]}


async def proposal(session: AsyncSession, asked: Asked) -> Mapping[str, object]:
    """The amounts that hold and those that are proposed, with what the rule has found of them."""
    entries = await labelled_amounts(session, asked.case.facts)
    draft = await _draft(session, asked)
    if draft.choice == ADJUSTMENT:
        found = allocation_found(draft.form, asked.pack)
    else:
        before = await amounts_now(session, asked.case.id, asked.case.facts)
        found = float_found(draft.form, before, asked.pack)
    shown = {
        "title": PROPOSED[draft.choice],
        "lines": labelled(entries, draft.form),
        "words": draft.words or "",
        "evidence": "",
    }
    said = [await _now(session, asked, entries), shown]
    covers = (await _covers(session, asked, draft.form)).values()
    warned = [one.as_json() for one in covers if one.outcome in (BELOW_PAID, BELOW_REQUESTED)]
    return {"entries": (), "said": said, "found": [found.as_json(), *warned]}


async def _draft(session: AsyncSession, asked: Asked) -> DecisionRow:
    """What the commission has proposed last."""
    query = select(DecisionRow).where(DecisionRow.case_id == asked.case.id, DecisionRow.choice.in_(PROPOSED))
    return (await session.scalars(query.order_by(DecisionRow.decided_at.desc()).limit(1))).one()


async def _now(session: AsyncSession, asked: Asked, entries: tuple[Entry, ...]) -> Mapping[str, object]:
    now = await amounts_now(session, asked.case.id, asked.case.facts)
    lines = labelled(entries, {place: number(amount) for place, amount in now.items()})
    return _said(NOW, lines)


async def budget(session: AsyncSession, asked: Asked) -> Mapping[str, object]:
    """What finance confirms: the amount of each hospital as the plan prints it."""
    entries = await labelled_amounts(session, asked.case.facts)
    printed = asked.pack.parameters["funds_of_hospital"].number
    lines = labelled(entries, dict.fromkeys(PLACES, number(printed)))
    title = Words("方案规定的年度经费（万元）", "Funds of the year by the plan (ten thousand yuan)")
    return {
        "entries": SHEETS["fund_budget"].entries,
        "said": [{"title": title, "lines": lines, "words": "", "evidence": ""}],
    }


def _said(title: Words, lines: Sequence[Content], words: str = "") -> Mapping[str, object]:
    return {"title": title, "lines": lines, "words": words, "evidence": ""}


def number(value: object) -> str:
    """An exact amount without needless zeros."""
    return f"{Decimal(str(value)).normalize():f}"


FORMS: Mapping[str, FormCheck] = {
    "fund_budget": check_of(SHEETS["fund_budget"]),
    "fund_amounts": amounts,
    "fund_change_read": approval,
}
READERS: Mapping[str, FormReader] = {
    "fund_budget": budget,
    "fund_amounts": proposing,
    "fund_change_read": proposal,
}
