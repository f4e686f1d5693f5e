"""A health group under its bureau: three hospitals that send, twenty sites that receive, and who holds which office."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from db.engine.people import Institution, Person, RoleHolding

BUREAU, GROUP = "terms-wjj", "terms-jt"
HOSPITALS = tuple(f"terms-h{number}" for number in range(1, 4))
SITES = tuple(f"terms-t{number:02}" for number in range(1, 21))
OFFICES = {
    (BUREAU,): ("R-09", "R-10"),
    (GROUP,): ("R-07", "R-29"),
    HOSPITALS: ("R-03", "R-04"),
    SITES: ("R-01", "R-02", "R-06"),
}
SINCE = date(2020, 1, 1)
NAME = "测试人员"


def holder(place: str, role: str) -> str:
    """The person who holds a role at a place."""
    return f"p-{place}-{role}"


COORDINATOR, MONITOR = holder(GROUP, "R-07"), holder(GROUP, "R-29")


def sending(number: int) -> str:
    """The hospital that sends the person with this number."""
    return HOSPITALS[number % len(HOSPITALS)]


def receiving(number: int) -> str:
    """The site at which that person serves."""
    return SITES[number % len(SITES)]


async def write(session: AsyncSession, people: Iterable[str]) -> None:
    """The bodies, their offices, and the people who are sent."""
    bodies = [(BUREAU, "county_health_bureau", None), (GROUP, "health_group", BUREAU)]
    bodies += [(code, "county_hospital", GROUP) for code in HOSPITALS]
    bodies += [(code, "township_hospital", GROUP) for code in SITES]
    for code, kind, parent in bodies:
        session.add(Institution(code=code, name=f"性能测试单位{code}", kind=kind, parent=parent, contact_name="人事科"))
        await session.flush()
    held = [(code, role) for codes, roles in OFFICES.items() for code in codes for role in roles]
    session.add_all(_person(holder(code, role), code) for code, role in held)
    session.add_all(_person(person, sending(number)) for number, person in enumerate(people))
    await session.flush()
    session.add_all(
        RoleHolding(person=holder(code, role), role=role, institution=code, held_from=SINCE) for code, role in held
    )


def _person(person: str, institution: str) -> Person:
    return Person(id=person, name=NAME, email=f"{person}@bench.test".lower(), institution=institution)
