"""A database that is away, a commit whose answer is lost, an answer that comes before its people are found."""

import asyncio
from contextlib import AbstractAsyncContextManager
from typing import Protocol

import pytest
from sqlalchemy import func, select
from temporalio import activity
from temporalio.client import WorkflowFailureError, WorkflowUpdateStage

from activities.engine.casebook import Casebook
from activities.engine.messages import Act, Committed, Decide, Recorded, Transition
from activities.engine.post import DECIDE
from db.engine.base import Sessions, connect, sessions
from db.engine.cases import TransitionRow
from db.engine.packs import PackShelf
from db.engine.post import LetterRow
from db.engine.tasks import DecisionRow, InboxRow, SeatRow, TaskRow
from mail.links import token
from policies.engine.pack import Pack
from policies.engine.refusals import NotYourTask
from services.engine.decisions import Answer
from services.engine.places import Places
from services.engine.tasks import TaskDesk
from stack.ports import free_port
from tests.builders.county import TOWNSHIP, appoint
from tests.conftest import StandingClock
from tests.workflows.enquiry import Enquiry
from tests.workflows.office import BOUND, Office, opened_office
from tests.workflows.test_engine import CASE, T1, ask, heads, pack, put, put_answer, put_handing
from vault.keyring import Keyring, Purpose
from workflows.engine.case import EVENTS_PER_RUN

__all__ = ["pack"]


class LostAnswers(Casebook):
    """The first attempt meets no database, the second commits and its answer never arrives."""

    @activity.defn(name="commit")
    async def commit(self, transition: Transition) -> Committed:
        attempt = activity.info().attempt
        if attempt == 1:
            nowhere = connect(f"postgresql+asyncpg://nobody@127.0.0.1:{free_port()}/nothing", self._keyring)
            async with sessions(nowhere).begin() as session:
                await session.execute(select(1))
        committed = await super().commit(transition)
        if attempt == 2:
            raise ConnectionResetError
        return committed


class Slow(Casebook):
    """Seats nobody until the door is opened."""

    door: asyncio.Event

    @activity.defn(name="commit")
    async def commit(self, transition: Transition) -> Committed:
        await self.door.wait()
        return await super().commit(transition)


class Overtaken(Casebook):
    """The first run's second commit is held back, and so is the next run's, until each is let go."""

    let_go: dict[str, asyncio.Event]

    @activity.defn(name="commit")
    async def commit(self, transition: Transition) -> Committed:
        if transition.seq == 2:
            await self.let_go.setdefault(str(activity.info().workflow_run_id), asyncio.Event()).wait()
        return await super().commit(transition)


class OpenOffice(Protocol):
    """Opens an office with another casebook."""

    def __call__(self, casebook: type[Casebook]) -> AbstractAsyncContextManager[Office]: ...


@pytest.fixture
def office_with(county: Sessions, keyring: Keyring, clock: StandingClock, shelf: PackShelf) -> OpenOffice:
    def opened(casebook: type[Casebook]) -> AbstractAsyncContextManager[Office]:
        return opened_office(county, keyring, clock=clock, shelf=shelf, workflows=[Enquiry], casebook=casebook)

    return opened


async def test_a_commit_that_is_tried_again_after_the_database_was_away_writes_once(
    office_with: OpenOffice, pack: Pack
) -> None:
    async with office_with(LostAnswers) as office:
        await ask(office, pack, "sending_review", "receiving_review")
        await office.answer("sending_review", "p-h1-head", "agree")
        await office.answer("receiving_review", "p-t1-head", "agree")
        await office.stands(CASE, "matched")
        assert await office.workflow(CASE).result() == "matched"
        assert await office.rows(select(TransitionRow.seq).order_by(TransitionRow.seq)) == [1, 2, 3]
        assert len(await office.rows(select(DecisionRow))) == len(await office.letters("task")) == 2
        assert not await office.damage()


async def test_an_answer_that_comes_while_people_are_looked_up_waits_for_them_and_counts(
    office_with: OpenOffice, pack: Pack
) -> None:
    Slow.door = asyncio.Event()
    Slow.door.set()
    async with office_with(Slow) as office:
        await appoint(office.record, "p-t2-head", "R-02", TOWNSHIP)
        await ask(office, pack, "for_chain")
        Slow.door.clear()
        drafted = asyncio.create_task(office.answer("for_chain", "p-bureau-officer", "agree"))
        await office.comes_true(lambda state: state.tasks[0].step == 1, CASE)
        early = await put_answer(office, "early", "p-bureau-section", revision=2)
        foreign = await put_answer(office, "foreign", "p-t1-head", revision=2)
        delivered = asyncio.gather(*(office.delivery.deliver(row) for row in (early, foreign)))
        await office.comes_true(lambda state: len(state.applied) == 1, CASE)
        assert not delivered.done()
        Slow.door.set()
        taken, refused = await delivered
        await drafted
        assert (taken.state, refused.state) == ("applied", "refused")
        assert refused.refusal in ("NotYourTask", "StaleRevision"), "whichever of the two was let in first"
        await office.answer("for_chain", "p-bureau-deputy", "agree")
        await office.stands(CASE, "matched")
        assert await office.rows(select(DecisionRow.step).order_by(DecisionRow.decided_at)) == [0, 1, 2]


async def test_what_is_handed_over_in_one_breath_reaches_every_taker(office_with: OpenOffice, pack: Pack) -> None:
    """Three acts that the case takes while a commit is under way come into one transition."""
    Slow.door = asyncio.Event()
    Slow.door.set()
    async with office_with(Slow) as office:
        await heads(office.record, "p-t2-head", "p-t2-hr")
        for taker in ("p-h1-hr", "p-h2-hr"):
            await appoint(office.record, taker, "R-01", TOWNSHIP)
        await ask(office, pack, "for_all")
        Slow.door.clear()
        await taken(office, "c1", await put(office, "c1", "comment", "p-monitor", {"task": "", "refs": {}}))
        passed_on = (("p-t1-head", "p-t1-hr"), ("p-t2-head", "p-h1-hr"), ("p-h1-hr", "p-h2-hr"))
        for number, (giver, taker) in enumerate(passed_on):
            await taken(office, f"h{number}", await put_handing(office, f"h{number}", giver, taker))
        Slow.door.set()
        seats = select(SeatRow.person).where(SeatRow.open).order_by(SeatRow.person)
        await office.recorded("h2")
        assert await office.rows(seats) == ["p-h2-hr", "p-t1-hr", "p-t2-hr"]
        written = [letter.person for letter in await office.letters("task")]
        assert sorted(written[3:]) == ["p-h2-hr", "p-t1-hr"]
        for person in ("p-h2-hr", "p-t1-hr", "p-t2-hr"):
            await office.answer("for_all", person, "agree")
        await office.stands(CASE, "matched")


async def test_a_seat_that_passes_on_just_before_the_task_is_settled_is_not_left_open(
    office_with: OpenOffice, pack: Pack
) -> None:
    Slow.door = asyncio.Event()
    Slow.door.set()
    async with office_with(Slow) as office:
        await heads(office.record, "p-t2-head")
        await ask(office, pack, "for_any")
        Slow.door.clear()
        await taken(office, "c1", await put(office, "c1", "comment", "p-monitor", {"task": "", "refs": {}}))
        await taken(office, "h1", await put_handing(office, "h1", "p-t1-head", "p-t1-hr"))
        await taken(office, "a1", await put_answer(office, "a1", "p-t2-head"))
        Slow.door.set()
        await office.stands(CASE, "matched")
        assert not await office.rows(select(SeatRow.person).where(SeatRow.open))
        assert "p-t1-hr" not in [letter.person for letter in await office.letters("task")]


async def taken(office: Office, request: str, row: InboxRow) -> None:
    """The case has taken it; what it makes of it may still wait for a commit."""
    assert (await office.delivery.deliver(row)).state == "applied"
    await office.comes_true(lambda state: request in state.applied, CASE)


async def test_a_commit_of_a_former_run_never_answers_the_rebuilt_one(office_with: OpenOffice, pack: Pack) -> None:
    Overtaken.let_go = {}
    async with office_with(Overtaken) as office:
        await ask(office, pack, "sending_review", "receiving_review")
        first = await put_answer(office, "first", "p-h1-head")
        assert (await office.delivery.deliver(first)).state == "applied"
        await held_back(1)
        await office.workflow(CASE).terminate()
        assert await office.delivery.rebuild(CASE)
        assert (await office.delivery.deliver(first)).state == "applied"
        former, rebuilt = await held_back(2)
        former.set()
        await office.recorded("first")
        rebuilt.set()
        with pytest.raises(WorkflowFailureError):
            await office.workflow(CASE).result()
        assert await office.delivery.rebuild(CASE)
        await office.answer("receiving_review", "p-t1-head", "agree")
        await office.stands(CASE, "matched")
        assert await office.rows(select(DecisionRow.person).order_by(DecisionRow.decided_at)) == [
            "p-h1-head",
            "p-t1-head",
        ]
        assert not await office.damage()


async def held_back(number: int) -> list[asyncio.Event]:
    async with asyncio.timeout(30):
        while len(Overtaken.let_go) < number:  # noqa: ASYNC110  # the fact is in another task
            await asyncio.sleep(0.01)
    return list(Overtaken.let_go.values())


async def test_an_answer_that_waits_for_its_people_counts_once_however_often_it_comes(
    office_with: OpenOffice, pack: Pack
) -> None:
    Slow.door = asyncio.Event()
    Slow.door.set()
    async with office_with(Slow) as office:
        await ask(office, pack, "for_chain")
        Slow.door.clear()
        await office.say("for_chain", "p-bureau-officer", "agree")
        await put_answer(office, "early", "p-bureau-section", revision=2)
        early = Decide("early", "t1", "p-bureau-section", "agree", 2, office.clock.now())
        updates = [
            await office.workflow(CASE).start_update(
                "decide", early, id=update, wait_for_stage=WorkflowUpdateStage.ACCEPTED, result_type=Recorded
            )
            for update in ("early", "early-again")
        ]
        Slow.door.set()
        assert sorted([(await update.result()).again for update in updates]) == [False, True]
        await office.answer("for_chain", "p-bureau-deputy", "agree")
        await office.stands(CASE, "matched")
        assert await office.rows(select(DecisionRow.step).order_by(DecisionRow.decided_at)) == [0, 1, 2]


async def test_an_urge_that_comes_while_people_are_looked_up_reaches_them(office_with: OpenOffice, pack: Pack) -> None:
    Slow.door = asyncio.Event()
    Slow.door.set()
    async with office_with(Slow) as office:
        await ask(office, pack, "for_chain")
        Slow.door.clear()
        await office.say("for_chain", "p-bureau-officer", "agree")
        await put(office, "urge-early", "urge", "p-monitor", {"task": "t1", "refs": {}})
        urge = await office.workflow(CASE).start_update(
            "act",
            Act("urge-early", "urge", "p-monitor", office.clock.now(), task="t1"),
            id="urge-early",
            wait_for_stage=WorkflowUpdateStage.ACCEPTED,
            result_type=Recorded,
        )
        Slow.door.set()
        assert not (await urge.result()).again
        await office.recorded("urge-early")
        assert [letter.person for letter in await office.letters("urge")] == ["p-bureau-section"]


async def test_a_long_case_does_not_continue_as_new_while_an_answer_waits_for_its_people(
    office_with: OpenOffice, pack: Pack
) -> None:
    Slow.door = asyncio.Event()
    Slow.door.set()
    async with office_with(Slow) as office:
        await ask(office, pack, "for_chain")
        while await office.events(CASE) < EVENTS_PER_RUN - 10:
            await office.act("comment", "p-monitor", CASE, words="记录")
            await office.rests(CASE)
        run = (await office.workflow(CASE).describe()).run_id
        Slow.door.clear()
        await office.say("for_chain", "p-bureau-officer", "agree")
        early = Decide("early", "t1", "p-bureau-section", "agree", 2, office.clock.now())
        await put_answer(office, "early", "p-bureau-section", revision=2)
        update = await office.workflow(CASE).start_update(
            "decide", early, id="early", wait_for_stage=WorkflowUpdateStage.ACCEPTED, result_type=Recorded
        )
        assert (await office.workflow(CASE).describe()).run_id == run
        Slow.door.set()
        assert not (await update.result()).again
        async with asyncio.timeout(BOUND):
            while (await office.workflow(CASE).describe()).run_id == run:
                await office.act("comment", "p-monitor", CASE, words="记录")
                await office.rests(CASE)
        await office.answer("for_chain", "p-bureau-deputy", "agree")
        await office.stands(CASE, "matched")
        assert await office.rows(select(DecisionRow.step).order_by(DecisionRow.decided_at)) == [0, 1, 2]


async def test_a_refused_answer_stays_on_record_with_its_reason(office_with: OpenOffice, pack: Pack) -> None:
    async with office_with(Casebook) as office:
        await ask(office, pack, "for_any")
        stale = await put_answer(office, "stale", "p-t1-head", revision=7)
        assert (await office.delivery.deliver(stale)).refusal == "StaleRevision"
        kept = {row.request: (row.state, row.refusal) for row in await office.inbox()}
        assert kept == {"stale": ("refused", "StaleRevision")}
        await office.answer("for_any", "p-t1-head", "agree")
        await office.stands(CASE, "matched")
        late = await put_answer(office, "late", "p-t1-head")
        assert (await office.delivery.deliver(late)).refusal == "CaseClosed"
        assert await office.rows(select(func.count()).select_from(LetterRow).where(LetterRow.task_id == T1)) == [1]
        assert await office.rows(select(TaskRow.outcome)) == ["agree"]


@pytest.mark.parametrize("person", ["p-doctor", "client"])
async def test_as_115_who_holds_no_seat_a_client_of_the_interface_least_of_all_decides_nothing(
    office_with: OpenOffice, pack: Pack, person: str
) -> None:
    async with office_with(Casebook) as office:
        await ask(office, pack, "for_any")
        given = Answer("r-client", T1, person, 1, "agree")
        with pytest.raises(NotYourTask):
            await office.decisions.answer(given)
        assert not await office.inbox()
        assert (await office.open_task("for_any", "p-t1-head")).status == "open"


async def test_as_116_opening_a_letters_link_again_and_again_decides_nothing(
    office_with: OpenOffice, pack: Pack
) -> None:
    async with office_with(Casebook) as office:
        await ask(office, pack, "for_any")
        places = Places(office.record, office.clock)
        shelf = PackShelf(office.record)
        desk = TaskDesk(office.record, office.keyring, shelf=shelf, clock=office.clock, places=places, readers={})
        (letter,) = await office.letters("task")
        secret = token(
            office.keyring.current(Purpose.LINK),
            task=T1,
            person="p-t1-head",
            revision=1,
            purpose=DECIDE,
            letter=letter.id,
        )
        await office.rests(CASE)
        before = await office.events(CASE)
        for _ in range(20):
            assert (await desk.open_link(secret)).task == T1
        assert not await office.rows(select(DecisionRow))
        assert not await office.inbox()
        assert await office.events(CASE) == before
        await office.answer("for_any", "p-t1-head", "agree")
        await office.stands(CASE, "matched")
