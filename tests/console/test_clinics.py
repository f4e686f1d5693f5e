"""The pages of regular clinics (DQ-3.1.1c)."""

from datetime import timedelta

from sqlalchemy import select

from db.engine.cases import CaseFile
from policies.engine.calendar import CHINA
from tests.builders.county import HOSPITAL
from tests.console.conftest import Town
from tests.workflows.clinics import settle_gps, turn_on


async def test_the_sheet_says_that_the_option_is_off_and_nobody_else_opens_it(town: Town) -> None:
    await town.office.tell_time()
    page = await (await town.as_person("p-coordinator")).get("/clinics/new")
    assert (page.status, "启用后才能办理" in page.text, page.html.select("form.clinics")) == (200, True, [])
    for person in ("p-h1-head", "p-bureau-officer", "p-doctor"):
        assert (await (await town.as_person(person)).get("/clinics/new")).status == 403


async def test_clinics_are_proposed_and_agreed_on_the_pages(town: Town) -> None:
    await settle_gps(town.record)
    await turn_on(town.record, town.pack, town.clock)
    await town.office.tell_time()
    browser = await town.as_person("p-coordinator")
    fields = (await browser.get("/clinics/new")).fields("form.clinics")
    first = town.clock.now().astimezone(CHINA).date() + timedelta(days=14)
    given = {"person": "p-gp", "hospital": HOSPITAL, "first_day": first.isoformat()}
    wrong = await browser.post("/clinics", {**fields, **given, "person": "p-doctor", "clinics": "许多"})
    assert (wrong.status, "不是取得高级职称" in wrong.text) == (422, True)
    for _ in range(2):
        assert (await browser.post("/clinics", {**fields, **given})).status == 200
    (case,) = await town.all_of(select(CaseFile.id))
    task = await town.office.open_task("agree_clinics_hospital", "p-h1-head", case=case)
    head = await town.as_person("p-h1-head")
    page = await head.get(f"/tasks/{task.id}")
    assert "德清县人民医院" in page.text
    assert "3月19日" in page.text
    assert (await head.decide(f"/tasks/{task.id}", "agree")).status == 200
    group = await town.office.open_task("agree_clinics_group", "p-coordinator", case=case)
    assert (await browser.decide(f"/tasks/{group.id}", "agree")).status == 200
    await town.office.stands(case, "clinics_running")
