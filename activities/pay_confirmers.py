"""Who may be the second person of a payment (DEF-12, COR-06)."""

import json
from collections.abc import Sequence
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from db.engine.roles import holders, nearest_holders
from db.pay import Payment

# The group's coordinators and its leader in charge; where none of them is left, the leader of the bureau above.
AT_THE_GROUP, ABOVE = ("R-07", "R-39"), ("R-10",)


async def at_the_group(record: AsyncConnection, group: str, *, on: date) -> list[str]:
    """Who confirms payments of the group on a local day; each of them but for what they have recorded."""
    found = [person for role in AT_THE_GROUP for person in await holders(record, role, group, on=on)]
    return list(dict.fromkeys(found))


async def confirmers(record: AsyncConnection, payment: Payment, group: str, *, on: date) -> Sequence[str]:
    """Who may confirm this payment: neither who recorded it nor anybody who is paid by it; [] where nobody is left."""
    barred = {payment.recorded_by, *payees_of(payment)}
    here = [person for person in await at_the_group(record, group, on=on) if person not in barred]
    if here:
        return here
    return [person for person, _, _ in await nearest_holders(record, ABOVE, group, on=on) if person not in barred]


def payees_of(payment: Payment) -> list[str]:
    """The people whom a payment pays."""
    return [str(line["person"]) for line in json.loads(payment.content)["lines"]]
