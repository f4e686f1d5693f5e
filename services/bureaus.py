"""The four bureaus of a health group's county, or a refusal that names who is not registered (DQ-3.3.2a, DQ-3.4.2a)."""

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from activities.cycle import HEALTH_GROUP
from db import bureaus
from db.engine.people import Institution
from services.field_problems import FactsRefused, FieldProblem


async def bureaus_of(session: AsyncSession, group_code: str) -> Mapping[str, str]:
    """The code of each bureau by its place in a case. Raises FactsRefused for an unknown group, and names each bureau
    that nobody has registered, or that there are two of.
    """
    group = await session.get(Institution, group_code)
    if group is None or group.kind != HEALTH_GROUP or group.parent is None:
        raise FactsRefused((FieldProblem("group", "institution_unknown"),))
    found, unclear = await bureaus.bureaus_of(session, group)
    if unclear:
        raise FactsRefused(tuple(FieldProblem(kind, "bureau_unregistered") for kind in unclear))
    return found
