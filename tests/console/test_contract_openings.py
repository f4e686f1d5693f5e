"""The pages of running contracts: template, look, confirm, the mark on the contract, taking back (COR-17)."""

import hashlib

import pytest
from sqlalchemy import select

from db.engine.cases import CaseFile
from services.case_reads import CaseFilter
from tests.console.conftest import Page, Town, read
from tests.workflows import running_contracts as running
from tests.workflows import talent_life as life


@pytest.fixture
async def banner(town: Town) -> Town:
    await running.settled(town.office)
    return town


async def uploaded(town: Town, content: bytes, person: str = running.OFFICER) -> Page:
    browser = await town.as_person(person)
    return read(await browser.http.post("/contract-openings", files={"sheet": ("在履合同.xlsx", content)}))


async def imported(town: Town, **more: str) -> str:
    page = await uploaded(town, running.a_sheet(running.with_gates(**more)))
    browser = await town.as_person(running.OFFICER)
    await browser.post("/contract-openings/confirm", page.fields("form.confirm"))
    case = str((await town.seen(select(CaseFile))).id)
    await town.office.stands(case, "active")
    return case


async def test_cor_17_a_sheet_is_looked_at_confirmed_and_shown_as_imported_everywhere(banner: Town) -> None:
    content = running.a_sheet(running.with_gates(), running.with_gates(person="nobody"))
    page = await uploaded(banner, content)
    assert "可以导入1行，有误1行" in page.text
    assert "A3 系统中没有这个人员编号" in page.text
    assert not await banner.all_of(select(CaseFile.id))
    browser = await banner.as_person(running.OFFICER)
    done = await browser.post("/contract-openings/confirm", page.fields("form.confirm"))
    assert "已导入1行，未导入1行" in done.text
    case = str((await banner.seen(select(CaseFile))).id)
    await banner.office.stands(case, "active")
    for person in (running.OFFICER, life.HR, life.EXPERT):
        reader = await banner.as_person(person)
        shown = await reader.get(f"/talent-contracts/{case}")
        assert "系统没有作出这些决定" in shown.text
        assert "其中52次为期初导入" in shown.text.replace("其中52为", "其中52次为")
        assert shown.one("svg.gauge rect.imported")
        listed = await reader.get("/talent-contracts")
        assert "期初导入" in listed.text
    file = await browser.get(f"/cases/{case}")
    assert "此前的申报、评审、备案和签订在线下办结" in file.text
    assert [one.get_text() for one in file.html.select("svg.map text")] == ["合同履行中", "终期验收中", "已办结"]
    briefs = await banner.desks.case_reads.cases(await running.viewer(banner.office), CaseFilter())
    assert [str(one.imported_on) for one in briefs] == ["2040-03-05"]
    for key, said in (("talent_file", "期初导入，纸质留存"), ("talent_contract_brief", "本系统未作这些决定")):
        paper = await browser.get(f"/cases/{case}/documents/{key}")
        assert (paper.status, said in paper.text) == (200, True)


async def test_who_only_records_sessions_reads_nothing_of_what_was_stated(banner: Town) -> None:
    case = await imported(banner, past_results="2039年合格")
    employer = await running.viewer(banner.office, life.HR)
    await banner.desks.talent_hosts.name(case, "o-h1-department", viewer=employer)
    page = await (await banner.as_person("o-h1-department")).get(f"/talent-contracts/{case}")
    assert (page.status, "2039年合格" in page.text, "鄂旗卫健备" in page.text) == (200, False, False)


async def test_only_the_commissions_officer_imports(banner: Town) -> None:
    sheet = running.a_sheet(running.with_gates())
    for person in (life.HR, life.LEADER, life.EXPERT, life.COMMISSION_LEADER, "p-coordinator"):
        assert (await uploaded(banner, sheet, person)).status == 403
        browser = await banner.as_person(person)
        assert (await browser.get("/contract-openings")).status == 403
        assert (await browser.get("/contract-openings/template")).status == 403
    browser = await banner.as_person(running.OFFICER)
    stranger = {"sheet": hashlib.sha256(sheet).hexdigest()}
    assert (await browser.post("/contract-openings/confirm", stranger)).status == 409
    template = await browser.http.get("/contract-openings/template")
    assert template.content.startswith(b"PK")
    assert (await uploaded(banner, b"no workbook")).status == 422


async def test_cor_17_a_wrong_import_is_taken_back_on_the_page_with_a_reason(banner: Town) -> None:
    case = await imported(banner)
    browser = await banner.as_person(running.OFFICER)
    form = (await browser.get("/contract-openings")).fields("form.take-back")
    refused = await browser.post(f"/contract-openings/{case}/take-back", form | {"words": ""})
    assert (refused.status, "请写明理由。" in refused.text) == (422, True)
    done = await browser.post(f"/contract-openings/{case}/take-back", form | {"words": "合同期录错"})
    assert "导入已撤回" in done.text
    await banner.office.stands(case, "withdrawn")
    listed = await browser.get("/contract-openings")
    assert "已撤回" in listed.text
    assert "take-back" not in str(listed.html)
    for address in (f"/talent-contracts/{case}", "/talent-contracts"):
        assert (await browser.get(address)).status == 200
