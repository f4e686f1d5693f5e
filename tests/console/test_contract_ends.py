"""The pages of a contract's end: the sheet on which a ground is raised, its clock, the forms of its tasks."""

from datetime import timedelta

from tests.console.conftest import Page, Town
from tests.workflows.contract_ends import confirmed, found, today, with_banner


async def page_of(town: Town, person: str, path: str) -> Page:
    return await (await town.as_person(person)).get(path)


async def test_the_employer_raises_a_ground_and_reads_its_clock(town: Town) -> None:
    office = town.office
    contract = await with_banner(office)
    browser = await town.as_person("o-h1-hr")
    sheet = await browser.get(f"/contract-ends/new?contract={contract}")
    assert "用人单位保障条件不落实" in sheet.text
    fields = sheet.fields("form.raise") | {"ground": "h", "words": "设备未到位"}
    wrong = await browser.post("/contract-ends", fields | {"learned_on": ""})
    assert (wrong.status, wrong.one("textarea[name=words]").text.strip()) == (422, "设备未到位")
    learned = today(office) - timedelta(days=10)
    page = await browser.post("/contract-ends", fields | {"learned_on": learned.isoformat()})
    assert "至今10天" in page.text
    again = await browser.post("/contract-ends", fields | {"learned_on": learned.isoformat()})
    assert again.one("p.from .number").text == page.one("p.from .number").text
    assert (await page_of(town, "o-h2-hr", f"/contract-ends/new?contract={contract}")).status == 403


async def test_every_task_of_a_termination_shows_the_ground_the_figure_and_the_deadline(town: Town) -> None:
    office = town.office
    contract = await with_banner(office)
    case = await found(office, contract)
    task = await office.open_task("confirm_ground", "o-h1-hr", case=case)
    page = await page_of(town, "o-h1-hr", f"/tasks/{task.id}")
    assert "69.90%" in page.text
    assert "工作时间不及合同约定的70%" in page.text
    assert "2040年6月5日" in page.text
    await confirmed(office, case)
    task = await office.open_task("expert_recommendation", "o-expert", case=case)
    page = await page_of(town, "o-expert", f"/tasks/{task.id}")
    assert "情形属实" in page.text
    path = await page_of(town, "o-officer", f"/contract-ends/{case}")
    assert "用人单位尚未决定" in path.text
    assert (await page_of(town, "o-h3-hr", f"/contract-ends/{case}")).status == 404
