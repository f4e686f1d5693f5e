"""Chance against a contract: no sequence of facts, corrections and late evidence ends it without a person's decision,
and what is found of a day is a plain count of the facts (issue of G-2, OT-6.3g; design.md 14).
"""

from fractions import Fraction
from random import Random

import pytest

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


async def live(open_county: OpenCounty, seed: int) -> int:
    """One contract from its first day to the day before its last; how many findings were kept."""
    async with open_county() as office:
        await settle_banner(office.record)
        for year in (OPENS.year + 1, OPENS.year + 2):
            await publish_calendar(office.record, year)
        desk = TalentContractDesk(office.record, office.delivery, clock=office.clock, shelf=PackShelf(office.record))
        case = await life.in_force(office, desk)
        await life.cleared(office, case)
        await life.passes_to(office, life.FIRST_DAY)
        book = TalentSessionDesk(office.record, office.delivery, clock=office.clock)
        lived = ContractLife(office, case, book, Random(seed), said=[f"seed {seed}"])  # noqa: S311  # had again by it
        await lived.go_on(STEPS)
        await lived.answer()
        await office.would_go_on(case)
        await holds(lived)
        return len(await lived.figures())


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


@pytest.mark.parametrize("seed", [1, 2])
async def test_nothing_ends_a_contract_but_people(open_county: OpenCounty, seed: int) -> None:
    assert await live(open_county, seed) > 0


@pytest.mark.soak
async def test_many_contracts_by_chance(open_county: OpenCounty) -> None:
    kept = [await live(open_county, seed) for seed in range(100, 100 + SEQUENCES)]
    assert sum(kept) > SEQUENCES
