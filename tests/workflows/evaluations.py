"""The evaluation of a term in steps, as people take them."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from db.engine.cases import CaseFile
from db.engine.opening import NewCase, open_cases
from db.evaluation import Grade
from policies.engine.pack import Pack
from tests.builders.county import GROUP
from tests.workflows.office import Office
from tests.workflows.terms import certified, in_service, quarters_pass

REASON = "须结合实际情况办理"
DIMENSIONS = dict.fromkeys("德能勤绩廉", REASON)
MEETING = {"minutes": "健保党纪要2027-3", "met_on": "2020-01-06"}


def opinion(proposed: str = "qualified", **changed: object) -> dict[str, object]:
    """An opinion with its proposal."""
    return {"dimensions": DIMENSIONS, "proposed": proposed, "appraisal": ""} | changed


async def completed(office: Office, term: str) -> None:
    """Six months have been served, and the term is certified."""
    await office.after(f"completed {term}", lambda: _completed(office, term))


async def _completed(office: Office, term: str) -> None:
    first_day = await in_service(office, term)
    await quarters_pass(office, term, first_day, until=2)
    await certified(office, term, "certify")
    await office.stands(term, "under_evaluation")


async def opined(
    office: Office,
    term: str,
    proposed: str = "qualified",
    officers: tuple[str, str] = ("p-t1-hr", "p-t1-head"),
) -> None:
    """Own summary, opinion of HR and head of the receiving institution, the person's comment."""
    person = (await office.case(term)).facts["person"]
    await office.answer("term_summary", person, "submit_summary", form={"summary": REASON}, case=term)
    for officer in officers:
        await office.answer("term_opinion", officer, "give_opinion", form=opinion(proposed), case=term)
    await office.answer("opinion_comment", person, "no_comment", case=term)


async def graded(office: Office, term: str, grade: str, words: str = REASON) -> None:
    """The recorder writes down what the committee has decided."""
    await office.answer("decide_grade", "p-committee", f"grade_{grade}", words, form=MEETING, case=term)


async def accepted(office: Office, term: str) -> None:
    """The person has nothing against it."""
    person = (await office.case(term)).facts["person"]
    await office.answer("grade_notice", person, "accept_grade", case=term)


async def listed(office: Office, grades: Mapping[str, str], *, met_on: date | None = None) -> str:
    """The committee's word on everybody on the newest list of the year, met on a day long past or the one given;
    returns the list.
    """
    lists = select(CaseFile).where(CaseFile.lifecycle == "GradeBatch", CaseFile.state != "closed")
    found = await office.seen(lists)
    given = [{"case": case, "grade": grade, "reason": REASON} for case, grade in grades.items()]
    meeting = MEETING | ({"met_on": met_on.isoformat()} if met_on else {})
    await office.answer("close_grades", "p-committee", "close_grades", form=meeting | {"grades": given}, case=found.id)
    return str(found.id)


async def issued(office: Office, term: str) -> None:
    """The bureau's chain issues the certificate."""
    for officer in ("p-bureau-officer", "p-bureau-section", "p-bureau-deputy"):
        await office.answer("issue_certificate", officer, "issue_certificate", case=term)


async def archived(office: Office, term: str) -> None:
    """The person returns, and the group archives the file."""
    person = (await office.case(term)).facts["person"]
    await office.answer("stay_or_return", person, "go_back", case=term)
    await office.answer("archive_term", "p-coordinator", "archive", case=term)


async def settled_beside(office: Office, pack: Pack, number: int) -> None:
    """So many others of the group and year have been graded as qualified."""
    year = await office.seen(select(Grade.year))
    cases = [NewCase(f"term.beside.{n}", "ServiceTerm", pack, (), {}, institution=GROUP) for n in range(number)]
    async with office.record.begin() as session:
        await open_cases(session, cases, at=office.clock.now())
        for case in cases:
            session.add(
                Grade(
                    case_id=case.id,
                    group=GROUP,
                    year=year,
                    programme=pack.programme,
                    person="p-nurse",
                    first_day=date(year, 1, 1),
                    last_day=date(year, 6, 30),
                    proposed="qualified",
                    grade="qualified",
                    state="settled",
                    minutes="1",
                )
            )
