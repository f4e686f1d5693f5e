"""Whose role has ended is not asked any more: others sit there by the ordinary rule, and everybody is told (DEF-23)."""

import json
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from activities.engine.reseating import tell_of_ended_roles
from db.engine.base import Sessions
from db.engine.packs import PackShelf
from db.engine.people import RoleHolding
from db.engine.post import LetterRow
from db.engine.tasks import DecisionRow, Evidence, InboxRow, SeatRow, TaskRow
from policies.engine.calendar import CHINA
from policies.engine.pack import Pack
from policies.engine.refusals import NotYourTask, RoleEnded
from services.engine.decisions import PAPER, Answer, Paper
from services.engine.places import Places
from services.engine.tasks import TaskDesk
from services.facts import PersonFacts, RoleFacts
from services.people import PeopleDesk
from services.roll import Hand
from tests.builders.county import BUREAU, HOSPITAL, SINCE, TOWNSHIP, appoint
from tests.conftest import PACKS, StandingClock
from tests.workflows.enquiry import Enquiry, enquiry_pack
from tests.workflows.office import Office, opened_office
from tests.workflows.test_engine import CASE, T1, ask
from vault.keyring import Keyring


@pytest.fixture(scope="module")
def pack() -> Pack:
    return enquiry_pack((PACKS / "dq-a.toml").read_text())


@pytest.fixture
async def office(county: Sessions, keyring: Keyring, clock: StandingClock, shelf: PackShelf) -> AsyncIterator[Office]:
    async with opened_office(county, keyring, clock=clock, shelf=shelf, workflows=[Enquiry]) as office:
        yield office


def today(office: Office) -> date:
    return office.clock.now().astimezone(CHINA).date()


async def ends(office: Office, person: str, role: str, place: str) -> None:
    """HR says at the desk that a role ended yesterday; what was kept for cases is brought to them."""
    await office.tell_time()
    desk = PeopleDesk(office.record, clock=office.clock, keyring=office.keyring, shelf=PackShelf(office.record))
    held = RoleFacts(role, place, SINCE, today(office))
    (result,) = await desk.store([PersonFacts(id=person, roles=(held,))], hand=Hand("p-h1-hr", "api", may_grant=True))
    assert result.outcome == "changed", result
    await brought(office)


async def ends_unsaid(office: Office, person: str, role: str) -> None:
    """The role ends by its date, and the nudge is lost."""
    await office.tell_time()
    async with office.record.begin() as session:
        holding = (RoleHolding.person == person) & (RoleHolding.role == role)
        await session.execute(update(RoleHolding).where(holding).values(held_until=today(office)))


async def brought(office: Office) -> None:
    for row in await office.rows(select(InboxRow).where(InboxRow.state == "pending")):
        assert (await office.delivery.deliver(row)).state == "applied"
        await office.recorded(row.request)


async def seats(office: Office) -> list[tuple[str, str, str, bool]]:
    rows: Any = await office.rows(select(SeatRow).order_by(SeatRow.person))
    return [(row.person, row.role, row.why, row.open) for row in rows]


async def reseated(office: Office) -> list[dict[str, Any]]:
    return [body for line in await office.file_of(CASE) if (body := json.loads(line))["event"] == "reseated"]


async def letters(office: Office, kind: str) -> list[str]:
    query = select(LetterRow.person).where(LetterRow.kind == kind).order_by(LetterRow.created_at, LetterRow.id)
    return list(await office.rows(query))


async def test_the_next_holder_is_asked_and_both_are_told(office: Office, pack: Pack) -> None:
    await ask(office, pack, "sending_review")
    before = await office.open_task("sending_review", "p-h1-head")
    await appoint(office.record, "p-h1-hr", "R-04", HOSPITAL)
    await ends(office, "p-h1-head", "R-04", HOSPITAL)
    after, revision = await office.asked("sending_review", "p-h1-hr")
    assert (after.id, revision, after.due_at, after.vacant) == (before.id, 1, before.due_at, False)
    assert await seats(office) == [("p-h1-head", "R-04", "holder", False), ("p-h1-hr", "R-04", "holder", True)]
    assert await letters(office, "task") == ["p-h1-head", "p-h1-hr"]
    assert await letters(office, "seat_ended") == ["p-h1-head"]
    (line,) = await reseated(office)
    assert line["refs"] == {"reason": "role_ended", "role": "R-04", "place": HOSPITAL}
    assert [seat["person"] for seat in line["former"]] == ["p-h1-head"]
    assert [seat["person"] for seat in line["seats"]] == ["p-h1-hr"]
    await office.answer("sending_review", "p-h1-hr", "agree")
    await office.stands(CASE, "matched")


async def test_a_role_left_vacant_is_asked_of_the_head_and_hr_is_told(office: Office, pack: Pack) -> None:
    """DEF-23."""
    await ask(office, pack, "supply_report")
    await office.open_task("supply_report", "p-h1-hr")
    await ends(office, "p-h1-hr", "R-03", HOSPITAL)
    assert (await office.open_task("supply_report", "p-h1-head")).vacant
    assert (await seats(office))[0] == ("p-h1-head", "R-04", "vacant", True)
    assert await letters(office, "vacancy_alert") == ["p-monitor"]


async def test_where_nobody_is_left_hr_names_somebody(office: Office, pack: Pack) -> None:
    await ends_unsaid(office, "p-bureau-leader", "R-10")
    await ask(office, pack, "sending_review")
    await ends(office, "p-h1-head", "R-04", HOSPITAL)
    row = await office.seen(select(TaskRow).where(TaskRow.vacant))
    assert [seat for seat in await seats(office) if seat[-1]] == []
    await office.act("hand_over", "p-monitor", CASE, task=row.id, words="指定办理", taker="p-h2-head")
    await office.answer("sending_review", "p-h2-head", "agree")
    await office.stands(CASE, "matched")


async def test_a_rebuilt_case_knows_who_sits_there_now(office: Office, pack: Pack) -> None:
    await ask(office, pack, "sending_review")
    await office.open_task("sending_review", "p-h1-head")
    await appoint(office.record, "p-h1-hr", "R-04", HOSPITAL)
    await ends(office, "p-h1-head", "R-04", HOSPITAL)
    await office.workflow(CASE).terminate()
    assert await office.delivery.rebuild(CASE)
    await office.answer("sending_review", "p-h1-hr", "agree")
    await office.stands(CASE, "matched")


async def test_a_lost_nudge_is_made_good_when_the_next_reminder_is_due(office: Office, pack: Pack) -> None:
    await ask(office, pack, "sending_review")
    await office.open_task("sending_review", "p-h1-head")
    await appoint(office.record, "p-h1-hr", "R-04", HOSPITAL)
    await ends_unsaid(office, "p-h1-head", "R-04")
    await office.days_pass(3)
    await office.open_task("sending_review", "p-h1-hr")
    assert await letters(office, "reminder") == ["p-h1-hr"]
    assert await letters(office, "seat_ended") == ["p-h1-head"]


async def test_a_role_that_ends_by_its_date_is_found_by_the_round(office: Office, pack: Pack) -> None:
    await ask(office, pack, "sending_review")
    await office.open_task("sending_review", "p-h1-head")
    await ends_unsaid(office, "p-h1-head", "R-04")

    async def told() -> int:
        async with office.record.begin() as session:
            return await tell_of_ended_roles(session, at=office.clock.now())

    assert (await told(), await told()) == (1, 1)
    assert len(await office.rows(select(InboxRow))) == 1
    await brought(office)
    assert await told() == 0
    await office.open_task("sending_review", "p-bureau-leader")
    assert len(await reseated(office)) == 1


async def test_a_role_that_ends_tomorrow_is_held_today(office: Office, pack: Pack) -> None:
    await ask(office, pack, "sending_review")
    await office.open_task("sending_review", "p-h1-head")
    async with office.record.begin() as session:
        tomorrow = today(office) + timedelta(days=1)
        await session.execute(update(RoleHolding).values(held_until=tomorrow))
        assert await tell_of_ended_roles(session, at=office.clock.now()) == 0
        assert await tell_of_ended_roles(session, at=office.clock.now() + timedelta(days=1)) == 1


async def test_while_somebody_is_left_to_answer_the_head_is_not_asked_beside_them(office: Office, pack: Pack) -> None:
    await appoint(office.record, "p-t2-head", "R-02", TOWNSHIP)
    await ask(office, pack, "for_all")
    await office.open_task("for_all", "p-t2-head")
    await office.act("hand_over", "p-t2-head", CASE, task=T1, words="出差", taker="p-t1-hr")
    await ends_unsaid(office, "p-t2-head", "R-02")
    await ends(office, "p-t1-head", "R-02", TOWNSHIP)
    assert sorted(await letters(office, "task")) == ["p-t1-head", "p-t1-hr", "p-t2-head"]
    await office.answer("for_all", "p-t1-hr", "agree")
    await office.stands(CASE, "matched")


async def test_where_all_who_are_left_have_answered_somebody_is_asked_in_place_of_who_has_gone(
    office: Office, pack: Pack
) -> None:
    """DEF-07: a role's end decides nothing."""
    await appoint(office.record, "p-t2-head", "R-02", TOWNSHIP)
    await ask(office, pack, "for_all")
    await office.open_task("for_all", "p-t1-head")
    await office.answer("for_all", "p-t2-head", "agree")
    await ends(office, "p-t1-head", "R-02", TOWNSHIP)
    assert (await office.case(CASE)).state == "open"
    assert await letters(office, "vacancy_alert") == ["p-monitor"]
    await office.answer("for_all", "p-bureau-leader", "agree")
    await office.stands(CASE, "matched")


async def test_a_seat_that_was_handed_over_goes_back_when_its_taker_leaves(office: Office, pack: Pack) -> None:
    await ask(office, pack, "sending_review")
    await office.act("hand_over", "p-h1-head", CASE, task=T1, words="出差", taker="p-h1-hr")
    await ends(office, "p-h1-hr", "R-03", HOSPITAL)
    await office.answer("sending_review", "p-h1-head", "agree")
    await office.stands(CASE, "matched")


async def test_of_one_person_on_both_sides_the_second_seat_goes_elsewhere(office: Office, pack: Pack) -> None:
    """COR-06."""
    await ask(office, pack, "sending_review", "receiving_review", together="yes")
    await office.open_task("receiving_review", "p-t1-head")
    await appoint(office.record, "p-h2-head", "R-04", HOSPITAL)
    await appoint(office.record, "p-h2-head", "R-02", TOWNSHIP)
    await ends_unsaid(office, "p-t1-head", "R-02")
    await ends(office, "p-h1-head", "R-04", HOSPITAL)
    await office.open_task("sending_review", "p-h2-head")
    await office.open_task("receiving_review", "p-bureau-leader")


async def test_the_person_of_the_case_is_asked_without_any_role(office: Office, pack: Pack) -> None:
    await ask(office, pack, "choose_post")
    await office.open_task("choose_post", "p-doctor")
    async with office.record.begin() as session:
        assert await tell_of_ended_roles(session, at=office.clock.now()) == 0


@pytest.mark.parametrize("known", [True, False])
async def test_a_decision_after_the_end_is_refused_with_its_own_page(
    office: Office, pack: Pack, *, known: bool
) -> None:
    """Whether or not the case has seated others yet."""
    await ask(office, pack, "sending_review")
    await office.open_task("sending_review", "p-h1-head")
    await (ends(office, "p-h1-head", "R-04", HOSPITAL) if known else ends_unsaid(office, "p-h1-head", "R-04"))
    with pytest.raises(RoleEnded):
        await office.decisions.answer(Answer("late", T1, "p-h1-head", 1, "agree"))
    with pytest.raises(NotYourTask):
        await office.decisions.answer(Answer("foreign", T1, "p-t1-head", 1, "agree"))
    desk = TaskDesk(
        office.record,
        shelf=PackShelf(office.record),
        keyring=office.keyring,
        clock=office.clock,
        places=Places(office.record, office.clock),
        readers={},
    )
    assert (await desk.page(T1, "p-h1-head")).state == "role_ended"
    assert not await office.rows(select(DecisionRow))


async def test_who_holds_no_role_any_more_hands_nothing_over(office: Office, pack: Pack) -> None:
    await ask(office, pack, "sending_review")
    await office.open_task("sending_review", "p-h1-head")
    await appoint(office.record, "p-h1-head", "R-03", HOSPITAL)
    await ends_unsaid(office, "p-h1-head", "R-04")
    with pytest.raises(RoleEnded):
        await office.act("hand_over", "p-h1-head", CASE, task=T1, words="出差", taker="p-h1-hr")


async def test_what_was_signed_before_the_end_may_be_recorded_after_it(office: Office, pack: Pack) -> None:
    """COR-04: the paper's own day counts, while nobody else has been asked yet."""
    await ask(office, pack, "sending_review")
    await office.open_task("sending_review", "p-h1-head")
    await ends_unsaid(office, "p-h1-head", "R-04")
    async with office.record.begin() as session:
        kept = {"case_id": CASE, "uploaded_by": "p-h1-hr", "uploaded_at": office.clock.now()}
        session.add(Evidence(sha256="scan", name="scan.pdf", media_type="application/pdf", content=b"%PDF", **kept))
    signed = Paper(today(office) - timedelta(days=1), "p-h1-hr", "p-monitor", "scan")
    late = Paper(today(office), "p-h1-hr", "p-monitor", "scan")

    def answer(request: str, paper: Paper) -> Answer:
        return Answer(request, T1, "p-h1-head", 1, "agree", channel=PAPER, paper=paper)

    with pytest.raises(RoleEnded):
        await office.decisions.answer(answer("paper.2", late))
    assert (await office.decisions.answer(answer("paper.1", signed))).state == "recorded"
    await office.stands(CASE, "matched")


async def test_an_answer_that_came_before_the_end_counts_when_it_is_brought_after(office: Office, pack: Pack) -> None:
    """Received while the role was held: nobody else is seated before it has reached the case."""
    await ask(office, pack, "sending_review")
    await office.open_task("sending_review", "p-h1-head")
    await ends_unsaid(office, "p-h1-head", "R-04")
    row = {
        "request": "early", "case_id": CASE, "verb": "decide", "task_id": T1, "person": "p-h1-head", "form": {},
        "message": {"task": "t1", "choice": "agree", "revision": 1, "refs": {}}, "channel": "page",
        "received_at": office.clock.now() - timedelta(days=1),
    }  # fmt: skip
    async with office.record.begin() as session:
        session.add(InboxRow(**row))
        await session.flush()
        assert await tell_of_ended_roles(session, at=office.clock.now()) == 0
    await brought(office)
    await office.stands(CASE, "matched")
    assert await letters(office, "seat_ended") == []


async def test_a_person_who_only_changes_role_stays_seated_in_the_new_one(office: Office, pack: Pack) -> None:
    await ask(office, pack, "for_chain")
    await office.open_task("for_chain", "p-bureau-officer")
    await appoint(office.record, "p-bureau-officer", "R-39", BUREAU)
    await ends_unsaid(office, "p-bureau-deputy", "R-39")
    await ends(office, "p-bureau-officer", "R-09", BUREAU)
    assert ("p-bureau-officer", "R-39", "vacant", True) in await seats(office)
    assert await letters(office, "seat_ended") == []
