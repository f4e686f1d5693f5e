"""A trainee's way in steps, as people take them: shared by the tests of its paths and by the recorder."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select

from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.people import Person
from db.engine.tasks import TaskRow
from policies.engine.dates import term_last_day
from policies.engine.pack import Pack
from tests.builders.county import HOSPITAL, OTHER_HOSPITAL, TOWNSHIP
from tests.workflows.office import Office
from tests.workflows.terms import FILED, until_day
from tests.workflows.year import decide_batch, publication, report, start_cycle, submit

# person id, name, institution, profession, title, specialty
PEOPLE = (
    ("p-trainee", "钟若谷", TOWNSHIP, "practising_physician", "intermediate", "内科"),
    ("p-trainee-2", "蓝天佑", TOWNSHIP, "practising_physician", "intermediate", "内科"),
    ("p-trainee-3", "水云间", TOWNSHIP, "practising_physician", "intermediate", "内科"),
    ("p-trainee-4", "冷清秋", TOWNSHIP, "practising_physician", "intermediate", "内科"),
    ("p-trainee-5", "白鹭洲", TOWNSHIP, "practising_physician", "intermediate", "内科"),
    ("p-senior-gp", "祝长青", TOWNSHIP, "practising_physician", "associate_senior", "全科"),
    ("p-junior", "车晓棠", TOWNSHIP, "practising_physician", "junior", "内科"),
    ("p-mentor", "骆知行", HOSPITAL, "practising_physician", "associate_senior", "内科"),
    ("p-mentor-2", "谷怀远", HOSPITAL, "practising_physician", "full_senior", "内科"),
    ("p-mid", "连城", HOSPITAL, "practising_physician", "intermediate", "内科"),
    ("p-mentor-3", "万青山", OTHER_HOSPITAL, "practising_physician", "full_senior", "外科"),
)
TARGETS = {
    "targets": [
        {"name": "独立完成胃镜检查", "number": "30", "unit": "例"},
        {"name": "参加疑难病例讨论", "number": "12", "unit": "次"},
    ]
}
NOTE = {"note": "跟班手术八台，胃镜操作规范", "reached": ["8", ""]}


async def settle_trainees(record: Sessions) -> None:
    """Write the trainees of the first township, and who may mentor them at the hospitals."""
    async with record.begin() as session:
        for person, name, institution, profession, title, specialty in PEOPLE:
            session.add(
                Person(
                    id=person,
                    name=name,
                    email=f"{person}@deqing.test",
                    institution=institution,
                    profession=profession,
                    professional_title=title,
                    specialty=specialty,
                    qualified_on=date(2015, 7, 1),
                )
            )


async def listed(office: Office, pack: Pack, people: Sequence[str]) -> dict[str, str]:
    """The township lists these trainees, the group balances; returns the case of each."""
    await start_cycle(office)
    lines = [{"specialty": "内科", "headcount": 1, "mode": "full"}]
    trainees = [{"person": person, "specialty": "内科"} for person in people]
    form = {"lines": lines, "trainees": trainees}
    await report(office, demand=form)
    await office.answer("balancing", "p-coordinator", "publish", form=publication(pack))
    cases = select(CaseFile.id).where(CaseFile.lifecycle == "TrainingPlacement")
    return {person: str(await office.seen(cases.where(CaseFile.subject == person))) for person in people}


def assignment(hospital: str = HOSPITAL, **more: str) -> dict[str, str]:
    return {"hospital": hospital, "specialty": "内科"} | more


async def matched(office: Office, case: str) -> None:
    """The group assigns, the trainee consents, the hospital accepts."""
    person = (await office.case(case)).facts["person"]
    await office.answer("assign_hospital", "p-coordinator", "assign_hospital", form=assignment(), case=case)
    await office.answer("training_consent", person, "consent", case=case)
    await office.answer("training_review", "p-h1-head", "agree", case=case)
    await office.stands(case, "matched")


async def filed(office: Office, *cases: str) -> list[str]:
    """The batch of these trainees is submitted and filed; returns their terms, which get ready."""
    await submit(office, *cases)
    await decide_batch(office, dict.fromkeys(cases, "file"))
    terms = []
    for case in cases:
        posting = CaseFile.facts["posting"].astext == case
        term = str(await office.seen(select(CaseFile.id).where(CaseFile.lifecycle == "ServiceTerm", posting)))
        await office.stands(term, "onboarding")
        terms.append(term)
    return terms


async def filed_training(office: Office, pack: Pack) -> str:
    """The term of a trainee whose placement has just been filed."""
    cases = await listed(office, pack, ["p-trainee"])
    await matched(office, cases["p-trainee"])
    (term,) = await filed(office, cases["p-trainee"])
    return term


async def mentored(office: Office, term: str, mentor: str = "p-mentor") -> None:
    """The head names a mentor, who accepts."""
    await office.answer("name_mentor", "p-h1-head", "name_mentor", form={"mentor": mentor}, case=term)
    await office.answer("accept_mentoring", mentor, "accept_mentoring", case=term)


async def prepared(office: Office, term: str, mentor: str = "p-mentor") -> None:
    """Targets, mentor and practice filing stand."""
    await office.answer("training_targets", "p-h1-hr", "set_targets", form=TARGETS, case=term)
    await mentored(office, term, mentor)
    await office.answer("practice_filing", "p-h1-hr", "record_filing", form=FILED, case=term)


async def in_training(office: Office, term: str, mentor: str = "p-mentor") -> date:
    """Everything is ready and the first day has come; returns it."""
    await prepared(office, term, mentor)
    first = date.fromisoformat((await office.case(term)).facts["planned_start"])
    await until_day(office, first)
    await office.stands(term, "in_service")
    return first


async def noted(office: Office, term: str, number: int, mentor: str = "p-mentor") -> None:
    """The note of a month is asked of the mentor and written."""
    asked = select(TaskRow).where(TaskRow.case_id == term, TaskRow.refs["note"].astext == str(number))
    await office.seen(asked.where(TaskRow.status == "open"))
    await office.answer("mentor_note", mentor, "mentor_note", form=NOTE, case=term)


async def months_pass(office: Office, term: str, first_day: date, *, until: int, since: int = 1) -> None:
    """Month after month ends and is written up, with the quarter's check-in."""
    for number in range(since, until + 1):
        await until_day(office, term_last_day(first_day, number) + timedelta(days=1))
        await noted(office, term, number)
        if number % 3 == 0:
            asked = select(TaskRow).where(TaskRow.case_id == term, TaskRow.key == f"check_in/{number // 3}")
            await office.seen(asked.where(TaskRow.status == "open"))
            form = {"summary": "跟班学习", "duties": {}, "living": "住宿已安排", "opinions": ""}
            await office.answer("check_in", "p-h1-head", "check_in", form=form, case=term)


async def completed(office: Office, term: str, first_day: date) -> None:
    """Six months go by, hospital and group certify them, and the evaluation begins."""
    await months_pass(office, term, first_day, until=6)
    await office.answer("certify_term", "p-h1-hr", "certify", case=term)
    await office.answer("certify_term", "p-coordinator", "certify", case=term)
    await office.stands(term, "under_evaluation")
