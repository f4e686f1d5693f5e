"""The check before an associate-senior title: a warning that stops nothing, claims that people confirm, an exception
with reason and evidence (DQ-3.1.1a, COR-15, DEF-10, AS-38).
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from activities.credit import credit_service
from activities.engine.casebook import Casebook
from activities.engine.scene import Scene
from db.credit import ServiceCredit
from db.engine.base import Sessions
from db.engine.cases import CaseFile, FindingRow
from db.engine.opening import NewCase, OneOpenCase, open_case
from db.engine.packs import PackShelf
from db.engine.tasks import TaskRow
from policies.engine.pack import Pack
from policies.promotion import PromotionFacts, Served, service_suffices
from services.credits import Claim, PromotionCheck
from services.facts import PersonUnknown
from services.field_problems import FactsRefused
from tests.builders.county import HOSPITAL
from tests.conftest import StandingClock
from tests.workflows.earner import Earner
from tests.workflows.office import LIFECYCLES, Office, opened_office
from tests.workflows.promotions import (
    ELEVEN,
    TITLES,
    answered,
    checked,
    claim,
    confirmed,
    excepted,
    settle_title_office,
)
from vault.keyring import Keyring

HALF = (date(2037, 1, 1), date(2037, 6, 30))


@pytest.fixture
async def titles(office: Office) -> Office:
    await settle_title_office(office.record)
    return office


async def earn(scene: Scene, _refs: Mapping[str, str]) -> str:
    """What the end of a term will write."""
    facts = scene.case.facts
    first, last = (date.fromisoformat(facts[name]) for name in ("first_day", "last_day"))
    person, by = facts["person"], "p-bureau-officer"
    return await credit_service(scene, person=person, first_day=first, last_day=last, confirmed_by=by)


class Earning(Casebook):
    """Knows one more write."""

    def __init__(self, sessions: Sessions, keyring: Keyring, **parts: Any) -> None:
        super().__init__(sessions, keyring, **{**parts, "effects": {**parts["effects"], "earn": earn}})


async def ended(office: Office, case: str) -> str:
    return str(await office.seen(select(CaseFile.outcome).where(CaseFile.id == case, CaseFile.state == "closed")))


async def test_as38_eleven_months_warn_with_override_and_reason_and_stop_nothing(titles: Office) -> None:
    await claim(titles, "p-doctor", *ELEVEN)
    case = await checked(titles)
    await confirmed(titles, case)
    task = await titles.open_task("promotion_exception", TITLES, case=case)
    assert (await titles.case(case)).stage == "service_short"
    findings = await titles.rows(select(FindingRow.finding).where(FindingRow.case_id == case).order_by(FindingRow.id))
    finding = findings[-1]
    assert (finding["outcome"], finding["effect"], finding["figures"]["months_at_least"]) == ("short", "warn", 11)
    assert "原则上" in finding["quote"]
    for words in ("是否属法定要求待确认", "例外由职称部门特批"):
        assert words in finding["explanation"]["zh"]
    (warning,) = await titles.letters("outcome", what="promotion_warned")
    assert warning.person == "p-doctor"
    with pytest.raises(FactsRefused) as refused:
        await answered(titles, case, "promotion_exception", "grant_exception")
    assert [(one.field, one.code) for one in refused.value.problems] == [("attachment", "evidence_missing")]
    await titles.days_pass(60)
    assert (await titles.open_task("promotion_exception", TITLES, case=case)).id == task.id
    assert (await titles.case(case)).state == "open"
    await excepted(titles, case)
    assert await ended(titles, case) == "exception_granted"
    assert not await titles.damage()


async def test_the_title_office_may_let_the_warning_stand(titles: Office) -> None:
    case = await checked(titles)
    await answered(titles, case, "promotion_exception", "let_warning_stand")
    assert await ended(titles, case) == "warning_stands"
    (letter,) = await titles.letters("outcome", what="promotion_warning_stands")
    assert letter.person == "p-doctor"


async def test_a_year_of_credited_service_asks_nobody(titles: Office) -> None:
    await claim(titles, "p-doctor", date(2038, 1, 1), date(2038, 12, 31))
    first = await checked(titles)
    await confirmed(titles, first)
    assert await ended(titles, first) == "gate_met"
    case = await checked(titles)
    assert await ended(titles, case) == "gate_met"
    assert not await titles.rows(select(TaskRow).where(TaskRow.case_id == case))
    other = await checked(titles, "p-doctor-2", "full_senior")
    assert await ended(titles, other) == "gate_met"


async def test_cor15_earlier_service_counts_once_the_title_office_has_confirmed_it(titles: Office) -> None:
    await claim(titles, "p-doctor", *HALF)
    await confirmed(titles, await checked(titles))
    await titles.act("withdraw", "p-doctor", await titles.case_of("p-doctor"), words="另有材料")
    counted = await claim(titles, "p-doctor", date(2036, 1, 1), date(2036, 6, 30))
    refused = await claim(titles, "p-doctor", date(2035, 1, 1), date(2035, 12, 31), "other")
    case = await checked(titles)
    await titles.open_task("confirm_service", TITLES, case=case)
    for wrong, problem in (
        ([], ("verdicts", "claim_verdict_missing")),
        ([{"case": counted, "verdict": "counted"}], ("verdicts", "claim_verdict_missing")),
        (
            [{"case": counted, "verdict": "counted"}, {"case": refused, "verdict": "not_counted"}],
            ("verdicts-1-reason", "missing"),
        ),
    ):
        with pytest.raises(FactsRefused) as found:
            await answered(titles, case, "confirm_service", "settle_claims", form={"verdicts": wrong})
        assert [(one.field, one.code) for one in found.value.problems] == [problem]
    verdicts = [
        {"case": counted, "verdict": "counted"},
        {"case": refused, "verdict": "not_counted", "reason": "村卫生室坐诊不足半天"},
    ]
    await answered(titles, case, "confirm_service", "settle_claims", form={"verdicts": verdicts})
    assert await ended(titles, case) == "gate_met"
    rows = {row.id: row for row in await titles.rows(select(ServiceCredit))}
    assert (rows[counted].verdict, rows[counted].confirmed_by, rows[counted].case_id) == ("counted", TITLES, case)
    assert rows[refused].verdict == "not_counted"
    outcomes = await titles.rows(select(FindingRow.outcome).where(FindingRow.case_id == case).order_by(FindingRow.id))
    assert outcomes == [None, "reached"]
    assert not await titles.damage()
    async with titles.record.begin() as session:
        (await session.get_one(ServiceCredit, counted)).last_day = date(2036, 12, 31)
    assert len(await titles.damage()) == 1


async def test_odd_days_of_several_stretches_are_asked_and_not_guessed(titles: Office) -> None:
    await claim(titles, "p-doctor", date(2037, 1, 1), date(2037, 6, 15))
    await claim(titles, "p-doctor", date(2037, 8, 1), date(2038, 2, 15))
    for number, (choice, end) in enumerate((("makes_a_year", "gate_met"), ("makes_no_year", "warning_stands"))):
        case = await checked(titles)
        if number == 0:
            await confirmed(titles, case)
        await answered(titles, case, "settle_odd_days", choice)
        if end == "warning_stands":
            await answered(titles, case, "promotion_exception", "let_warning_stand")
        assert await ended(titles, case) == end


def test_a_day_that_two_stretches_claim_counts_once(dq_a: Pack) -> None:
    twice = (Served(date(2037, 1, 1), date(2037, 8, 31)), Served(date(2037, 3, 1), date(2037, 8, 31)))
    finding = service_suffices(PromotionFacts("associate_senior", twice), dq_a)
    assert (finding.outcome, finding.figures["months_at_least"]) == ("short", 8)
    followed = (Served(date(2037, 1, 1), date(2037, 6, 15)), Served(date(2037, 6, 16), date(2037, 12, 31)))
    assert service_suffices(PromotionFacts("associate_senior", followed), dq_a).outcome == "reached"


async def test_the_person_may_take_the_check_back_and_ask_again(titles: Office) -> None:
    case = await checked(titles)
    await titles.open_task("promotion_exception", TITLES, case=case)
    with pytest.raises(OneOpenCase):
        await checked(titles)
    await titles.act("withdraw", "p-doctor", case, words="明年再申报")
    assert await ended(titles, case) == "withdrawn"
    again = await checked(titles)
    assert again != case
    await titles.open_task("promotion_exception", TITLES, case=again)


async def test_the_same_number_is_one_check_and_one_claim(titles: Office) -> None:
    """EXC-14, COR-03."""
    first = await checked(titles, number="hr-1")
    assert await checked(titles, number="hr-1") == first
    facts = Claim("p-doctor", "tibet", *HALF, "派至那曲", "德卫7号", number="hr-2")
    for _ in range(2):
        await titles.credits.claim(facts, by="hr")
    assert len(await titles.rows(select(ServiceCredit))) == 1


async def test_what_cannot_be_is_not_kept(titles: Office) -> None:
    await titles.tell_time()
    good = {"kind": "abroad", "first_day": HALF[0], "last_day": HALF[1], "source": "援外医疗队", "evidence": "外派函"}
    for wrong, problem in (
        ({"kind": "this_plan"}, ("kind", "choice_unknown")),
        ({"last_day": date(2036, 1, 1)}, ("last_day", "service_order")),
        ({"last_day": date(2041, 1, 1)}, ("last_day", "date_future")),
        ({"evidence": " "}, ("evidence", "missing")),
    ):
        with pytest.raises(FactsRefused) as refused:
            await titles.credits.claim(Claim("p-doctor", **{**good, **wrong}), by="test")  # type: ignore[arg-type]
        assert [(one.field, one.code) for one in refused.value.problems] == [problem]
    with pytest.raises(PersonUnknown):
        await titles.credits.claim(Claim("p-nobody", **good), by="test")  # type: ignore[arg-type]
    with pytest.raises(FactsRefused):
        await titles.credits.start(PromotionCheck("dq-a", "p-doctor", "intermediate"), by="test")
    assert not await titles.rows(select(ServiceCredit))


async def test_without_a_title_office_the_bureaus_leader_is_asked_and_hr_is_told(office: Office) -> None:
    """DEF-23."""
    case = await checked(office)
    task = await office.open_task("promotion_exception", "p-bureau-deputy", case=case)
    assert task.vacant


async def test_a_term_enters_its_own_service_in_one_way(
    county: Sessions, keyring: Keyring, clock: StandingClock, shelf: PackShelf, dq_a: Pack
) -> None:
    workflows = [*LIFECYCLES, Earner]
    office_with = {"workflows": workflows, "casebook": Earning}
    async with opened_office(county, keyring, clock=clock, shelf=shelf, **office_with) as office:  # type: ignore[arg-type]
        facts = {"person": "p-doctor", "first_day": "2038-01-01", "last_day": "2038-12-31"}
        async with office.record.begin() as session:
            new = NewCase("earner.1", "Earner", dq_a, (), facts, institution=HOSPITAL, subject="p-doctor")
            await open_case(session, new, at=office.clock.now())
        await office.delivery.start("earner.1")
        assert await ended(office, "earner.1") == "archived"
        case = await checked(office)
        assert await ended(office, case) == "gate_met"
        (row,) = await office.rows(select(ServiceCredit))
        assert (row.kind, row.verdict, row.case_id) == ("this_plan", "counted", "earner.1")
        assert any("service_credit" in json.loads(body).get("rows", {}) for body in await office.file_of("earner.1"))
        assert not await office.damage()
