"""Deputies (委托代办) through a case: who is asked for whom, from when to when, and what never happens (DEF-12)."""

from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from db.engine.base import Sessions
from db.engine.packs import PackShelf
from db.engine.tasks import DecisionRow, InboxRow, SeatRow
from policies.engine.calendar import CHINA
from policies.engine.pack import Pack
from policies.engine.refusals import NotYourTask
from services.engine.decisions import Answer
from services.engine.deputies import (
    Authorisation,
    DeputyDays,
    DeputyDesk,
    DeputyOverlaps,
    DeputyUnfit,
    DeputyUnknown,
)
from services.engine.permissions import NotForYou
from services.engine.scans import ProofMissing, Scan
from tests.builders.county import HOSPITAL, TOWNSHIP, appoint
from tests.conftest import PACKS, StandingClock
from tests.workflows.enquiry import Enquiry, enquiry_pack
from tests.workflows.office import Office, opened_office
from tests.workflows.test_engine import CASE, T1, ask
from tests.workflows.test_roles_ended import brought, ends, letters, reseated
from vault.keyring import Keyring

HEAD, DEPUTY = "p-h1-head", "p-h1-hr"
PROOF = Scan("委托书.pdf", b"%PDF-1.7\n%signed\n")


@pytest.fixture(scope="module")
def pack() -> Pack:
    return enquiry_pack((PACKS / "dq-a.toml").read_text())


@pytest.fixture
async def office(county: Sessions, keyring: Keyring, clock: StandingClock, shelf: PackShelf) -> AsyncIterator[Office]:
    async with opened_office(county, keyring, clock=clock, shelf=shelf, workflows=[Enquiry]) as office:
        yield office


def today(office: Office) -> date:
    return office.clock.now().astimezone(CHINA).date()


async def away(
    office: Office,
    person: str = HEAD,
    deputy: str = DEPUTY,
    *,
    days: tuple[int, int] = (0, 3),
    by: str = "",
    proof: bool = False,
) -> str:
    """The person, or somebody for them, enters a deputy for days counted from today."""
    await office.tell_time()
    viewer = await office.sessions.viewer(by or person)
    assert viewer is not None
    first, last = (today(office) + timedelta(days=number) for number in days)
    wanted = Authorisation(person, deputy, first, last, "外出学习", PROOF if proof else None)
    entry = await DeputyDesk(office.record, clock=office.clock).enter(viewer, wanted)
    await brought(office)
    return entry


async def sitting(office: Office) -> list[tuple[str, str, str | None]]:
    rows = await office.rows(select(SeatRow).where(SeatRow.open).order_by(SeatRow.person))
    return [(row.person, row.why, row.acting_for) for row in rows]


async def test_what_is_asked_in_the_window_is_asked_of_the_deputy_and_the_record_says_for_whom(
    office: Office, pack: Pack
) -> None:
    await away(office)
    await ask(office, pack, "sending_review")
    assert await sitting(office) == [(DEPUTY, "deputy", HEAD)]
    assert await letters(office, "task") == [DEPUTY]
    await office.answer("sending_review", DEPUTY, "agree")
    await office.stands(CASE, "matched")
    (decision,) = await office.rows(select(DecisionRow))
    assert (decision.person, decision.role, decision.on_behalf_of) == (DEPUTY, "R-04", HEAD)


async def test_an_open_task_passes_to_the_deputy_and_comes_back_after_the_last_day(office: Office, pack: Pack) -> None:
    await ask(office, pack, "sending_review")
    before = await office.open_task("sending_review", HEAD)
    await away(office, days=(0, 1))
    assert await sitting(office) == [(DEPUTY, "deputy", HEAD)]
    assert (await office.open_task("sending_review", DEPUTY)).due_at == before.due_at
    with pytest.raises(NotYourTask):
        await office.decisions.answer(Answer("away", T1, HEAD, 1, "agree"))
    # Two whole days later the next reminder looks again.
    await office.days_pass(6)
    await office.asked("sending_review", HEAD)
    assert await sitting(office) == [(HEAD, "holder", None)]
    assert [line["refs"]["reason"] for line in await reseated(office)] == ["deputy_sits", "deputy_gone"]
    await office.answer("sending_review", HEAD, "agree")
    await office.stands(CASE, "matched")


async def test_before_the_first_day_the_person_answers(office: Office, pack: Pack) -> None:
    await away(office, days=(1, 2))
    await ask(office, pack, "sending_review")
    assert await sitting(office) == [(HEAD, "holder", None)]


async def test_ended_early_the_task_is_the_person_s_again_at_once(office: Office, pack: Pack) -> None:
    await ask(office, pack, "sending_review")
    entry = await away(office)
    viewer = await office.sessions.viewer(HEAD)
    assert viewer is not None
    await DeputyDesk(office.record, clock=office.clock).end(viewer, entry)
    await brought(office)
    assert await sitting(office) == [(HEAD, "holder", None)]


async def test_a_deputy_never_decides_on_their_own_case_the_rule_of_conflicts_finds_another(
    office: Office, pack: Pack
) -> None:
    """DEF-12, COR-06."""
    await away(office)
    await ask(office, pack, "sending_review", subject=DEPUTY)
    assert DEPUTY not in {person for person, _, _ in await sitting(office)}
    assert [why for _, why, _ in await sitting(office)] == ["conflict"]
    assert await letters(office, "vacancy_alert") == ["p-monitor"]


async def test_a_deputy_of_one_side_does_not_sit_on_the_other(office: Office, pack: Pack) -> None:
    await away(office)
    await appoint(office.record, DEPUTY, "R-02", TOWNSHIP)
    await ask(office, pack, "sending_review", "receiving_review", together="yes")
    seated = await office.rows(select(SeatRow.person).where(SeatRow.open))
    assert (len(seated) >= 2, seated.count(DEPUTY)) == (True, 1)


async def test_the_deputy_of_somebody_whose_role_ends_sits_there_no_longer(office: Office, pack: Pack) -> None:
    await ask(office, pack, "sending_review")
    await away(office)
    await appoint(office.record, "p-h2-head", "R-04", HOSPITAL)
    await ends(office, HEAD, "R-04", HOSPITAL)
    await brought(office)
    assert await sitting(office) == [("p-h2-head", "holder", None)]


async def test_an_office_needs_the_signed_authorisation_and_enters_only_its_own_people(office: Office) -> None:
    with pytest.raises(ProofMissing):
        await away(office, by=DEPUTY, deputy=DEPUTY)
    await away(office, by=DEPUTY, deputy=DEPUTY, proof=True)
    with pytest.raises(NotForYou):
        await away(office, "p-t1-head", "p-t1-hr", by=DEPUTY, proof=True)


@pytest.mark.parametrize("deputy", [HEAD, "p-t1-hr", "p-doctor", "nobody"])
async def test_only_another_who_holds_a_role_there_is_a_deputy(office: Office, deputy: str) -> None:
    with pytest.raises(DeputyUnfit):
        await away(office, deputy=deputy)


@pytest.mark.parametrize("days", [(-1, 2), (3, 2), (0, 366)])
async def test_days_that_do_not_do_are_refused(office: Office, days: tuple[int, int]) -> None:
    with pytest.raises(DeputyDays):
        await away(office, days=days)


async def test_windows_are_half_open_and_who_is_away_answers_for_nobody(office: Office) -> None:
    await away(office, days=(0, 3))
    for person, deputy, days in ((HEAD, DEPUTY, (3, 5)), (DEPUTY, HEAD, (2, 4)), (DEPUTY, HEAD, (0, 0))):
        with pytest.raises(DeputyOverlaps):
            await away(office, person, deputy, days=days)
    await away(office, DEPUTY, HEAD, days=(4, 6))


async def test_only_the_person_or_the_office_ends_an_entry(office: Office) -> None:
    entry = await away(office)
    viewer = await office.sessions.viewer("p-t1-head")
    assert viewer is not None
    with pytest.raises(DeputyUnknown):
        await DeputyDesk(office.record, clock=office.clock).end(viewer, entry)
    assert await office.rows(select(InboxRow)) == []
