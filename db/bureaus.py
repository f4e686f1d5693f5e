"""Which institutions are the four bureaus of a health group's county (DQ-3.3.2a, DQ-3.4.2a)."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine.people import Institution
from policies.four_bureaus import HEALTH, OTHERS


async def bureaus_of(session: AsyncSession, group: Institution) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """(code of each bureau by its place in a case, kinds of which nobody or more than one is registered).

    The health bureau is the one above the group; each other bureau is the only one of its kind beside that.
    """
    health = await session.get_one(Institution, group.parent)
    kinds = [bureau.kind for bureau in OTHERS]
    beside = select(Institution).where(
        Institution.kind.in_(kinds), Institution.parent.is_not_distinct_from(health.parent)
    )
    found: dict[str, list[str]] = {kind: [] for kind in kinds}
    for one in await session.scalars(beside.order_by(Institution.code)):
        found[one.kind].append(one.code)
    clear = {bureau.place: found[bureau.kind][0] for bureau in OTHERS if len(found[bureau.kind]) == 1}
    return {HEALTH.place: health.code, **clear}, tuple(kind for kind, codes in found.items() if len(codes) != 1)
