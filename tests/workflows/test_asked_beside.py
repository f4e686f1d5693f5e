"""Opinions asked for, added signers, copies, and the two ways back, through a case (design 6, decision 0020)."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from db.engine.base import Sessions
from db.engine.packs import PackShelf
from db.engine.tasks import DecisionRow, SeatRow, TaskRow
from policies.engine.pack import Pack
from policies.engine.refusals import ChoiceUnknown, NotYourTask, OwnCase, ReasonMissing, SignerUnfit, StepUnknown
from services.engine.decisions import Answer, NotCounted
from services.engine.permissions import NotForYou
from services.engine.takers import TakerUnfit
from tests.builders.county import HOSPITAL
from tests.conftest import PACKS, StandingClock
from tests.workflows.enquiry import Enquiry, enquiry_pack
from tests.workflows.office import Office, opened_office
from tests.workflows.test_engine import CASE, T1, ask, names
from tests.workflows.test_roles_ended import ends, ends_unsaid
from vault.keyring import Keyring

CLERK, SECTION, LEADER = "p-bureau-officer", "p-bureau-section", "p-bureau-deputy"
HEAD, COLLEAGUE = "p-h1-head", "p-h1-hr"


@pytest.fixture(scope="module")
def pack() -> Pack:
    return enquiry_pack((PACKS / "dq-a.toml").read_text())


@pytest.fixture
async def office(county: Sessions, keyring: Keyring, clock: StandingClock, shelf: PackShelf) -> AsyncIterator[Office]:
    async with opened_office(county, keyring, clock=clock, shelf=shelf, workflows=[Enquiry]) as office:
        yield office


async def beside(office: Office, how: str, taker: str = COLLEAGUE, *, by: str = HEAD) -> None:
    await office.act("add_seat", by, CASE, task=T1, words="请看一下", taker=taker, how=how)


async def test_who_is_consulted_is_written_to_and_the_asker_learns_of_the_opinion_and_decides(
    office: Office, pack: Pack
) -> None:
    await ask(office, pack, "sending_review")
    asked, _ = await office.asked("sending_review", HEAD)
    await beside(office, "consulted")
    given, _ = await office.asked("sending_review", COLLEAGUE)
    assert (given.due_at, (await office.letters("task"))[-1].person) == (asked.due_at, COLLEAGUE)
    with pytest.raises(ChoiceUnknown):
        await office.answer("sending_review", COLLEAGUE, "agree")
    with pytest.raises(ReasonMissing):
        await office.answer("sending_review", COLLEAGUE, "reply")
    await office.answer("sending_review", COLLEAGUE, "reply", "业务骨干，建议同意")
    assert [letter.person for letter in await office.letters("opinion_given")] == [HEAD]
    assert (await office.case(CASE)).state == "open"
    await office.answer("sending_review", HEAD, "agree")
    await office.stands(CASE, "matched")
    assert await office.rows(select(DecisionRow.choice).order_by(DecisionRow.decided_at)) == ["reply", "agree"]
    assert "seat_added" in names(await office.file_of(CASE))


async def test_an_opinion_that_nobody_gave_holds_nothing_up(office: Office, pack: Pack) -> None:
    await ask(office, pack, "sending_review")
    await beside(office, "consulted")
    await office.answer("sending_review", HEAD, "agree")
    await office.stands(CASE, "matched")
    assert await office.rows(select(SeatRow.open)) == [False, False]


async def test_who_signs_before_is_waited_for_and_decides_nothing(office: Office, pack: Pack) -> None:
    await ask(office, pack, "sending_review")
    await beside(office, "signs_before")
    with pytest.raises(NotCounted) as early:
        await office.answer("sending_review", HEAD, "agree")
    assert early.value.facts["refusal"] == "NotYetYourTurn"
    with pytest.raises(ChoiceUnknown):
        await office.answer("sending_review", COLLEAGUE, "reject", "本人在哺乳期")
    with pytest.raises(ReasonMissing):
        await office.answer("sending_review", COLLEAGUE, "decline_to_sign")
    await office.answer("sending_review", COLLEAGUE, "decline_to_sign", "科室人手不足")
    assert (await office.case(CASE)).state == "open"
    await office.answer("sending_review", HEAD, "agree")
    await office.stands(CASE, "matched")


async def test_who_signs_after_is_asked_only_once_the_head_has_agreed(office: Office, pack: Pack) -> None:
    await ask(office, pack, "sending_review")
    await beside(office, "signs_after")
    assert [letter.person for letter in await office.letters("task")] == [HEAD]
    await office.answer("sending_review", HEAD, "agree")
    row, _ = await office.asked("sending_review", COLLEAGUE)
    assert (row.id, (await office.case(CASE)).state) == (T1, "open")
    assert (await office.letters("task"))[-1].person == COLLEAGUE
    await office.answer("sending_review", COLLEAGUE, "sign")
    await office.stands(CASE, "matched")


async def test_who_does_not_sign_after_the_head_has_the_head_asked_anew(office: Office, pack: Pack) -> None:
    await ask(office, pack, "sending_review")
    await beside(office, "signs_after")
    await office.answer("sending_review", HEAD, "agree")
    await office.answer("sending_review", COLLEAGUE, "decline_to_sign", "科室人手不足")
    row, revision = await office.asked("sending_review", HEAD)
    assert (row.id, revision) == (T1, 2)
    await office.answer("sending_review", HEAD, "reject", "科室人手不足")
    await office.stands(CASE, "rejected")


async def test_a_signer_taken_back_lets_what_the_others_said_count(office: Office, pack: Pack) -> None:
    await ask(office, pack, "sending_review")
    await beside(office, "signs_after")
    await office.answer("sending_review", HEAD, "agree")
    await office.act("recall_seat", HEAD, CASE, task=T1, taker=COLLEAGUE)
    await office.stands(CASE, "matched")


async def test_a_signer_whose_role_ends_is_waited_for_no_longer_and_nobody_stands_in(
    office: Office, pack: Pack
) -> None:
    await ask(office, pack, "sending_review")
    await beside(office, "signs_after")
    await office.answer("sending_review", HEAD, "agree")
    await office.asked("sending_review", COLLEAGUE)
    await ends(office, COLLEAGUE, "R-03", HOSPITAL)
    await office.stands(CASE, "matched")
    assert await office.rows(select(DecisionRow.person)) == [HEAD]
    assert await office.letters("vacancy_alert") == []


async def test_an_opinion_does_not_answer_for_a_step_that_nobody_holds(office: Office, pack: Pack) -> None:
    await ends_unsaid(office, "p-bureau-leader", "R-10")
    await ask(office, pack, "sending_review")
    await beside(office, "consulted")
    await office.answer("sending_review", COLLEAGUE, "reply", "可以")
    await ends(office, HEAD, "R-04", HOSPITAL)
    row = await office.seen(select(TaskRow).where(TaskRow.vacant))
    await office.act("hand_over", "p-monitor", CASE, task=row.id, words="指定办理", taker="p-h2-head")
    await office.answer("sending_review", "p-h2-head", "agree")
    await office.stands(CASE, "matched")


async def test_who_was_asked_beside_hands_it_to_nobody(office: Office, pack: Pack) -> None:
    await ask(office, pack, "for_chain")
    await beside(office, "consulted", SECTION, by=CLERK)
    with pytest.raises((NotYourTask, NotForYou)):
        await office.act("hand_over", SECTION, CASE, task=T1, words="出差", taker=LEADER)


async def test_reminders_reach_who_is_asked_and_who_waits(office: Office, pack: Pack) -> None:
    await ask(office, pack, "sending_review")
    await beside(office, "consulted")
    await office.days_pass(6)
    reminded = {letter.person for letter in await office.letters("reminder")}
    assert reminded == {HEAD, COLLEAGUE}


async def test_only_who_has_to_answer_asks_others_and_never_the_person_or_somebody_seated(
    office: Office, pack: Pack
) -> None:
    await ask(office, pack, "sending_review")
    with pytest.raises(NotYourTask):
        await beside(office, "consulted", HEAD, by=COLLEAGUE)
    with pytest.raises((OwnCase, TakerUnfit)):
        await beside(office, "consulted", "p-doctor")
    with pytest.raises(TakerUnfit):
        await beside(office, "consulted", HEAD)
    with pytest.raises(ReasonMissing):
        await office.act("add_seat", HEAD, CASE, task=T1, words=" ", taker=COLLEAGUE, how="consulted")
    with pytest.raises(SignerUnfit):
        await beside(office, "decides_alone")
    assert await office.rows(select(SeatRow.person)) == [HEAD]


async def test_who_was_consulted_may_ask_nobody_else(office: Office, pack: Pack) -> None:
    await ask(office, pack, "for_chain")
    await beside(office, "consulted", SECTION, by=CLERK)
    with pytest.raises(NotYourTask):
        await beside(office, "signs_before", LEADER, by=SECTION)


async def test_who_was_only_asked_for_an_opinion_still_decides_at_a_later_step(office: Office, pack: Pack) -> None:
    await ask(office, pack, "for_chain")
    await beside(office, "consulted", SECTION, by=CLERK)
    await office.answer("for_chain", SECTION, "reply", "可以")
    await office.answer("for_chain", CLERK, "agree")
    await office.answer("for_chain", SECTION, "agree")
    await office.answer("for_chain", LEADER, "agree")
    await office.stands(CASE, "matched")


async def test_who_gets_a_copy_is_told_and_asked_nothing(office: Office, pack: Pack) -> None:
    await ask(office, pack, "sending_review")
    await office.act("copy", HEAD, CASE, task=T1, words="知悉", taker=COLLEAGUE)
    assert [letter.person for letter in await office.letters("copied")] == [COLLEAGUE]
    assert await office.rows(select(SeatRow.person).where(SeatRow.open)) == [HEAD]
    with pytest.raises(NotYourTask):
        await office.decisions.answer(Answer("copied", T1, COLLEAGUE, 1, "agree"))
    await office.answer("sending_review", HEAD, "agree")
    await office.stands(CASE, "matched")


async def back(office: Office, person: str, step: int, *, straight: bool) -> None:
    row, revision = await office.asked("for_chain", person)
    await office.tell_time()
    answer = Answer(office.request(), row.id, person, revision, "send_back", "请补充", back_to=step, straight=straight)
    await office.recorded((await office.decisions.answer(answer)).request)


@pytest.mark.parametrize(("straight", "steps"), [(False, [0, 1, 2, 0, 1, 2]), (True, [0, 1, 2, 0, 2])])
async def test_a_chain_goes_back_to_the_clerk_and_through_the_path_or_straight_to_the_leader(
    office: Office, pack: Pack, *, straight: bool, steps: list[int]
) -> None:
    await ask(office, pack, "for_chain")
    await office.answer("for_chain", CLERK, "agree")
    await office.answer("for_chain", SECTION, "agree")
    await back(office, LEADER, 0, straight=straight)
    await office.answer("for_chain", CLERK, "agree")
    if not straight:
        await office.answer("for_chain", SECTION, "agree")
    await office.answer("for_chain", LEADER, "agree")
    await office.stands(CASE, "matched")
    assert await office.rows(select(DecisionRow.step).order_by(DecisionRow.decided_at)) == steps
    assert "back_to" not in (await office.rows(select(TaskRow.refs)))[0]


async def test_nothing_goes_back_to_the_step_where_it_is(office: Office, pack: Pack) -> None:
    await ask(office, pack, "for_chain")
    await office.answer("for_chain", CLERK, "agree")
    with pytest.raises(NotCounted) as refused:
        await back(office, SECTION, 1, straight=False)
    assert refused.value.facts["refusal"] == StepUnknown.__name__
