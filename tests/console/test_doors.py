"""Coming in by a mailed link, and going out."""

import pytest
from sqlalchemy import select

from db.engine.access import SessionRow
from db.engine.post import LetterRow
from tests.builders.county import settle_county
from tests.console.conftest import Town

ADDRESS = "p-h1-head@deqing.test"


@pytest.fixture(autouse=True)
async def county(quiet_town: Town) -> None:
    await settle_county(quiet_town.record)


async def test_the_answer_tells_nobody_whether_an_address_is_known(quiet_town: Town) -> None:
    known = await quiet_town.browser().post("/sign-in", {"address": ADDRESS})
    unknown = await quiet_town.browser().post("/sign-in", {"address": "nobody@deqing.test"})
    assert known.text == unknown.text
    assert await quiet_town.all_of(select(LetterRow.person)) == ["p-h1-head"]


async def test_only_the_post_of_the_page_signs_in_and_only_once(quiet_town: Town) -> None:
    browser = quiet_town.browser()
    await browser.post("/sign-in", {"address": ADDRESS, "next": "/monitor"})
    path = f"/s/{await quiet_town.link('p-h1-head', 'sign_in')}"
    for _ in range(3):
        assert (await browser.get(path)).status == 200
    assert await quiet_town.all_of(select(SessionRow.person)) == []
    answer = await browser.post(path, {}, follow=False)
    assert (answer.status, answer.headers["location"]) == (303, "/monitor")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert (await browser.get("/tasks")).status == 200
    assert (await quiet_town.browser().post(path, {})).status == 410


async def test_a_link_older_than_a_quarter_of_an_hour_is_no_longer_good(quiet_town: Town) -> None:
    browser = quiet_town.browser()
    await browser.post("/sign-in", {"address": ADDRESS})
    path = f"/s/{await quiet_town.link('p-h1-head', 'sign_in')}"
    quiet_town.clock.move(minutes=16)
    assert (await browser.post(path, {})).status == 410
    assert await quiet_town.all_of(select(SessionRow.person)) == []


async def test_an_address_gets_a_few_letters_an_hour(quiet_town: Town) -> None:
    for _ in range(8):
        await quiet_town.browser().post("/sign-in", {"address": ADDRESS})
    assert len(await quiet_town.all_of(select(LetterRow.id))) == 5
    quiet_town.clock.move(hours=1, seconds=1)
    await quiet_town.browser().post("/sign-in", {"address": ADDRESS.upper()})
    assert len(await quiet_town.all_of(select(LetterRow.id))) == 6


@pytest.mark.parametrize("wanted", ["https://evil.test/", "//evil.test", "/\\evil.test", "javascript:alert(1)"])
async def test_signing_in_never_leads_to_another_site(quiet_town: Town, wanted: str) -> None:
    browser = quiet_town.browser()
    await browser.post("/sign-in", {"address": ADDRESS, "next": wanted})
    path = f"/s/{await quiet_town.link('p-h1-head', 'sign_in')}"
    assert (await browser.post(path, {}, follow=False)).headers["location"] == "/tasks"


async def test_signing_out_ends_the_session_for_every_copy_of_the_cookie(quiet_town: Town) -> None:
    browser = await quiet_town.as_person("p-h1-head")
    copy = browser.http.cookies["pinyong"]
    await browser.post("/sign-out", {})
    assert await quiet_town.desks.sessions.person_of(copy) is None


async def test_a_session_ends_by_itself(quiet_town: Town) -> None:
    browser = await quiet_town.as_person("p-h1-head")
    quiet_town.clock.move(hours=12)
    assert (await browser.get("/tasks", follow=False)).status == 303


async def test_only_sample_people_can_be_acted_as(quiet_town: Town) -> None:
    assert (await quiet_town.browser().post("/act-as", {"person": "p-h1-head"}, follow=False)).status == 404
    await quiet_town.make_sample("p-h1-head")
    assert (await quiet_town.browser().post("/act-as", {"person": "p-h1-head"}, follow=False)).status == 303


async def test_who_is_not_signed_in_is_led_back_to_the_page_they_wanted(quiet_town: Town) -> None:
    answer = await quiet_town.browser().get("/monitor?overdue=1", follow=False)
    assert answer.headers["location"] == "/sign-in?next=%2Fmonitor%3Foverdue%3D1"
