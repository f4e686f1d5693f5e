"""What the record says of a row of opening balances: the person, both institutions, a trainee's mentor (COR-17)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.cycle import HEALTH_GROUP
from activities.demand import COUNTY_HOSPITAL
from activities.mentoring import mentor_judged
from db.engine.cases import CaseFile
from db.engine.people import Institution, Person
from db.engine.roles import bodies_above
from db.opening_terms import OpeningTerm
from db.training import Mentorship
from policies.engine.pack import Pack
from policies.term import Release, ReleaseFacts, release_is_open
from policies.vocabulary import SENT_DOWN, TRAINEE, Programme
from services.field_problems import FieldProblem

GRASSROOTS = ("central_township_hospital", "township_hospital", "community_health_centre")
HOSPITALS = (COUNTY_HOSPITAL,)
# What is said of an institution that is none of these.
NONE_OF = {GRASSROOTS: "not_grassroots", HOSPITALS: "not_county_hospital"}


@dataclass(frozen=True)
class Sides:
    """The kinds of institution that send and receive in a programme (DQ-3.1.1a, b)."""

    sending: tuple[str, ...]
    receiving: tuple[str, ...]


SIDES: Mapping[str, Sides] = {SENT_DOWN: Sides(HOSPITALS, GRASSROOTS), TRAINEE: Sides(GRASSROOTS, HOSPITALS)}
# What the rule finds of a mentor who does not fit, as the row says it; that targets are missing is asked in the term.
UNFIT = {"not_senior": "mentor_not_senior", "mentor_taken": "mentor_taken"}


def mentored(pack: Pack) -> bool:
    """Whether the programme trains with targets and a mentor (DQ-3.2.2b)."""
    return "mentor_note_every_months" in pack.parameters


def of_programme(texts: Mapping[str, str], pack: Pack) -> list[FieldProblem]:
    """What the programme has no place for: a release that its rule bars, half-days, a mentor."""
    problems = []
    facts = ReleaseFacts(cast("Programme", pack.programme), cast("Release", texts.get("mode", "")))
    if texts.get("mode") in ("full", "half") and release_is_open(facts, pack).outcome != "admitted":
        problems.append(FieldProblem("mode", "release_refused"))
    if not pack.parameters["accumulated_months"].whole and texts.get("half_days", "0") != "0":
        problems.append(FieldProblem("half_days", "opening_not_accumulated"))
    if not mentored(pack):
        problems += [FieldProblem(name, "opening_not_mentored") for name in ("mentor", "targets") if name in texts]
    return problems


async def of_person(session: AsyncSession, texts: Mapping[str, str]) -> list[FieldProblem]:
    """The person is employed by the sending institution: a posting does not change that (DQ-3.4.1)."""
    if "person" not in texts:
        return []
    person = await session.get(Person, texts["person"])
    if person is None:
        return [FieldProblem("person", "person_unknown")]
    if "sending" in texts and person.institution != texts["sending"]:
        return [FieldProblem("sending", "sending_other")]
    return []


async def of_places(
    session: AsyncSession, texts: Mapping[str, str], *, reach: frozenset[str]
) -> tuple[tuple[str, str] | None, list[FieldProblem]]:
    """(group, bureau) above the receiving institution; both of the kinds of the programme, the group the importer's."""
    found = {name: await session.get(Institution, texts[name]) for name in ("sending", "receiving") if name in texts}
    problems = [FieldProblem(name, "institution_unknown") for name, one in found.items() if one is None]
    if problems or "receiving" not in found:
        return None, problems
    if sides := SIDES.get(texts.get("programme", "")):
        kinds = {"sending": sides.sending, "receiving": sides.receiving}
        wrong = [(name, kinds[name]) for name, one in found.items() if one and one.kind not in kinds[name]]
        problems = [FieldProblem(name, NONE_OF[right]) for name, right in wrong]
    if problems:
        return None, problems
    for code in await bodies_above(session, texts["receiving"]):
        above = await session.get_one(Institution, code)
        if above.kind == HEALTH_GROUP and above.parent:
            if code in reach:
                return (code, above.parent), []
            break
    return None, [FieldProblem("receiving", "receiving_elsewhere")]


async def of_mentor(session: AsyncSession, texts: Mapping[str, str], pack: Pack, *, case: str) -> list[FieldProblem]:
    """One of the hospital's own staff who fits by the rule and mentors nobody else, here or in the sheet (DQ-3.2.2b).

    case: the term that this row has begun already, "" for a new one.
    """
    if "mentor" not in texts:
        return []
    teacher = await session.get(Person, texts["mentor"])
    if teacher is None:
        return [FieldProblem("mentor", "person_unknown")]
    if teacher.institution != texts.get("receiving"):
        return [FieldProblem("mentor", "mentor_not_there")]
    outcome = (await mentor_judged(session, case, teacher.id, pack)).outcome
    if outcome not in UNFIT and await _stated_elsewhere(session, teacher.id, case):
        outcome = "mentor_taken"
    return [FieldProblem("mentor", UNFIT[outcome])] if outcome in UNFIT else []


async def _stated_elsewhere(session: AsyncSession, mentor: str, case: str) -> bool:
    """Whether another imported term that runs names the teacher and has not yet entered the mentoring."""
    entered = exists().where(Mentorship.case_id == OpeningTerm.case_id, Mentorship.number == 0)
    query = select(OpeningTerm.case_id).join(CaseFile, CaseFile.id == OpeningTerm.case_id)
    query = query.where(OpeningTerm.mentor == mentor, OpeningTerm.case_id != case, CaseFile.open_key.is_not(None))
    return await session.scalar(query.where(~entered).limit(1)) is not None
