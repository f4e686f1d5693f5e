"""The page on which people say who answers for them while they are away."""

from datetime import timedelta

from sqlalchemy import select

from db.engine.deputies import DeputyRow
from db.engine.tasks import DecisionRow
from policies.engine.calendar import CHINA
from tests.console.conftest import Town

HEAD, DEPUTY = "p-h1-head", "p-h1-hr"


def wanted(town: Town, **more: str) -> dict[str, str]:
    today = town.clock.now().astimezone(CHINA).date()
    days = {"first_day": today.isoformat(), "last_day": (today + timedelta(days=2)).isoformat()}
    return {"deputy": DEPUTY, "reason": "外出学习", **days, **more}


async def test_a_head_enters_a_deputy_who_decides_for_them_and_the_page_says_so(town: Town) -> None:
    head = await town.as_person(HEAD)
    page = await head.post("/deputies", wanted(town))
    assert "代办中" in page.text
    assert "外出学习" in page.text
    task = await town.enquire()
    asked = await (await town.as_person(DEPUTY)).get(f"/tasks/{task}")
    assert "（代陆永康办理）" in asked.text
    letter = await town.browser().get(f"/d/{await town.link(DEPUTY)}")
    assert "（代陆永康办理）" in letter.text
    await town.browser().decide(f"/d/{await town.link(DEPUTY)}", "agree")
    decided = await town.seen(select(DecisionRow))
    assert (decided.person, decided.on_behalf_of) == (DEPUTY, HEAD)
    assert "（代陆永康办理）" in (await head.get(f"/cases/{task.rsplit('.', 1)[0]}")).text


async def test_what_is_wrong_is_said_and_nothing_typed_is_lost(town: Town) -> None:
    head = await town.as_person(HEAD)
    early = await head.post("/deputies", wanted(town, first_day="2020-01-01"))
    assert (early.status, "不早于今天" in early.text) == (422, True)
    assert early.one('textarea[name="reason"]').text == "外出学习"
    unsigned = await (await town.as_person(DEPUTY)).post("/deputies?lang=en", wanted(town, person=HEAD))
    assert unsigned.status == 422
    assert await town.all_of(select(DeputyRow.id)) == []


async def test_another_house_sees_nothing_of_it(town: Town) -> None:
    await (await town.as_person("p-t1-head")).post("/deputies", wanted(town, deputy="p-t1-hr"))
    assert await town.all_of(select(DeputyRow.deputy)) == ["p-t1-hr"]
    stranger = await (await town.as_person(HEAD)).get("/deputies")
    assert "外出学习" not in stranger.text
