"""The pages of a contract's end: the sheet on which a ground is raised, its clock, the forms of its tasks."""

from datetime import timedelta

from services.end_wishes import CauseWish, StopWish
from tests.builders.banner import settle_banner, settle_contract
from tests.console.conftest import Page, Town
from tests.official.printed import in_pdf, in_word
from tests.workflows.contract_ends import (
    applied,
    banner_pack,
    confirmed,
    decided,
    found,
    raised_by,
    today,
    verified,
    with_banner,
)


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
    task = await office.open_task("termination_application", "o-h1-leader", case=case)
    page = await page_of(town, "o-h1-leader", f"/tasks/{task.id}")
    assert "系统默认" not in page.one("dl.facts").text, "the three months are those of the text"
    path = await page_of(town, "o-officer", f"/contract-ends/{case}")
    assert "用人单位尚未决定" in path.text
    assert (await page_of(town, "o-h3-hr", f"/contract-ends/{case}")).status == 404


async def printed(town: Town, person: str, case: str, key: str) -> dict[str, str]:
    """The document three ways, each as its reader finds it."""
    browser = await town.as_person(person)
    path = f"/cases/{case}/documents/{key}"
    page = await browser.get(path)
    assert page.status == 200, path
    ways = {"page": "".join(page.one("article.official").text.split())}
    for name, read in (("pdf", in_pdf), ("docx", in_word)):
        ways[name] = read((await browser.http.get(f"{path}/file.{name}")).content)
    return ways


async def test_f30_and_f31_say_what_the_parties_recommend_and_why_the_employer_applies(town: Town) -> None:
    office = town.office
    contract = await with_banner(office)
    case = await found(office, contract)
    await confirmed(office, case)
    await office.answer("expert_recommendation", "o-expert", "other_comment", "路途不便", case=case)
    await applied(office, case, "连续两季度到岗不足")
    await office.open_task("termination_review", "o-officer", case=case)
    for text in (await printed(town, "o-h1-hr", case, "termination_recommendations")).values():
        assert all(word in text for word in ("终止合同建议书", "路途不便", "罗景行", "文号", "鄂托克旗人民医院"))
    for text in (await printed(town, "o-officer", case, "termination_application")).values():
        assert all(word in text for word in ("终止柔性引才合同申请书", "连续两季度到岗不足", "69.90%", "2040年6月5日"))
    assert (await page_of(town, "o-h2-hr", f"/cases/{case}/documents/termination_application")).status == 404


async def test_f32_notifies_the_rescission_and_reports_an_end_for_filing(town: Town) -> None:
    office = town.office
    contract = await with_banner(office)
    case = await raised_by(office, contract, "o-h1-hr", CauseWish("c", "病历造假"))
    await verified(office, case)
    await office.answer("expert_reply", "o-expert", "give_reply", "系录入错误", case=case)
    assert (await page_of(town, "o-h1-hr", f"/cases/{case}/documents/rescission_notice")).status == 404
    await decided(office, case, "rescind")
    await office.answer("ended_report", "o-h1-hr", "report_end", "报请备案", case=case)
    await office.open_task("ended_filing", "o-officer", case=case)
    for text in (await printed(town, "o-expert", case, "rescission_notice")).values():
        assert all(
            word in text for word in ("解除柔性引才合同通知书", "系录入错误", "经院务会研究", "有弄虚作假行为的")
        )
    for text in (await printed(town, "o-officer", case, "rescission_filing")).values():
        assert all(word in text for word in ("合同解除备案表", "报请备案", "备案不是审批"))
    stopped = await raised_by(office, contract, "o-h1-hr", StopWish("licence_lost", today(office), "资格被注销"))
    await office.answer("confirm_cannot_continue", "o-h1-leader", "cannot_continue", case=stopped)
    await office.open_task("ended_report", "o-h1-hr", case=stopped)
    for text in (await printed(town, "o-h1-hr", stopped, "cannot_continue_filing")).values():
        assert all(word in text for word in ("合同无法继续履行备案表", "执业资格丧失", "2040年3月5日"))


async def test_the_employer_raises_a_rescission_and_that_a_contract_cannot_go_on_on_the_same_sheet(town: Town) -> None:
    office = town.office
    contract = await with_banner(office)
    browser = await town.as_person("o-h1-leader")
    sheet = await browser.get(f"/contract-ends/new?contract={contract}")
    fields = sheet.fields("form.rescind")
    wrong = await browser.post("/contract-ends/rescission", fields | {"cause": "c", "words": ""})
    assert (wrong.status, "此项必须填写" in wrong.text) == (422, True)
    assert wrong.one("form.rescind").find_parent("details").has_attr("open")  # type: ignore[union-attr]
    page = await browser.post("/contract-ends/rescission", fields | {"cause": "c", "words": "病历造假"})
    assert "合同解除" in page.text
    sheet = await browser.get(f"/contract-ends/new?contract={contract}")
    fields = sheet.fields("form.stop") | {"stop": "illness", "ended_on": today(office).isoformat(), "words": "住院"}
    assert "合同无法继续履行" in (await browser.post("/contract-ends/cannot-continue", fields)).text
    own = await (await town.as_person("o-expert")).get(f"/contract-ends/new?contract={contract}")
    assert not own.html.select("form.rescind, form.stop, select[name=kind]")


async def test_the_page_of_a_contract_leads_its_parties_to_the_sheet_and_nobody_else(town: Town) -> None:
    office = town.office
    pack = await banner_pack(office)
    await settle_banner(office.record)
    contract = await settle_contract(office.record, pack)
    sheet = f'a[href="/contract-ends/new?contract={contract}"]'
    for person, leads in (("o-h1-hr", True), ("o-h1-leader", True), ("o-expert", True), ("o-officer", False)):
        page = await page_of(town, person, f"/cases/{contract}")
        assert (page.status, bool(page.html.select(sheet))) == (200, leads), person
