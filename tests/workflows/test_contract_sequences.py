"""Chance against a contract: no sequence of facts, corrections and late evidence ends it without a person's decision,
what is found of a day is a plain count of the facts, and what was found before stays (G-2, OT-6.3g; design.md 14).
"""

from fractions import Fraction
from random import Random

import pytest

from activities.talent_judged_time import BELOW
from db.engine.packs import PackShelf
from services.talent_contracts import TalentContractDesk
from services.talent_sessions import TalentSessionDesk
from tests.builders.banner import settle_banner
from tests.builders.county import publish_calendar
from tests.workflows import talent_life as life
from tests.workflows.conftest import OpenCounty
from tests.workflows.contract_chance import ContractLife, ratio
from tests.workflows.office import OPENS

STEPS, SEQUENCES = 40, 25
LINE = Fraction(7, 10)


async def live(open_county: OpenCounty, seed: int, *, presses_on: bool) -> ContractLife:
    """One contract from its first day to the day before its last."""
    async with open_county() as office:
        await settle_banner(office.record)
        for year in (OPENS.year + 1, OPENS.year + 2):
            await publish_calendar(office.record, year)
        desk = TalentContractDesk(office.record, office.delivery, clock=office.clock, shelf=PackShelf(office.record))
        case = await life.in_force(office, desk)
        await life.cleared(office, case)
        await life.passes_to(office, life.FIRST_DAY)
        book = TalentSessionDesk(office.record, office.delivery, clock=office.clock)
        chance = Random(seed)  # noqa: S311  # had again by its seed
        lived = ContractLife(office, case, book, chance, presses_on, said=[f"seed {seed}"])
        await lived.go_on(STEPS)
        await lived.answer()
        await office.would_go_on(case)
        await lived.look()
        await holds(lived)
        return lived


async def holds(lived: ContractLife) -> None:
    """What must be so, whatever has come."""
    said, office = "\n".join(lived.said), lived.office
    contract = await office.case(lived.case)
    assert (contract.state, contract.stage, contract.outcome) == ("open", "active", ""), said
    figures = await lived.figures()
    assert [figure.number for figure in figures] == list(range(1, len(figures) + 1)), said
    if figures:
        last = figures[-1]
        # Whatever was judged last stands for all that was known of its day then, and nothing came after it unheard.
        assert (last.worked, last.excused) == (lived.ledger.worked(last.as_of), lived.ledger.excused(last.as_of)), said
        raw, adjusted = ratio(lived.ledger, last.as_of, last.agreed)
        below = {raw < LINE, adjusted < LINE}
        expected = {frozenset({True}): "ground_to_confirm", frozenset({True, False}): "ask_force_majeure"}
        assert last.outcome == expected.get(frozenset(below), last.outcome), said
        assert (last.outcome in ("no_ground", "early_warning", "nothing_due")) == (below == {False}), said
    assert not await office.damage(), said


def lifted(lived: ContractLife) -> bool:
    """Whether a correction has lifted a day's ratio over the line: both findings of the day are there."""
    below = {one.as_of for one in lived.kept if one.outcome == "ground_to_confirm"}
    return any(one.as_of in below and one.cause == "correction" and one.outcome not in BELOW for one in lived.kept)


async def test_nothing_ends_a_contract_of_which_nobody_says_anything(open_county: OpenCounty) -> None:
    lived = await live(open_county, 1, presses_on=False)
    assert lived.kept


async def test_nothing_ends_a_contract_but_the_commissions_consent_and_a_lifted_ratio_leaves_both_findings(
    open_county: OpenCounty,
) -> None:
    """By a seed in which the termination is applied for, withdrawn and returned, and in which a correction lifts it."""
    lived = await live(open_county, 9, presses_on=True)
    assert {"ground_confirmed", "apply_in_writing", "withdraw_matter", "return_application"} <= set(lived.pressed)
    assert lifted(lived)


@pytest.mark.soak
async def test_many_contracts_by_chance(open_county: OpenCounty) -> None:
    lives = [await live(open_county, seed, presses_on=bool(seed % 2)) for seed in range(100, 100 + SEQUENCES)]
    assert sum(len(one.kept) for one in lives) > SEQUENCES
    assert sum(len(one.pressed) for one in lives) > SEQUENCES
    assert any(lifted(one) for one in lives)
