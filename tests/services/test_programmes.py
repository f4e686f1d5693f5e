"""By which rules a page goes that names no programme."""

import pytest

from db.engine.base import Sessions
from db.engine.packs import PackShelf, shelve
from policies.engine.pack import Pack, parse_pack
from services.forms.pay import SENDING_KINDS
from services.programmes import ProgrammeUnclear, pack_with
from tests.conftest import StandingClock

ASKED = "pay_virtual_scope"


def of_another_document(pack: Pack) -> Pack:
    text = pack.text.replace('id = "dq-a"', 'id = "elsewhere"', 1).replace(pack.programme, "of_elsewhere", 1)
    return parse_pack(text, file="elsewhere.toml")


async def test_the_rules_in_force_are_found_by_what_they_ask(shelf: PackShelf) -> None:
    assert (await pack_with(shelf, ASKED)).id == "dq-a", "what dq-b has it has from there"
    with pytest.raises(ProgrammeUnclear) as refused:
        await pack_with(shelf, "nobody_asks_this")
    assert refused.value.facts == {"task": "nobody_asks_this", "packs": ""}


async def test_where_the_rules_of_two_documents_ask_it_nobody_chooses_for_the_page(
    shelf: PackShelf, record: Sessions, dq_a: Pack, clock: StandingClock
) -> None:
    async with record.begin() as session:
        await shelve(session, of_another_document(dq_a), clock)
    with pytest.raises(ProgrammeUnclear) as refused:
        await pack_with(shelf, ASKED)
    assert refused.value.facts["packs"] == "dq-a, elsewhere"


def test_every_kind_of_institution_that_sends_may_stand_in_a_pay_total() -> None:
    """A central township hospital sends trainees as any township hospital does (DQ-3.1.1b)."""
    assert {"county_hospital", "central_township_hospital", "township_hospital"} <= set(SENDING_KINDS)
