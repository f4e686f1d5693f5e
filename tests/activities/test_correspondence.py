"""What stands in a letter: the words of the pack, the link, and no personal name but the addressee's."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

import policies.engine.refusals as said_no
from activities.engine.correspondence import SIGN_IN
from activities.engine.courier import Courier
from activities.engine.refusal_words import WHY
from db.engine.base import Sessions
from db.engine.people import Institution, Person
from db.engine.tasks import DecisionRow, InboxRow, TaskRow
from mail.links import token
from policies.engine.pack import Pack
from tests.activities.desk import (
    BASE_URL,
    CASE,
    TASK,
    Town,
    a_courier,
    a_town,
    ask_head,
    link_of,
    sent_by,
    write_letter,
)
from tests.builders.county import DOCTORS, OFFICIALS, settle_county
from tests.conftest import MONDAY, StandingClock
from vault.keyring import Keyring, Purpose

HAN = re.compile(r"[\u4e00-\u9fff]+")
WORDS = "床位不足,本季度无法接收"


@dataclass
class Desk:
    record: Sessions
    keyring: Keyring
    courier: Courier
    town: Town

    async def write(self, kind: str, **more: Any) -> str:
        """The text of a letter that was written, sent and read."""
        link = bool(more.pop("link", kind in ("task", "reminder", "urge")))
        await write_letter(self.record, self.keyring, "enquiry.1.9.l0", kind=kind, link=link, **more)
        await sent_by(self.courier)
        return self.town.text()

    @property
    def subject(self) -> str:
        return str(self.town.taken[-1][1]["Subject"])


@pytest.fixture
async def desk(record: Sessions, keyring: Keyring, clock: StandingClock, stored_pack: Pack) -> AsyncIterator[Desk]:
    await settle_county(record)
    await ask_head(record, stored_pack)
    async with record.begin() as session:
        await session.execute(
            update(Institution)
            .where(Institution.code == "dq-jt1")
            .values(contact_name="人力资源部", contact_phone="0572-8001122", name_en="Wukang Health Group")
        )
    async with a_town() as town:
        yield Desk(record, keyring, a_courier(record, keyring, town.port, clock=clock), town)


async def speaks_english(record: Sessions, person: str) -> None:
    async with record.begin() as session:
        await session.execute(update(Person).where(Person.id == person).values(language="en"))


async def decide(record: Sessions, choice: str = "reject", *, channel: str = "page") -> None:
    async with record.begin() as session:
        session.add(
            DecisionRow(
                request="r1",
                case_id=CASE,
                task_id=TASK,
                revision=1,
                step=0,
                person="p-h1-head",
                role="R-04",
                choice=choice,
                channel=channel,
                words=WORDS,
                form={},
                late=False,
                decided_on=MONDAY.date(),
                received_at=MONDAY,
                decided_at=MONDAY,
            )
        )


async def test_a_task_letter_says_who_asks_what_in_which_role_until_when_and_whom_to_call(
    desk: Desk, keyring: Keyring
) -> None:
    text = await desk.write("task")
    assert text.startswith("陆院长：")
    for fact in (
        "武康健康保健集团请您办理下列事项",
        "派出单位审核",
        "本院人员报名到基层服务,须派出单位与接收单位双方同意,请审核。",
        "县级医院负责人",
        "德清县人民医院",
        "县聘乡用",
        CASE,
        "3月6日(周五)24时前",
        "人力资源部",
        "0572-8001122",
        link_of(keyring, "enquiry.1.9.l0"),
    ):
        assert fact in text
    assert "暂按推算" not in text


async def test_a_task_letter_in_english_has_no_chinese_but_names(desk: Desk) -> None:
    await speaks_english(desk.record, "p-h1-head")
    text = await desk.write("task")
    assert "Review by the sending institution" in text
    assert "Wukang Health Group" in text
    assert set(HAN.findall(text)) <= {"陆永康", "德清县人民医院", "人力资源部"}


async def test_no_letter_names_anybody_but_its_addressee(desk: Desk) -> None:
    await decide(desk.record)
    kinds: dict[str, dict[str, Any]] = {
        "task": {},
        "escalation": {"person": "p-bureau-leader"},
        "vacancy_alert": {"person": "p-monitor"},
        "outcome": {"person": "p-coordinator", "details": {"what": "returned_twice", "side": "sending_review"}},
        "received_refused": {"details": {"refusal": "TaskClosed"}},
        "seat_ended": {},
    }
    for number, (kind, more) in enumerate(kinds.items()):
        await write_letter(desk.record, desk.keyring, f"enquiry.1.9.l{number}", kind=kind, link=kind == "task", **more)
    await sent_by(desk.courier)
    names = {name for person, name, *_ in (*OFFICIALS, *DOCTORS)}
    assert len(desk.town.taken) == len(kinds)
    for number, (address, message) in enumerate(desk.town.taken):
        own = next(name for person, name, *_ in OFFICIALS if address.startswith(f"{person}@"))
        read = desk.town.text(number) + str(message["Subject"])
        assert not {name for name in names - {own} if name in read}


async def test_a_provisional_deadline_says_so(desk: Desk) -> None:
    async with desk.record.begin() as session:
        await session.execute(update(TaskRow).where(TaskRow.id == TASK).values(due_basis="provisional"))
    assert "暂按推算" in await desk.write("task")


async def test_a_reminder_follows_the_first_letter(desk: Desk) -> None:
    await write_letter(desk.record, desk.keyring, "enquiry.1.1.l0")
    await sent_by(desk.courier)
    await desk.write("reminder")
    assert desk.town.taken[-1][1]["In-Reply-To"] == "<enquiry.1.1.l0@pinyong.test>"


async def test_an_escalation_says_whose_turn_it_is_and_leads_to_the_case(desk: Desk) -> None:
    text = await desk.write("escalation", person="p-bureau-leader")
    assert "德清县人民医院县级医院负责人" in text
    assert f"{BASE_URL}/cases/{CASE}" in text
    assert "/d/" not in text


async def test_an_outcome_may_lead_to_a_page_that_is_open_to_whoever_is_told(desk: Desk) -> None:
    details = {"what": "talent_call", "page": "/talents/talents.dq-b.dq-wjj.1"}
    text = await desk.write("outcome", person="p-doctor", details=details)
    assert f"{BASE_URL}/talents/talents.dq-b.dq-wjj.1" in text
    assert f"{BASE_URL}/cases/" not in text
    assert "可优先推荐您申报" in text


async def test_an_outcome_gives_the_decider_s_reason_to_the_person_concerned(desk: Desk) -> None:
    await decide(desk.record)
    details = {"what": "rejected_by_one_side", "side": "sending_review", "by_request": "r1", "post": "post.2026.3"}
    text = await desk.write("outcome", person="p-doctor", details=details, task_id=None)
    assert "未获同意(派出单位审核)" in text
    assert WORDS in text
    assert "post.2026.3" in text
    assert desk.subject.startswith("【结果】“县聘乡用”报名")


@pytest.mark.parametrize(("person", "reason"), [("p-doctor", WORDS), ("p-coordinator", "请见事项页面")])
async def test_the_reason_that_came_with_a_notice_goes_to_the_person_concerned_only(
    desk: Desk, person: str, reason: str
) -> None:
    row = InboxRow(request="n1", case_id=CASE, verb="notice", message={}, form={}, words=WORDS, received_at=MONDAY)
    async with desk.record.begin() as session:
        session.add(row)
    details = {"what": "post_closed", "post": "post.1", "by_request": "n1"}
    text = await desk.write("outcome", person=person, details=details, task_id=None)
    assert "所报岗位已取消" in text
    assert reason in text
    assert (WORDS in text) is (person == "p-doctor")


async def test_an_outcome_sends_anybody_else_to_the_page_for_the_reason(desk: Desk) -> None:
    await decide(desk.record)
    details = {"what": "returned_twice", "side": "sending_review", "by_request": "r1"}
    text = await desk.write("outcome", person="p-coordinator", details=details, task_id=None)
    assert WORDS not in text
    assert "请见事项页面" in text


async def test_a_decision_recorded_from_paper_is_told_to_its_signer(desk: Desk) -> None:
    await decide(desk.record, "agree", channel="paper")
    text = await desk.write("recorded_for_you", details={"by_request": "r1"})
    for fact in ("同意", "县级医院负责人", "2026年3月2日", f"{BASE_URL}/tasks/{TASK}"):
        assert fact in text


async def test_a_refused_answer_says_why_it_was_not_counted(desk: Desk) -> None:
    text = await desk.write("received_refused", details={"refusal": "TaskClosed"})
    assert "收到时该事项已办结或已撤回" in text
    assert f"{BASE_URL}/tasks/{TASK}" in text


async def test_a_sign_in_letter_carries_its_own_link_and_ends_with_it(
    desk: Desk, keyring: Keyring, clock: StandingClock
) -> None:
    until = MONDAY + timedelta(minutes=15)
    facts: dict[str, Any] = {
        "case_id": None,
        "task_id": None,
        "revision": 0,
        "details": {"valid_until": until.isoformat()},
    }
    text = await desk.write("sign_in", link=True, **facts)
    key = keyring.current(Purpose.LINK)
    secret = token(key, task="", person="p-h1-head", revision=0, purpose=SIGN_IN, letter="enquiry.1.9.l0")
    assert f"{BASE_URL}/s/{secret}" in text
    assert "2026年3月2日 09:15" in text

    clock.instant = until
    await write_letter(desk.record, keyring, "sign-in.late", kind="sign_in", at=MONDAY, **facts)
    await sent_by(desk.courier)
    assert len(desk.town.taken) == 1


async def test_a_letter_sent_after_a_rotation_keeps_the_link_that_was_stored(
    desk: Desk, keyring: Keyring, clock: StandingClock
) -> None:
    await write_letter(desk.record, keyring, "enquiry.1.9.l0")
    rotated = keyring.rotated(Purpose.LINK)
    await sent_by(a_courier(desk.record, rotated, desk.town.port, clock=clock))
    assert link_of(keyring, "enquiry.1.9.l0") in desk.town.text()


async def test_two_character_surnames_are_kept_whole(desk: Desk) -> None:
    async with desk.record.begin() as session:
        await session.execute(update(Person).where(Person.id == "p-h1-head").values(name="欧阳明"))
    assert (await desk.write("task")).startswith("欧阳院长：")


def test_every_refusal_of_a_case_has_its_words() -> None:
    refusals = {
        name
        for name, kind in vars(said_no).items()
        if isinstance(kind, type) and issubclass(kind, said_no.Refusal) and kind is not said_no.Refusal
    }
    assert refusals <= set(WHY)
    assert set(WHY) <= refusals
