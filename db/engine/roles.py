"""Finding the holders of a role: at an institution, or at the nearest body above it."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import BindParameter, ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine.people import Institution, RoleHolding


def held_on(day: date | BindParameter[date]) -> ColumnElement[bool]:
    """A holding is good from its first day until before its last."""
    return (RoleHolding.held_from <= day) & or_(RoleHolding.held_until.is_(None), RoleHolding.held_until > day)


async def holders(session: AsyncSession, role: str, institution: str, *, on: date) -> list[str]:
    """The persons who hold the role at the institution that day, in a stable order."""
    query = (
        select(RoleHolding.person)
        .where(RoleHolding.role == role, RoleHolding.institution == institution, held_on(on))
        .order_by(RoleHolding.held_from, RoleHolding.person)
    )
    return list(await session.scalars(query))


async def bodies_above(session: AsyncSession, institution: str) -> list[str]:
    """The institution itself, its parent, and so on up."""
    chain: list[str] = []
    current: str | None = institution
    while current and current not in chain:
        chain.append(current)
        current = await session.scalar(select(Institution.parent).where(Institution.code == current))
    return chain


async def nearest_holders(
    session: AsyncSession, roles: Sequence[str], institution: str, *, on: date
) -> list[tuple[str, str, str]]:
    """(person, role, institution) of the first of the roles that somebody holds, looking upwards for each."""
    chain = await bodies_above(session, institution)
    query = select(RoleHolding.person, RoleHolding.role, RoleHolding.institution).where(
        RoleHolding.role.in_(roles), RoleHolding.institution.in_(chain), held_on(on)
    )
    found = [(person, role, place) for person, role, place in await session.execute(query)]
    return _first(found, roles, chain)


def _first(
    found: Iterable[tuple[str, str, str]], roles: Sequence[str], chain: Sequence[str]
) -> list[tuple[str, str, str]]:
    known = sorted(found)
    for role in roles:
        for place in chain:
            here = [one for one in known if one[1:] == (role, place)]
            if here:
                return here
    return []
