"""The working time of a contract as it stands, and what must still be worked (OT-6.3g, G-2). It decides nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from sqlalchemy.ext.asyncio import AsyncSession

from activities.talent_facts import working_time_of
from db.talent_contracts import TalentContract
from policies.engine.pack import Pack
from policies.engine.pack_parts import Parameter
from policies.talent.forecast import Need, OutlookFacts, cannot_be_reached_from, needs
from policies.talent.working_time import LINE, WARNINGS, Measure, before_is_open, contradicts, measured

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
    supposed; None where nobody supposed anything or none is lost. before: of a term that began before the signature
    (OT-2.1d), whether that is open, counted or left_out; "" for every other.
    """

    until: date
    measure: Measure | None
    lines: tuple[Parameter, ...]
    supposed: Supposed
    needs: tuple[Need, ...] = ()
    lost_from: date | None = None
    before: str = ""

    @property
    def fallen(self) -> Parameter | None:
        """The last line that the share as it stands has fallen below."""
        return fallen_below(self.measure.raw, self.lines) if self.measure and self.measure.raw is not None else None


@dataclass(frozen=True)
class Standing:
    """The share of what was agreed to the end of a local day, and the last line that it has fallen below.

    provisional: a period that has only begun is counted by its days.
    """

    until: date
    raw: Fraction
    fallen: Parameter | None
    provisional: bool


async def standing_of(session: AsyncSession, contract: TalentContract, pack: Pack, *, today: date) -> Standing | None:
    """To the end of yesterday; None where nothing was due by then, the contract is over or its schedule contradicts."""
    until = today - _ONE_DAY
    if contract.ended_on or contract.first_day is None or not contract.first_day <= until:
        return None
    working = await working_time_of(session, contract.case_id, until=min(until, contract.last_day or until))
    found = None if contradicts(working) else measured(working, pack)
    if found is None or found.raw is None:
        return None
    return Standing(working.until, found.raw, fallen_below(found.raw, _lines(pack)), found.provisional)


def fallen_below(raw: Fraction, lines: Sequence[Parameter]) -> Parameter | None:
    """The lowest of the lines, from the highest on, that a share has fallen below."""
    fallen = [one for one in lines if one.holds_for(raw)]
    return fallen[-1] if fallen else None


def _lines(pack: Pack) -> tuple[Parameter, ...]:
    return tuple(pack.parameters[name] for name in (*WARNINGS, LINE))


async def outlook_of(
    session: AsyncSession, contract: TalentContract, pack: Pack, supposed: Supposed, *, today: date
) -> Outlook | None:
    """To the end of yesterday, or of the contract; None before a day of its term has ended."""
    ends = [day for day in (contract.last_day, contract.ended_on) if day]
    until = min([today - _ONE_DAY, *ends])
    if contract.first_day is None or until < contract.first_day:
        return None
    lines = _lines(pack)
    working = await working_time_of(session, contract.case_id, until=until)
    if contradicts(working):
        return Outlook(until, None, lines, supposed)
    facts = OutlookFacts(working, supposed.most, supposed.within)
    coming = needs(facts, pack) if contract.ended_on is None else ()
    lost_from = cannot_be_reached_from(facts, pack) if coming else None
    before = "open" if before_is_open(working) else working.before_signature
    return Outlook(until, measured(working, pack), lines, supposed, coming, lost_from, before)
