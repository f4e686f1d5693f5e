"""What a year of funds writes: that they stand ready, and how they are shared (OT-5a, OT-5b, OT-N1, G-14)."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.cycle import day_of
from activities.engine.scene import EffectFunction, Scene
from activities.findings import keep_finding
from db.engine.opening import NewCase
from db.engine.people import Institution
from db.talent_funds import (
    FUND_SHARE,
    PAID,
    REQUESTED,
    YEAR,
    FundShare,
    alone,
    payments_of_year,
    shares_of,
)
from policies.engine.finding import Finding
from policies.engine.pack import Pack
from policies.talent.funds import (
    AboveTotal,
    AllocationDecision,
    AllocationFacts,
    BalanceFacts,
    Floated,
    FloatFacts,
    HospitalFacts,
    allocation_is_decided,
    allocation_is_kept,
    float_is_kept,
    share_covers_paid,
)

YEAR_TASKS = ("fund_budget", "fund_running", "float_above_total", "fund_change_approval")
EMPLOYER, COMMISSION, FINANCE = "banner_public_hospital", "banner_health_commission", "banner_finance_bureau"
# The hospitals of a case in the order of the plan, which is that of the pack.
PLACES = ("hospital_1", "hospital_2", "hospital_3")
BUDGET, ADJUSTED, FLOATED = "budget", "adjusted", "floated"
KINDS = {"propose_adjustment": ADJUSTED, "propose_float": FLOATED}
ASK, KEPT, BARRED = "ask", "kept", "barred"
BELOW_PAID, BELOW_REQUESTED = "below_paid", "below_requested"
WAN = Decimal(10000)
Amounts = Mapping[str, Any]
_ADDITION = re.compile(r"[（(][^（()）]*[)）]$")


def fund_case_id(pack: str, commission: str, year: int) -> str:
    """The case of a commission's funds of one local year."""
    return f"funds.{pack}.{commission}.{year}"


def fund_case(
    pack: Pack, commission: str, finance: str, hospitals: Mapping[str, str], year: int, *, by: str
) -> NewCase:
    """One case for each commission and year; hospitals: code by place."""
    return NewCase(
        id=fund_case_id(pack.id, commission, year),
        lifecycle=YEAR,
        pack=pack,
        tasks=YEAR_TASKS,
        facts={
            "commission": commission,
            "finance": finance,
            "year": str(year),
            # A change is held against what was paid once more in the moment in which it takes hold (OT-5b).
            "changes_judged": "yes",
            "settles_on": day_of(year + 1, pack, "fund_year_settles").isoformat(),
            **hospitals,
        },
        institution=commission,
        started_by=by,
    )


async def funded_hospitals(session: AsyncSession, commission: str, pack: Pack) -> Mapping[str, str]:
    """Code of each hospital by its place: the one below the commission whose name, but for an addition in brackets,
    ends as the plan names it. A place of which nobody or more than one is registered is left out.
    """
    below = select(Institution.code, Institution.name).where(
        Institution.kind == EMPLOYER, Institution.parent == commission
    )
    rows = (await session.execute(below.order_by(Institution.code))).all()
    found = {}
    for place, printed in zip(PLACES, pack.parameters["funded_hospitals"].listed, strict=True):
        codes = [row.code for row in rows if _ADDITION.sub("", row.name).endswith(printed)]
        if len(codes) == 1:
            found[place] = codes[0]
    return found


async def finance_bureaus(session: AsyncSession) -> list[str]:
    """The registered finance bureaus of the banner: a year of funds needs exactly one."""
    query = select(Institution.code).where(Institution.kind == FINANCE)
    return list(await session.scalars(query.order_by(Institution.code)))


async def scheduled_years(session: AsyncSession, pack: Pack, year: int, *, by: str) -> list[NewCase]:
    """The cases of a local year for every commission whose finance bureau and three hospitals are registered (OT-5a).
    Who begins one by hand is told what is missing.
    """
    finance = await finance_bureaus(session)
    query = select(Institution.code).where(Institution.kind == COMMISSION).order_by(Institution.code)
    found = [(code, await funded_hospitals(session, code, pack)) for code in await session.scalars(query)]
    whole = [(code, hospitals) for code, hospitals in found if len(finance) == 1 and len(hospitals) == len(PLACES)]
    return [fund_case(pack, code, finance[0], hospitals, year, by=by) for code, hospitals in whole]


def names_of(facts: Mapping[str, str], pack: Pack) -> Mapping[str, str]:
    """The name in the plan of each hospital of a year's case, by its code."""
    printed = pack.parameters["funded_hospitals"].listed
    return {facts[place]: name for place, name in zip(PLACES, printed, strict=True)}


def allocation_found(form: Amounts, pack: Pack) -> Finding:
    """What the rule finds of the three amounts together, in the order of the plan."""
    named = zip(PLACES, pack.parameters["funded_hospitals"].listed, strict=True)
    hospitals = (HospitalFacts(name, Decimal(str(form[place]))) for place, name in named)
    return allocation_is_kept(AllocationFacts(tuple(hospitals)), pack)


def float_found(form: Amounts, before: Mapping[str, Decimal], pack: Pack, above: str = "") -> Finding:
    """What the rule finds of the float of the three; before: what each place has now; above: what was settled."""
    named = zip(PLACES, pack.parameters["funded_hospitals"].listed, strict=True)
    hospitals = (Floated(name, before[place], Decimal(str(form[place]))) for place, name in named)
    return float_is_kept(FloatFacts(tuple(hospitals), cast("AboveTotal", above)), pack)


async def amounts_now(session: AsyncSession, case_id: str, facts: Mapping[str, str]) -> Mapping[str, Decimal]:
    """What each place of a year has now, in ten thousand yuan."""
    shares = await shares_of(session, case_id)
    return {place: shares[facts[place]].wan_yuan for place in PLACES}


async def spent_of(
    session: AsyncSession, fund: str, hospital: str, *, without: str = ""
) -> tuple[tuple[Decimal, ...], tuple[Decimal, ...]]:
    """(paid, requested and not paid yet) of a hospital's year, ten thousand yuan. without: a case left out."""
    rows = [one for one in await payments_of_year(session, fund, hospital) if one.case_id != without]
    paid = tuple((one.from_funds or Decimal(0)) / WAN for one in rows if one.state == PAID)
    return paid, tuple(one.yuan / WAN for one in rows if one.state == REQUESTED)


async def cover_found(
    session: AsyncSession, fund: str, facts: Mapping[str, str], form: Amounts, pack: Pack
) -> Mapping[str, Finding]:
    """By place: whether what is proposed covers what was paid, and what is requested (OT-5a, OT-5b)."""
    found = {}
    for place, name in zip(PLACES, pack.parameters["funded_hospitals"].listed, strict=True):
        spent = await spent_of(session, fund, facts[place])
        found[place] = share_covers_paid(BalanceFacts(name, Decimal(str(form[place])), *spent), pack)
    return found


async def set_budget(scene: Scene, refs: Mapping[str, str]) -> str:
    """Finance has recorded the funds: each hospital has what the plan prints."""
    printed = scene.pack.parameters["funds_of_hospital"].number
    amount = Decimal(printed.numerator) / Decimal(printed.denominator)
    _share(scene, 1, BUDGET, dict.fromkeys(PLACES, amount), draft=refs["request"], approved_by=refs["request"])
    return ""


async def judge_funds(scene: Scene, refs: Mapping[str, str]) -> str:
    """What is found of a proposal: kept, "ask" where floats exceed the total, "barred" where it cannot hold.

    above: what the commission has settled of a sum above the total, if it has.
    """
    found = await _found(scene, refs)
    keep_finding(scene, found)
    return ASK if not found.outcome else BARRED if found.effect == "block" else KEPT


async def change_funds(scene: Scene, refs: Mapping[str, str]) -> str:
    """Finance has approved a proposal of the commission: from now on it holds.

    "barred" where a hospital has been paid more than it would have; no payment comes between (OT-5a).
    """
    form = await scene.form_of(refs["request"])
    for place in PLACES:
        await scene.alone_with(alone(scene.case.id, scene.case.facts[place]))
    covers = await cover_found(scene.session, scene.case.id, scene.case.facts, form, scene.pack)
    below = [found for found in covers.values() if found.outcome == BELOW_PAID]
    if below and scene.case.facts.get("changes_judged"):
        keep_finding(scene, below[0])
        return BARRED
    keep_finding(scene, allocation_is_decided(AllocationDecision(proposed=True, finance="approve"), scene.pack))
    number = 1 + max(share.number for share in (await shares_of(scene.session, scene.case.id)).values())
    amounts = {place: Decimal(str(form[place])) for place in PLACES}
    _share(scene, number, KINDS[refs["kind"]], amounts, draft=refs["request"], approved_by=refs["approval"])
    return ""


async def _found(scene: Scene, refs: Mapping[str, str]) -> Finding:
    form = await scene.form_of(refs["request"])
    if KINDS[refs["kind"]] == ADJUSTED:
        return allocation_found(form, scene.pack)
    before = await amounts_now(scene.session, scene.case.id, scene.case.facts)
    return float_found(form, before, scene.pack, refs.get("above", ""))


def _share(
    scene: Scene, number: int, kind: str, amounts: Mapping[str, Decimal], *, draft: str, approved_by: str
) -> None:
    for place in PLACES:
        row = {
            "case_id": scene.case.id,
            "number": number,
            "hospital": scene.case.facts[place],
            "kind": kind,
            "wan_yuan": amounts[place].quantize(Decimal("0.01")),
            "draft": draft,
            "approved_by": approved_by,
            "at": scene.at,
        }
        scene.session.add(FundShare(**row))
        scene.name_row(FUND_SHARE, row)


EFFECTS: Mapping[str, EffectFunction] = {one.__name__: one for one in (set_budget, judge_funds, change_funds)}
