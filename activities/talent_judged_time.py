"""Findings about the working time of a contract, and what the commission said of the same figures (OT-6.3g, G-5)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.contract_ends import WORKING_TIME, termination_under_way
from activities.engine.lines import day_of_answer
from activities.engine.scene import EffectFunction, Scene
from activities.findings import keep_finding
from activities.talent_facts import book_of, working_time_of
from db.contract_ends import RULING, TalentRuling
from db.engine.cases import CaseFile
from db.talent_contracts import FIGURE, TalentFigure
from policies.engine.finding import Finding
from policies.engine.pack import Pack
from policies.talent.working_time import Answer, Measure, WorkingTimeFacts, measured, working_time_suffices

ASK, GROUND, NO_GROUND, WARNING = "ask", "ground_to_confirm", "no_ground", "early_warning"
FORCE_MAJEURE, SHORT_TERM = "force_majeure", "short_term"
BELOW = (f"{ASK}_{FORCE_MAJEURE}", f"{ASK}_{SHORT_TERM}", GROUND)
# What the commission chooses, as the rule takes it.
SAID: Mapping[str, Answer] = {
    "ground_stands": "ground",
    "ground_not_found": "no_ground",
    "short_is_ground": "ground",
    "short_is_warning": "no_ground",
}
_CENT = Decimal("0.0001")


async def judge_working_time(scene: Scene, refs: Mapping[str, str]) -> str:
    """Keep what is found of a day; answers outcome, number of the figure, "new", "known" or "same", and the day.

    A finding is news at its checkpoint, or when a correction turned it; the same where not even a figure has changed. A
    matter that is open learns of every one.
    """
    as_of = date.fromisoformat(refs["as_of"])
    await scene.alone_with(book_of(scene.case.id))
    facts = await ruled_time_of(scene.session, scene.case.id, scene.pack, until=as_of)
    finding, found = working_time_suffices(facts, scene.pack), measured(facts, scene.pack)
    outcome = finding.outcome or f"{ASK}_{finding.figures['question']}"
    before = await _last(scene, as_of)
    stood = await _as_ruled(scene.session, before) if before else ""
    number = await _kept(scene, found, as_of=as_of, outcome=outcome, cause=refs["cause"])
    keep_finding(scene, finding, person=scene.case.facts["person"])
    same = before is not None and before.outcome == outcome and _figures(before) == _written_figures(found)
    await _tell_matter(scene, as_of, number, outcome, unchanged=same)
    # What the commission was asked about before may have become a ground of its own.
    turned = (stood in BELOW) != (outcome in BELOW) if before else True
    is_news = turned or (outcome == GROUND and before is not None and stood != GROUND)
    if _is_warning(finding) and (before is None or before.outcome != outcome):
        scene.tell("working_time_warning", role="R-19", place=scene.case.facts["employer"])
        scene.tell("working_time_warning", role="R-20", place=scene.case.facts["employer"])
    news = "new" if is_news else "same" if same else "known"
    return f"{outcome} {number} {news} {as_of}"


async def keep_ruling(scene: Scene, refs: Mapping[str, str]) -> str:
    """What the commission has said of one figure: later looks at the same figures use it and ask nobody again.

    The refs are contract, figure (its number), question, and choice and request of the answer.
    """
    row = {
        "case_id": refs["contract"],
        "number": int(refs["figure"]),
        "question": refs["question"],
        "answer": SAID[refs["choice"]],
        "matter": scene.case.id,
        "settled_by": refs["request"],
        "settled_on": await day_of_answer(scene, refs["request"]),
    }
    scene.session.add(TalentRuling(**row))
    await scene.session.flush()
    scene.name_row(RULING, row)
    return ""


async def ruled_time_of(session: AsyncSession, case_id: str, pack: Pack, *, until: date) -> WorkingTimeFacts:
    """The facts of a contract's working time, with what the commission said of the very same figures of that day."""
    facts = await working_time_of(session, case_id, until=until)
    said = await _said_of(session, case_id, until, _written_figures(measured(facts, pack)))
    return replace(facts, answer=said.get(FORCE_MAJEURE, ""), short_term=said.get(SHORT_TERM, ""))


Figures = tuple[Decimal, Decimal, Decimal]


async def _said_of(session: AsyncSession, case_id: str, as_of: date, figures: Figures) -> dict[str, Answer]:
    """The newest answer to each question about the figures of a day; a changed figure is a question of its own."""
    query = select(TalentRuling).join(
        TalentFigure, (TalentFigure.case_id == TalentRuling.case_id) & (TalentFigure.number == TalentRuling.number)
    )
    query = query.where(TalentFigure.case_id == case_id, TalentFigure.as_of == as_of)
    columns = (TalentFigure.agreed, TalentFigure.worked, TalentFigure.excused)
    query = query.where(*(column == figure for column, figure in zip(columns, figures, strict=True)))
    rows = await session.scalars(query.order_by(TalentRuling.number))
    return {row.question: cast("Answer", row.answer) for row in rows}


async def _as_ruled(session: AsyncSession, before: TalentFigure) -> str:
    """What a former finding came to once the commission had answered."""
    question = before.outcome.removeprefix(f"{ASK}_")
    said = (await _said_of(session, before.case_id, before.as_of, _figures(before))).get(question, "")
    if question == before.outcome or not said:
        return before.outcome
    if said == "ground":
        return GROUND
    return NO_GROUND if question == FORCE_MAJEURE else WARNING


def _figures(row: TalentFigure) -> Figures:
    return row.agreed, row.worked, row.excused


def _written_figures(found: Measure) -> Figures:
    return _written(found.agreed), _written(found.worked), _written(found.lost)


async def _tell_matter(scene: Scene, as_of: date, number: int, outcome: str, *, unchanged: bool) -> None:
    """An open matter about too little working time learns of every finding of its own day, or of a later one."""
    if matter := await termination_under_way(scene.session, scene.case.id, WORKING_TIME):
        facts = (await scene.session.get_one(CaseFile, matter)).facts
        if as_of.isoformat() >= facts.get("as_of", ""):
            refs = {"number": str(number), "outcome": outcome} | ({"unchanged": "yes"} if unchanged else {})
            scene.inform(matter, "figure_changed", **refs)


async def _last(scene: Scene, as_of: date) -> TalentFigure | None:
    query = select(TalentFigure).where(TalentFigure.case_id == scene.case.id, TalentFigure.as_of == as_of)
    found: TalentFigure | None = await scene.session.scalar(query.order_by(TalentFigure.number.desc()).limit(1))
    return found


async def _kept(scene: Scene, found: Measure, *, as_of: date, outcome: str, cause: str) -> int:
    last = await scene.session.scalar(
        select(func.max(TalentFigure.number)).where(TalentFigure.case_id == scene.case.id)
    )
    row: dict[str, Any] = {
        "case_id": scene.case.id,
        "number": (last or 0) + 1,
        "as_of": as_of,
        "agreed": _written(found.agreed),
        "worked": _written(found.worked),
        "excused": _written(found.lost),
        "claimed": _written(found.claimed),
        "outcome": outcome,
        "provisional": found.provisional,
        "cause": cause,
        "judged_at": scene.at,
    }
    scene.session.add(TalentFigure(**row))
    scene.name_row(FIGURE, row)
    return int(row["number"])


def _is_warning(finding: Finding) -> bool:
    return finding.outcome == "early_warning" and finding.figures["warning"] != ""


def _written(figure: Fraction) -> Decimal:
    """For reading, and to see whether a figure is the same: the rule computes anew from the facts, which are exact."""
    return (Decimal(figure.numerator) / Decimal(figure.denominator)).quantize(_CENT)


EFFECTS: Mapping[str, EffectFunction] = {one.__name__: one for one in (judge_working_time, keep_ruling)}
