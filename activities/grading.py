"""The list of the excellent of one group and year: who is on it, the cap over the whole cohort, what was decided
(DQ-3.3.3d; COR-11, COR-12).
"""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import delete, exists, func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from activities.engine.scene import EffectFunction, Scene
from activities.findings import keep_finding
from db.engine.cases import CaseFile
from db.engine.opening import NewCase, open_cases
from db.engine.tasks import DecisionRow, TaskRow
from db.evaluation import GRADE_ITEM, Grade, GradeItem
from policies.grading import Cohort, CohortFacts, share_is_kept
from policies.public_notice import notice_is_kept, notice_of
from policies.vocabulary import SENT_DOWN, TRAINEE

LIFECYCLE = "GradeBatch"
BATCH_TASKS = ("grade_cohort", "close_grades", "public_notice")
# A list takes nominations until the committee's word on it goes to the public or is settled.
TAKING = ("", "asking_cohort", "grading")
EXCELLENT, NOMINATED = "excellent", "nominated"
COHORTS: Mapping[str, Cohort] = {"cohort_together": "together", "cohort_apart": "apart"}


async def alone_with_cohort(scene: Scene, group: str, year: int) -> None:
    """One transition at a time changes the grades of a group and year."""
    await scene.alone_with(f"grades:{group}:{year}")


async def enrol(scene: Scene, *, group: str, year: int, case_id: str) -> str:
    """Put a nominated term on the list of its group and year that still takes names; where there is none, open one."""
    query = select(CaseFile.id).where(
        CaseFile.lifecycle == LIFECYCLE,
        CaseFile.institution == group,
        CaseFile.facts["year"].astext == str(year),
        CaseFile.stage.in_(TAKING),
        CaseFile.id != scene.case.id,
        # A list is settled a commit before its case closes.
        ~exists().where(GradeItem.batch == CaseFile.id, GradeItem.grade != ""),
    )
    batch = await scene.session.scalar(query) or await _opened(scene, group, year)
    item = upsert(GradeItem).values(batch=batch, case_id=case_id, grade="", at=scene.at)
    await scene.session.execute(item.on_conflict_do_nothing())
    return batch


async def _opened(scene: Scene, group: str, year: int) -> str:
    lists = select(func.count()).where(
        CaseFile.lifecycle == LIFECYCLE, CaseFile.institution == group, CaseFile.facts["year"].astext == str(year)
    )
    number = 1 + (await scene.session.scalar(lists) or 0)
    facts = {
        "group": group,
        "bureau": scene.case.facts["bureau"],
        "year": str(year),
        "number": str(number),
        "cohort": await settled_cohort(scene.session, group),
        "public_notice": str(scene.pack.parameters["public_notice_of_excellent"].value),
        "due_on": _due_on(scene, year),
    }
    case_id = f"grades.{group}.{year}.{number}"
    batch = NewCase(case_id, LIFECYCLE, scene.pack, BATCH_TASKS, facts, institution=group)
    await open_cases(scene.session, [batch], at=scene.at)
    scene.starts.append(batch.id)
    return batch.id


def _due_on(scene: Scene, year: int) -> str:
    """So many working days after the year's end; "" once that is nearer than the ordinary deadline."""
    days = scene.pack.parameters["grade_decision_days"].whole
    after_year = scene.calendar.shift(date(year, 12, 31), days)
    ordinary = scene.calendar.shift(scene.calendar.local_day(scene.at), days)
    return after_year.isoformat() if after_year > ordinary else ""


async def settled_cohort(session: AsyncSession, group: str) -> Cohort:
    """What the group has said that the share is counted over (COR-11); "" before it was asked."""
    said = (
        select(DecisionRow.choice)
        .join(TaskRow, TaskRow.id == DecisionRow.task_id)
        .join(CaseFile, CaseFile.id == TaskRow.case_id)
        .where(TaskRow.name == "grade_cohort", CaseFile.institution == group)
        .order_by(DecisionRow.decided_at.desc())
    )
    return COHORTS.get(await session.scalar(said.limit(1)) or "", "")


async def cohort_facts(session: AsyncSession, group: str, year: int, decided: Mapping[str, str]) -> CohortFacts:
    """The graded of a group and year, with what is about to be decided of some (case: grade) and what lists have
    decided of others. Who is only nominated is graded and not excellent yet.
    """
    query = select(Grade.case_id, Grade.programme, Grade.state, Grade.grade, GradeItem.grade)
    query = query.outerjoin(GradeItem, (GradeItem.case_id == Grade.case_id) & (GradeItem.grade != ""))
    query = query.where(Grade.group == group, Grade.year == year, Grade.state != "open").order_by(GradeItem.at)
    graded: dict[str, tuple[str, str]] = {}
    for case_id, programme, state, grade, listed in await session.execute(query):
        standing = (listed or "") if state == NOMINATED else grade
        graded[case_id] = (programme, decided.get(case_id, standing))
    counted = list(graded.values())
    return CohortFacts(
        sent_down_graded=sum(programme == SENT_DOWN for programme, _ in counted),
        sent_down_excellent=counted.count((SENT_DOWN, EXCELLENT)),
        trainees_graded=sum(programme == TRAINEE for programme, _ in counted),
        trainees_excellent=counted.count((TRAINEE, EXCELLENT)),
        cohort=await settled_cohort(session, group),
    )


async def settle_list(scene: Scene, refs: Mapping[str, str]) -> str:
    """settled, with each term told; exceeds where the cohort no longer carries what the committee has decided."""
    facts = scene.case.facts
    group, year = facts["group"], int(facts["year"])
    await alone_with_cohort(scene, group, year)
    form = await scene.form_of(refs["request"])
    decided = {one["case"]: one["grade"] for one in form["grades"]}
    finding = share_is_kept(await cohort_facts(scene.session, group, year, decided), scene.pack)
    keep_finding(scene, finding)
    if finding.outcome != "within_cap":
        return "exceeds"
    members = select(GradeItem).where(GradeItem.batch == scene.case.id, GradeItem.grade == "")
    for item in (await scene.session.scalars(members.order_by(GradeItem.case_id))).all():
        if item.case_id not in decided:
            await scene.session.execute(
                delete(GradeItem).where(GradeItem.batch == scene.case.id, GradeItem.case_id == item.case_id)
            )
            await enrol(scene, group=group, year=year, case_id=item.case_id)
            continue
        item.grade, item.at = decided[item.case_id], scene.at
        scene.name_row(GRADE_ITEM, GRADE_ITEM.content_of(item))
        by = {"list": scene.case.id, "request": refs["request"], "by": scene.decider_of(refs["request"])}
        scene.inform(item.case_id, "graded", grade=item.grade, **by)
    return "settled"


async def keep_notice(scene: Scene, refs: Mapping[str, str]) -> str:
    """COR-20: the finding about the days on which the list hung out, after the meeting that made it."""
    listed, notice = await scene.form_of(refs["list"]), await scene.form_of(refs["request"])
    met_on, from_day, to_day = map(date.fromisoformat, (listed["met_on"], notice["from_day"], notice["to_day"]))
    today = scene.calendar.local_day(scene.at)
    facts = notice_of(from_day, to_day, met_on=met_on, today=today, calendar=scene.calendar)
    finding = notice_is_kept(facts, scene.pack)
    keep_finding(scene, finding)
    return finding.outcome or ""


EFFECTS: Mapping[str, EffectFunction] = {one.__name__: one for one in (settle_list, keep_notice)}
