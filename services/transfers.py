"""Where a person may be transferred to while the placement lasts (EXC-08)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine.cases import CaseFile
from db.engine.people import Institution
from db.engine.roles import bodies_above
from policies.engine.words import Words

# Institutions of one level: who is sent down stays at the grassroots, a trainee at a county hospital.
LEVELS = (("township_hospital", "community_health_centre"), ("county_hospital",))


@dataclass(frozen=True)
class Destination:
    """An institution to which a person may be transferred."""

    code: str
    name: Words


async def destinations_of(session: AsyncSession, case: CaseFile) -> tuple[Destination, ...]:
    """The other institutions of the same level in the same group: beyond it another bureau would have to file."""
    here = await session.get_one(Institution, case.facts["receiving"])
    level = next((kinds for kinds in LEVELS if here.kind in kinds), ())
    query = select(Institution).where(
        Institution.kind.in_(level), Institution.code.not_in((here.code, case.facts["sending"]))
    )
    found = await session.scalars(query.order_by(Institution.code))
    group = case.facts["group"]
    below = [each for each in found.all() if group in await bodies_above(session, each.code)]
    return tuple(Destination(each.code, _name(each)) for each in below)


async def names_of_places(session: AsyncSession, codes: Collection[str]) -> Mapping[str, Words]:
    """The names of institutions by their codes."""
    found = await session.scalars(select(Institution).where(Institution.code.in_(codes)))
    return {each.code: _name(each) for each in found}


def _name(place: Institution) -> Words:
    return Words(place.name, place.name_en or place.name)
