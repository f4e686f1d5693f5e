"""Which institutions are the four bureaus of a health group's county (DQ-3.3.2a, DQ-3.4.2a)."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.cycle import HEALTH_GROUP
from db.engine.people import Institution
from policies.four_bureaus import HEALTH, OTHERS
from services.field_problems import FactsRefused, FieldProblem


async def bureaus_of(session: AsyncSession, group_code: str) -> Mapping[str, str]:
    """The code of each bureau by its place in a case: the health bureau is the one above the group, each other bureau
    the only one of its kind beside that. Raises FactsRefused for an unknown group, and names each bureau that nobody
    has registered, or that there are two of.
    """
    group = await session.get(Institution, group_code)
    if group is None or group.kind != HEALTH_GROUP or group.parent is None:
        raise FactsRefused((FieldProblem("group", "institution_unknown"),))
    health = await session.get_one(Institution, group.parent)
    kinds = [bureau.kind for bureau in OTHERS]
    beside = select(Institution).where(
        Institution.kind.in_(kinds), Institution.parent.is_not_distinct_from(health.parent)
    )
    found: dict[str, list[str]] = {kind: [] for kind in kinds}
    for one in await session.scalars(beside.order_by(Institution.code)):
        found[one.kind].append(one.code)
    unclear = tuple(FieldProblem(kind, "bureau_unregistered") for kind, codes in found.items() if len(codes) != 1)
    if unclear:
        raise FactsRefused(unclear)
    return {HEALTH.place: health.code} | {bureau.place: found[bureau.kind][0] for bureau in OTHERS}
