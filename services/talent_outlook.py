"""The working time of a contract as it stands, and what must still be worked (OT-6.3g, G-2). It decides nothing."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from activities.talent_facts import working_time_of
from db.talent_contracts import TalentContract
from policies.engine.pack import Pack
from policies.engine.pack_parts import Parameter
from policies.talent.forecast import Need, OutlookFacts, cannot_be_reached_from, needs
from policies.talent.working_time import LINE, WARNINGS, Measure, contradicts, measured

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Supposed:
    """The most that can be delivered within any so many days, if the reader says so; it is kept nowhere."""

    most: Decimal | None = None
    within: int = 7


@dataclass(frozen=True)
class Outlook:
    """The working time to the end of a local day, in the contract's unit and in exact percent, and what lies ahead.

    measure: None where the schedule contradicts the contract and nothing is computed. lines: the warnings and the legal
    line, as the pack has them. lost_from: the earliest day from which some judged day cannot be met, by what the reader
    supposed; None where nobody supposed anything or none is lost.
    """

    until: date
    measure: Measure | None
    lines: tuple[Parameter, ...]
    supposed: Supposed
    needs: tuple[Need, ...] = ()
    lost_from: date | None = None


async def outlook_of(
    session: AsyncSession, contract: TalentContract, pack: Pack, supposed: Supposed, *, today: date
) -> Outlook | None:
    """To the end of yesterday, or of the contract; None before a day of its term has ended."""
    ends = [day for day in (contract.last_day, contract.ended_on) if day]
    until = min([today - _ONE_DAY, *ends])
    if contract.first_day is None or until < contract.first_day:
        return None
    lines = tuple(pack.parameters[name] for name in (*WARNINGS, LINE))
    working = await working_time_of(session, contract.case_id, until=until)
    if contradicts(working):
        return Outlook(until, None, lines, supposed)
    facts = OutlookFacts(working, supposed.most, supposed.within)
    coming = needs(facts, pack) if contract.ended_on is None else ()
    lost_from = cannot_be_reached_from(facts, pack) if coming else None
    return Outlook(until, measured(working, pack), lines, supposed, coming, lost_from)
