"""What an annual assessment writes: its sheets, the veto and the result; and the opening of one (OT-6.1, OT-S1 to S12).

No effect makes a grade: the employer's answer is kept once the commission has consented (G-1, COR-01).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from sqlalchemy import func, select

from activities.engine.scene import EffectFunction, Scene
from activities.findings import keep_finding
from activities.talent_facts import since_import
from activities.talent_scoring import (
    CAPACITY,
    HEAD,
    MATERIALS,
    MEDIATION,
    MEDICAL,
    MENTEES,
    OWN,
    PANEL,
    STATED,
    Answers,
    Given,
    Settled,
    ratings_of,
    table_facts,
    veto_facts,
)
from db.engine.cases import CaseFile
from db.engine.opening import NewCase, open_cases
from db.engine.people import Institution
from db.engine.tasks import DecisionRow, InboxRow, TaskRow
from db.talent_assessments import ASSESSMENT, RATING, SCORE, TalentAssessment, TalentRating, TalentScore
from db.talent_contracts import TalentContract
from db.talent_openings import TalentOpening
from policies.talent.conclusion import ConclusionFacts, Result, year_is_concluded
from policies.talent.early_end import PartFacts, part_is_assessed
from policies.talent.periods import Basis, PeriodFacts, assessment_is_due, periods_of
from policies.talent.score_table import Item, Sheet, sheet_of, total_stands
from policies.talent.veto import Decision, VetoDecisionFacts, veto_candidates, veto_weighs

LIFECYCLE = "AnnualTalentAssessment"
ASSESSMENT_TASKS = (
    MENTEES,
    HEAD,
    OWN,
    CAPACITY,
    *MATERIALS,
    PANEL,
    "assessment_part",
    "table_gap",
    "veto_question",
    "veto_decision",
    "assessment_conclusion",
    "assessment_notice",
    "assessment_appeal",
    "assessment_consent",
    "falsification_hold",
    "falsification_reply",
    "falsification_decision",
    "falsification_inquiry",
)
ANSWERED = (MENTEES, HEAD, OWN, CAPACITY, *MATERIALS, PANEL)
COMMITTEE, NO_COMMITTEE = "mediation_committee", "no_committee"
DECIDED = {"proposed_unqualified": "confirmed", "dismissed": "dismissed"}
NOT_HELD = "assessment_not_held"
RESULTS: Mapping[str, Result] = {"conclude_qualified": "qualified", "conclude_unqualified": "unqualified"}
BASES: tuple[Basis, ...] = ("calendar_year", "contract_year")
_ONE_DAY = timedelta(days=1)
_CENT = Decimal("0.01")


async def plan_assessments(scene: Scene, refs: Mapping[str, str]) -> str:
    """The years of a contract as "year:first:last:kind", or "ask" where it is open by which year (G-9, COR-24).

    What the rule finds of each day that matters is kept. A second period that ends in one year has its own name. Years
    that were over when an imported contract was stated are not asked again (COR-17); the current one is, as a whole.
    """
    contract = await scene.session.get_one(TalentContract, scene.case.id)
    first_day, last_day = cast("date", contract.first_day), cast("date", contract.last_day)
    basis = cast("Basis", refs["basis"])
    facts = PeriodFacts(first_day, last_day, last_day, basis)
    least = scene.pack.parameters["assessment_months"]
    bases: tuple[Basis, ...] = (basis,) if basis else BASES
    found = [periods_of(facts, one, least) for one in bases]
    for day in sorted({period.last_day for periods in found for period in periods}):
        finding = assessment_is_due(replace(facts, on=day + _ONE_DAY), scene.pack)
        if finding.effect == "ask" and finding.outcome is None and "first_day" not in finding.figures:
            keep_finding(scene, finding, person=scene.case.facts["person"])
            return "ask"
    names = Counter[str]()
    said = []
    for period in found[0]:
        year = str(period.last_day.year)
        names[year] += 1
        name = year if names[year] == 1 else f"{year}-{names[year]}"
        kind = "stub" if period.is_stub else "year"
        if await since_import(scene.session, contract.case_id, [period.last_day]):
            said.append(f"{name}:{period.first_day}:{period.last_day}:{kind}")
    return " ".join(said)


async def open_assessment(scene: Scene, refs: Mapping[str, str]) -> str:
    """A contract opens the assessment of one of its years (G-9); the same year again is the same case."""
    return await _open(scene, refs["year"], refs["first_day"], refs["last_day"])


async def ask_last_part(scene: Scene, ended_on: date) -> str:
    """A contract has ended early: whether the days that no assessment covers are assessed is asked in a case of its
    own, "" where there are none. An assessment that is open goes on.
    """
    contract = await scene.session.get_one(TalentContract, scene.case.id)
    beside = CaseFile.lifecycle == LIFECYCLE, CaseFile.facts["contract"].astext == scene.case.id
    covered = [date.fromisoformat(facts["last_day"]) for facts in await scene.session.scalars(_facts_of(*beside))]
    assessed = len(covered)
    covered.append(cast("date", contract.first_day) - _ONE_DAY)
    if opening := await scene.session.get(TalentOpening, contract.case_id):
        # Years before the one in which it was imported are not asked about again (COR-17).
        covered.append(date((opening.as_of + _ONE_DAY).year - 1, 12, 31))
    first_day = max(covered) + _ONE_DAY
    if ended_on < first_day:
        return ""
    more = {"asks": "part", "assessed": str(assessed)}
    return await _open(scene, f"{ended_on.year}-end", first_day.isoformat(), ended_on.isoformat(), **more)


def _facts_of(*where: Any) -> Any:
    return select(CaseFile.facts).where(*where, CaseFile.outcome != NOT_HELD)


async def _open(scene: Scene, year: str, first_day: str, last_day: str, **more: str) -> str:
    contract = scene.case
    committee = select(Institution.code).where(Institution.kind == COMMITTEE).order_by(Institution.code).limit(1)
    kept = {name: str(contract.facts[name]) for name in ("person", "employer", "commission", "finance")}
    case = NewCase(
        id=f"assessment.{contract.id.removeprefix('talent.')}.{year}",
        lifecycle=LIFECYCLE,
        pack=scene.pack,
        tasks=ASSESSMENT_TASKS,
        facts={
            **kept,
            **more,
            "contract": contract.id,
            "year": year,
            "first_day": first_day,
            "last_day": last_day,
            # Where no committee is known nobody answers for it: the commission states what it has from it, or that
            # there is none.
            "mediation": await scene.session.scalar(committee) or "",
        },
        institution=kept["employer"],
        subject=kept["person"],
    )
    if await open_cases(scene.session, [case], at=scene.at):
        scene.starts.append(case.id)
    return case.id


async def weigh_part(scene: Scene, refs: Mapping[str, str]) -> str:
    """Keep what speaks for and against assessing the last part of a contract that ended early; answers "ask"."""
    facts = scene.case.facts
    first_day, ended_on = (date.fromisoformat(facts[name]) for name in ("first_day", "last_day"))
    part = PartFacts(first_day, ended_on, int(facts["assessed"]))
    keep_finding(scene, part_is_assessed(part, scene.pack), person=facts["person"])
    return "ask"


async def score_sheet(scene: Scene, refs: Mapping[str, str]) -> str:
    """Keep a sheet as the rules make it; answers the open items, and what of the veto the commission has to look at.

    The refs are the requests of the answers by the name of their question, and `rulings`, as "S1=request S6=request".
    """
    answers = await _answers(scene, refs)
    facts = table_facts(answers)
    sheet = sheet_of(facts, scene.pack)
    row = await _row(scene)
    row.sheet += 1
    row.least, row.most = _points(sheet.least), _points(sheet.most)
    await _keep_ratings(scene, answers)
    for line in sheet.lines:
        keep_finding(scene, line.finding, person=scene.case.facts["person"])
    veto = veto_candidates(veto_facts(answers), scene.pack)
    for finding in (total_stands(facts, scene.pack), veto):
        keep_finding(scene, finding, person=scene.case.facts["person"])
    _keep_lines(scene, sheet, row.sheet)
    scene.name_row(ASSESSMENT, ASSESSMENT.content_of(row))
    return f"{' '.join(sheet.open)}|{veto.outcome or 'ask'}"


async def decide_veto(scene: Scene, refs: Mapping[str, str]) -> str:
    """The commission's answer to a candidate: the raw total is kept, a grade is proposed and none is given (OT-S12)."""
    row = await _row(scene)
    decision: Decision = "confirm" if refs["choice"] == "confirm_veto" else "dismiss"
    given = await _given(scene, refs["request"])
    facts = VetoDecisionFacts(1, row.least, row.most, decision, "commission", given.words, **await _materials(scene))
    finding = veto_weighs(facts, scene.pack)
    keep_finding(scene, finding, person=scene.case.facts["person"])
    # What the rule refuses is neither: it stops here and is seen, and is never written down as a dismissal.
    row.veto = DECIDED[finding.outcome or ""]
    scene.name_row(ASSESSMENT, ASSESSMENT.content_of(row))
    return row.veto


async def _materials(scene: Scene) -> dict[str, bool]:
    """From which of the two bodies there is something, nil included, and whether the lack of a committee is stated."""
    query = select(TaskRow.name, TaskRow.outcome, TaskRow.institution)
    query = query.where(TaskRow.case_id == scene.case.id, TaskRow.name.in_(MATERIALS), TaskRow.outcome != "")
    rows = (await scene.session.execute(query)).all()
    # In cases from before, the commission's own section answered in the committee's place.
    own = {name for name, _, place in rows if name == MEDIATION and place == scene.case.facts["commission"]}
    said = {name: outcome for name, outcome, _ in rows if name not in own}
    return {
        "medical_section": MEDICAL in said,
        "mediation_committee": MEDIATION in said or said.get(STATED, NO_COMMITTEE) != NO_COMMITTEE,
        "absence_stated": bool(own) or said.get(STATED) == NO_COMMITTEE,
    }


async def clear_veto(scene: Scene, refs: Mapping[str, str]) -> str:
    """Nothing calls for a veto on this sheet."""
    row = await _row(scene)
    row.veto = "none"
    scene.name_row(ASSESSMENT, ASSESSMENT.content_of(row))
    return row.veto


async def file_assessment(scene: Scene, refs: Mapping[str, str]) -> str:
    """What the employer has concluded and the commission has consented to; answers the result (OT-6.1d, COR-01)."""
    row, given = await _row(scene), await _given(scene, refs["concluded"])
    result = RESULTS[refs["choice"]]
    facts = ConclusionFacts(row.least, row.most, result, "employer", given.words, "consent")
    keep_finding(scene, year_is_concluded(facts, scene.pack), person=scene.case.facts["person"])
    row.result, row.settled_by = result, refs["consent"]
    scene.name_row(ASSESSMENT, ASSESSMENT.content_of(row))
    return result


async def _answers(scene: Scene, refs: Mapping[str, str]) -> Answers:
    given = {task: await _given(scene, refs[task]) for task in ANSWERED if refs.get(task)}
    pairs = [one.partition("=") for one in refs.get("rulings", "").split()]
    settled = [Settled(cast("Item", item), await _given(scene, request)) for item, _, request in pairs]
    return Answers(given, tuple(settled))


async def _given(scene: Scene, request: str) -> Given:
    """An answer of this transition or of an earlier one."""
    person = scene.decider_of(request)
    kept: InboxRow | DecisionRow = (
        scene.inbox[request] if request in scene.inbox else await scene.session.get_one(DecisionRow, request)
    )
    return Given(kept.form, kept.words or "", person, request)


async def _row(scene: Scene) -> TalentAssessment:
    row = await scene.session.get(TalentAssessment, scene.case.id)
    if row is None:
        facts = scene.case.facts
        days = {name: date.fromisoformat(facts[name]) for name in ("first_day", "last_day")}
        row = TalentAssessment(case_id=scene.case.id, contract=facts["contract"], **days)
        row.sheet, row.least, row.most, row.veto, row.result = 0, Decimal(0), Decimal(0), "", ""
        scene.session.add(row)
    return row


async def _keep_ratings(scene: Scene, answers: Answers) -> None:
    """The ratings are given once; a sheet that is scored again rests on the same."""
    of_case = select(func.count()).where(TalentRating.case_id == scene.case.id)
    if await scene.session.scalar(of_case):
        return
    for number, (rater, points, request) in enumerate(ratings_of(answers), start=1):
        row: dict[str, Any] = {"case_id": scene.case.id, "number": number, "rater": rater}
        row |= {"points": points.quantize(_CENT), "request": request}
        scene.session.add(TalentRating(**row))
        scene.name_row(RATING, row)


def _keep_lines(scene: Scene, sheet: Sheet, number: int) -> None:
    for line in sheet.lines:
        row: dict[str, Any] = {
            "case_id": scene.case.id,
            "sheet": number,
            "item": line.item,
            "points": None if line.points is None else _points(line.points),
            "least": _points(line.least),
            "most": _points(line.most),
            "ruled": line.ruled,
            "scored_at": scene.at,
        }
        scene.session.add(TalentScore(**row))
        scene.name_row(SCORE, row)


def _points(exact: Fraction) -> Decimal:
    """Whole points of the table, or such as people gave to a hundredth: both are exact so."""
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(_CENT)


EFFECTS: Mapping[str, EffectFunction] = {
    one.__name__: one
    for one in (plan_assessments, open_assessment, weigh_part, score_sheet, decide_veto, clear_veto, file_assessment)
}
