"""What an annual assessment asks for beyond a choice and a reason, and what its pages show (OT-S1 to S12, OT-E2)."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.talent_scoring import (
    CAPACITY,
    MATERIALS,
    MENTEES,
    PANEL,
    Answers,
    Given,
    Settled,
    mentoring_facts,
    table_facts,
)
from db.engine.people import Person
from db.engine.tasks import DecisionRow, TaskRow
from db.talent_contracts import TalentExcuse
from db.talent_openings import TalentOpening
from policies.engine.words import Words
from policies.talent.figures import amount
from policies.talent.mentoring_item import mentoring_earns
from policies.talent.score_table import ITEMS, Item, item_finding
from services.engine.decisions import Asked, FormCheck
from services.engine.tasks import FormReader
from services.field_problems import FieldProblem
from services.forms.assessment_sheets import SHEETS
from services.forms.entries import Content, check_of, shown_of
from services.forms.talent import with_talent
from services.talent_scores import answers_of, scores_of, sheet_from

COUNTS = (
    "experts",
    "techniques",
    "techniques_higher",
    "papers",
    "papers_unsettled",
    "asked_leaders",
    "asked_middle",
    "asked_staff",
    "visits_this",
    "visits_last",
)
PERCENTS = ("staff_percent", "patient_percent")
# The entry at which what is wrong with an item is said.
AT: Mapping[Item, str] = {"S3": "attended", "S4": "mentoring_points", "S10": "staff_percent"}
OF_SHEET = frozenset(f"OT-{item}" for item in ITEMS)
_HUNDRED, _TEN = 100, 10


async def _panel(session: AsyncSession, asked: Asked, content: Content) -> Sequence[FieldProblem]:
    """Whole counts, sensible percentages, and an item that its rule refuses is refused here (OT-E2)."""
    problems = [FieldProblem(name, "number_wrong") for name in COUNTS if content[name] and _broken(content[name])]
    problems += [FieldProblem(name, "over_hundred") for name in PERCENTS if _over(content[name], _HUNDRED)]
    if content["experts"] and Decimal(content["experts"]) < 1:
        problems.append(FieldProblem("experts", "number_wrong"))
    if _over(content["mentoring_points"], _TEN):
        problems.append(FieldProblem("mentoring_points", "points_outside", (("least", "0"), ("most", "10"))))
    if problems:
        return problems
    return [*await _refused(session, asked, content), *await _excused(session, asked, content)]


async def _refused(session: AsyncSession, asked: Asked, content: Content) -> Sequence[FieldProblem]:
    known = await answers_of(session, asked.case.id)
    answers = Answers({**known.given, PANEL: Given(content)})
    facts = table_facts(answers)
    found = [(item, item_finding(item, facts, asked.pack)) for item in ITEMS if item not in ("S4", "S11")]
    problems = [FieldProblem(AT.get(item, "panel"), "item_refused") for item, one in found if one.effect == "block"]
    people = [given.person for given in known.given.values()]
    rows = await session.execute(select(Person.id, Person.name).where(Person.id.in_(people)))
    names = {one.id: one.name for one in rows.all()}
    mentoring = mentoring_earns(mentoring_facts(answers, names), asked.pack)
    if mentoring.outcome == "raters_not_apart":
        problems.append(FieldProblem("panel", "raters_not_apart"))
    elif mentoring.outcome == "same_name_unexplained":
        problems.append(FieldProblem("same_name", "same_name_unexplained"))
    elif mentoring.effect == "block":
        problems.append(FieldProblem("mentoring_points", "item_refused"))
    return problems


async def _excused(session: AsyncSession, asked: Asked, content: Content) -> Sequence[FieldProblem]:
    """Force majeure is left out only where the commission has confirmed an event in these days (OT-S3, G-13)."""
    if not content["excused"] or not Decimal(content["excused"]):
        return []
    facts = asked.case.facts
    first_day, last_day = (date.fromisoformat(facts[name]) for name in ("first_day", "last_day"))
    query = select(TalentExcuse.id).where(TalentExcuse.case_id == facts["contract"], TalentExcuse.state == "confirmed")
    within = (TalentExcuse.first_day <= last_day) & (TalentExcuse.last_day >= first_day)
    # What was confirmed before an import is summed up there, without its days (COR-17).
    before = select(TalentOpening.case_id).where(
        TalentOpening.case_id == facts["contract"], TalentOpening.excused > 0, TalentOpening.as_of >= first_day
    )
    found = await session.scalar(query.where(within).limit(1)) or await session.scalar(before)
    return [] if found else [FieldProblem("excused", "excuse_unconfirmed")]


async def _ratings(session: AsyncSession, asked: Asked, content: Content) -> Sequence[FieldProblem]:
    """0 to 10, and every mentee once."""
    outside = (("least", "0"), ("most", "10"))
    rows = content["mentees"]
    problems = [
        FieldProblem(f"mentees-{at}-points", "points_outside", outside)
        for at, row in enumerate(rows)
        if _over(row["points"], _TEN)
    ]
    names = [row["name"] for row in rows]
    return problems + ([FieldProblem("mentees", "mentee_twice")] if len(set(names)) < len(names) else [])


async def _stated(session: AsyncSession, asked: Asked, content: Content) -> Sequence[FieldProblem]:
    """What has come from outside came on a day that has been."""
    late = date.fromisoformat(content["given_on"]) > asked.today
    return [FieldProblem("given_on", "date_future")] if late else []


async def _own(session: AsyncSession, asked: Asked, content: Content) -> Sequence[FieldProblem]:
    outside = (("least", "0"), ("most", "10"))
    return [FieldProblem("points", "points_outside", outside)] if _over(content["points"], _TEN) else []


async def _capacity(session: AsyncSession, asked: Asked, content: Content) -> Sequence[FieldProblem]:
    """0 to the points of item 11 (OT-S11)."""
    top = asked.pack.parameters["capacity_points"]
    fits = top.holds_for(Decimal(content["points"]))
    outside = (("least", "0"), ("most", amount(top.number)))
    return [] if fits else [FieldProblem("points", "points_outside", outside)]


async def _gap(session: AsyncSession, asked: Asked, content: Content) -> Sequence[FieldProblem]:
    """Within the range that the gap leaves open, as the rule says it (OT-E4)."""
    item, line = await _open_line(session, asked)
    known = await answers_of(session, asked.case.id)
    settled = Settled(item, Given(content, "—"))
    ruled = next(one for one in sheet_from(known, asked.pack, (settled,)).lines if one.item == item)
    outside = (("least", amount(line.least)), ("most", amount(line.most)))
    return [FieldProblem("points", "points_outside", outside)] if ruled.fault else []


async def _open_line(session: AsyncSession, asked: Asked) -> tuple[Item, Any]:
    item = cast("Item", asked.task.refs["item"])
    sheet = sheet_from(await answers_of(session, asked.case.id), asked.pack, ())
    return item, next(line for line in sheet.lines if line.item == item)


def _broken(value: str) -> bool:
    return Decimal(value) != int(Decimal(value))


def _over(value: str, limit: int) -> bool:
    return bool(value) and Decimal(value) > limit


def _with_bodies(reader: FormReader) -> FormReader:
    """What a form shows, and what was said without one: that a body knows of nothing, or that it is not there."""

    async def shown(session: AsyncSession, asked: Asked) -> Mapping[str, object]:
        query = select(DecisionRow, TaskRow.name).join(TaskRow, TaskRow.id == DecisionRow.task_id)
        query = query.where(DecisionRow.case_id == asked.case.id, TaskRow.name.in_(MATERIALS))
        rows = (await session.execute(query.order_by(DecisionRow.decided_at))).all()
        bare = [_bare(asked, row, task) for row, task in rows if not row.form]
        form = await reader(session, asked)
        return {**form, "said": [*cast("list[Content]", form["said"]), *bare]}

    return shown


def _bare(asked: Asked, row: DecisionRow, task: str) -> Content:
    title, choice = asked.pack.tasks[task].title, asked.pack.choices[row.choice].label
    named = Words(f"{title.zh}:{choice.zh}", f"{title.en}: {choice.en}")
    return {"title": named, "lines": [], "words": row.words or "", "evidence": ""}


def _with_scores(reader: FormReader) -> FormReader:
    """What a form shows, and the score sheet as it stands: a sum, or a range while anything is open (G-7)."""

    async def shown(session: AsyncSession, asked: Asked) -> Mapping[str, object]:
        form, scores = dict(await reader(session, asked)), await scores_of(session, asked.case.id, asked.pack)
        talent = cast("Mapping[str, Any] | None", form.get("talent"))
        if talent and scores:
            # The sheet says of each item what holds now; a gap that is settled is not shown as open beside it.
            noted = [one for one in talent["findings"] if one["rule_ids"][0] not in OF_SHEET]
            form["talent"] = {**talent, "findings": noted}
        return {**form, "scores": scores}

    return shown


async def _gap_shown(session: AsyncSession, asked: Asked) -> Mapping[str, object]:
    """The finding of the item with its readings, above the entry."""
    _, line = await _open_line(session, asked)
    form = await shown_of(SHEETS, "table_gap", PANEL)(session, asked)
    between = {"least": amount(line.least), "most": amount(line.most)}
    return {**form, "gap": line.finding.as_json(), "gap_open": line.finding, **between}


FORMS: Mapping[str, FormCheck] = {
    **{name: check_of(sheet) for name, sheet in SHEETS.items()},
    "mentees_rating": check_of(SHEETS["mentees_rating"], _ratings),
    "own_rating": check_of(SHEETS["own_rating"], _own),
    "capacity_score": check_of(SHEETS["capacity_score"], _capacity),
    "assessment_panel": check_of(SHEETS["assessment_panel"], _panel),
    "committee_materials": check_of(SHEETS["committee_materials"], _stated),
    "table_gap": check_of(SHEETS["table_gap"], _gap),
}
_RATED = (MENTEES, "department_rating", "self_rating")
READERS: Mapping[str, FormReader] = {
    **{name: with_talent(shown_of(SHEETS, name)) for name in ("mentees_rating", "own_rating", CAPACITY)},
    "assessment_part": with_talent(shown_of(SHEETS, "")),
    "veto_materials": with_talent(shown_of(SHEETS, "veto_materials")),
    "committee_materials": with_talent(shown_of(SHEETS, "committee_materials")),
    "assessment_panel": with_talent(shown_of(SHEETS, "assessment_panel", *_RATED, PANEL)),
    "table_gap": with_talent(_gap_shown),
    "veto_read": _with_scores(_with_bodies(with_talent(shown_of(SHEETS, "", PANEL, *MATERIALS)))),
    "assessment_read": _with_scores(
        _with_bodies(with_talent(shown_of(SHEETS, "", *_RATED, PANEL, CAPACITY, *MATERIALS)))
    ),
    "assessment_result": _with_scores(with_talent(shown_of(SHEETS, "", PANEL))),
}
