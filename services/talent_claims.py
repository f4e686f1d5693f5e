"""Force majeure as an employer claims it: held against the contract, kept, and brought to the commission (G-13)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import get_args

from sqlalchemy.ext.asyncio import AsyncSession

from activities.talent_facts import working_time_of
from db.talent_contracts import TalentContract, TalentExcuse
from policies.talent.claims import most_claimable
from policies.talent.figures import amount
from policies.talent.force_majeure import Event
from services.attendance_book import Keeper
from services.engine.notices import Brought, keep_all
from services.field_problems import FactsRefused, FieldProblem

CLAIMED = "excuse_claimed"
EVENTS = get_args(Event)
MOST, LONGEST = Decimal(1000), 2000


@dataclass(frozen=True)
class Claim:
    """Agreed working time that force majeure prevented on days of the term, both counted."""

    contract: str
    first_day: date
    last_day: date
    kind: str
    units: str
    words: str
    evidence: str = ""


async def keep_claim(
    session: AsyncSession,
    claim: Claim,
    contract: TalentContract | None,
    keeper: Keeper,
    *,
    request: str,
    summed: date | None,
    at: datetime,
) -> None:
    """Keep a claim with its notice; the same request again keeps nothing. Raises FactsRefused.

    summed: up to which day an imported contract is summed up (COR-17).
    """
    units, problems = _problems(claim, contract, summed)
    known = await session.get(TalentExcuse, request)
    if known and (known.case_id, known.recorded_by) != (claim.contract, keeper.by):
        problems = [*problems, FieldProblem("contract", "contract_unknown")]
    if problems:
        raise FactsRefused(tuple(problems))
    if known:
        return
    await _ensure_agreed(session, claim, units)
    row = TalentExcuse(id=request, case_id=claim.contract, first_day=claim.first_day, last_day=claim.last_day)
    row.kind, row.units, row.words = claim.kind, units, claim.words.strip()[:LONGEST] or None
    row.evidence, row.state = claim.evidence, "claimed"
    row.recorded_by, row.recorded_at, row.channel = keeper.by, at, keeper.channel
    session.add(row)
    refs = {"excuse": request, "by": keeper.by}
    notice = Brought(f"{CLAIMED}-{request}", claim.contract, CLAIMED, refs, keeper.by, "", keeper.channel)
    await keep_all(session, [notice], at=at)


async def _ensure_agreed(session: AsyncSession, claim: Claim, units: Decimal) -> None:
    """No more is lost than was agreed for these days, and nothing twice (G-13). Raises FactsRefused."""
    facts = await working_time_of(session, claim.contract, until=claim.last_day)
    most = most_claimable(facts, claim.first_day, claim.last_day)
    if units > most:
        raise FactsRefused((FieldProblem("units", "claim_above_agreed", (("most", amount(most)),)),))


def _problems(claim: Claim, contract: TalentContract | None, summed: date | None) -> tuple[Decimal, list[FieldProblem]]:
    if contract is None or contract.first_day is None or contract.last_day is None:
        return Decimal(0), [FieldProblem("contract", "contract_unknown")]
    problems = day_problems("first_day", (claim.first_day, claim.last_day), contract, summed)
    if claim.kind not in EVENTS:
        problems.append(FieldProblem("kind", "choice_unknown", (("choices", "、".join(EVENTS)),)))
    if not claim.words.strip():
        problems.append(FieldProblem("words", "missing"))
    try:
        units = Decimal(claim.units.strip() or "x")
    except InvalidOperation:
        units = Decimal(0)
    if not fits(units) or not units:
        problems.append(FieldProblem("units", "units_wrong"))
    return units, problems


def day_problems(
    name: str, days: tuple[date, date], contract: TalentContract, summed: date | None, latest: date = date.max
) -> list[FieldProblem]:
    """Days lie in the term, and not in what was imported: there they would count twice (COR-17)."""
    first_day, last_day = days
    if not (contract.first_day or date.max) <= first_day <= last_day <= _until(contract):
        return [FieldProblem(name, "outside_contract")]
    if summed and first_day <= summed:
        return [FieldProblem(name, "before_import", (("day", summed.isoformat()),))]
    return [FieldProblem(name, "date_future")] if first_day > latest else []


def _until(contract: TalentContract) -> date:
    """The last day of which anything can be delivered: that of the term, or of an earlier end."""
    last_day = contract.last_day or date.max
    return min(last_day, contract.ended_on) if contract.ended_on else last_day


def fits(units: Decimal) -> bool:
    """Whether an amount of working time can be recorded: exact to a hundredth, and no more than the most."""
    return units.is_finite() and 0 <= units <= MOST and units == units.quantize(Decimal("0.01"))
