"""The pages of opening balances: template, look, confirm, and the mark on the term (COR-17)."""

import hashlib

from sqlalchemy import select

from db.engine.cases import CaseFile
from services.import_template import workbook
from services.imports import PEOPLE
from tests.console.conftest import Page, Town, read
from tests.workflows.openings import a_row, a_sheet, days_ago


async def uploaded(town: Town, content: bytes, person: str = "p-coordinator") -> Page:
    browser = await town.as_person(person)
    files = {"sheet": ("期初.xlsx", content)}
    return read(await browser.http.post("/openings", files=files))


async def test_cor_17_a_sheet_is_looked_at_corrected_and_confirmed(town: Town) -> None:
    began = await days_ago(town.office, 120)
    good = a_row(started_on=began, paused_days="10", half_days="40", past_grade="合格", filing_number="备〔2039〕8号")
    page = await uploaded(town, a_sheet(good, a_row(started_on=began, person="nobody")))
    assert "可以导入1行，有误1行" in page.text
    assert "A3 系统中没有这个人员编号" in page.text
    assert not await town.all_of(select(CaseFile.id))
    browser = await town.as_person("p-coordinator")
    done = await browser.post("/openings/confirm", page.fields("form.confirm"))
    assert "已导入1行，未导入1行" in done.text
    case = (await town.seen(select(CaseFile))).id
    await town.office.stands(case, "in_service")
    assert done.one(f'a[href="/cases/{case}"]')
    for person in ("p-doctor", "p-t1-hr"):
        record = await (await town.as_person(person)).get(f"/terms/{case}")
        assert "按原有材料录入，不是在本系统作出的决定" in record.text
        assert "此前不计时10天，已累计40个半天" in record.text
        assert "备〔2039〕8号" in record.text
    file = await browser.get(f"/cases/{case}")
    assert "期初导入" in file.text


async def test_what_is_no_sheet_of_ours_is_refused_and_nobody_else_imports(town: Town) -> None:
    assert (await uploaded(town, b"no workbook")).status == 422
    assert (await uploaded(town, b"")).status == 422
    sheet = a_sheet(a_row(started_on=await days_ago(town.office, 3)))
    for person in ("p-h1-hr", "p-doctor", "p-bureau-officer"):
        assert (await uploaded(town, sheet, person)).status == 403
        browser = await town.as_person(person)
        assert (await browser.get("/openings")).status == 403
        assert (await browser.get("/openings/template")).status == 403
    browser = await town.as_person("p-coordinator")
    stranger = {"sheet": hashlib.sha256(sheet).hexdigest()}
    assert (await browser.post("/openings/confirm", stranger)).status == 409
    template = await browser.http.get("/openings/template")
    assert template.content.startswith(b"PK")


async def test_a_sheet_with_other_headings_is_told_which(town: Town) -> None:
    page = await uploaded(town, workbook(PEOPLE, "人员", ()))
    assert (page.status, "缺少的列" in page.text, "{" in page.text) == (422, True, False)


async def test_cor_17_a_wrong_import_is_taken_back_on_the_page_with_a_reason(town: Town) -> None:
    began = await days_ago(town.office, 120)
    browser = await town.as_person("p-coordinator")
    page = await uploaded(town, a_sheet(a_row(started_on=began)))
    await browser.post("/openings/confirm", page.fields("form.confirm"))
    case = (await town.seen(select(CaseFile))).id
    await town.office.stands(case, "in_service")
    form = (await browser.get("/openings")).fields("form.take-back")
    refused = await browser.post(f"/openings/{case}/take-back", form | {"words": ""})
    assert (refused.status, "请写明理由。" in refused.text) == (422, True)
    done = await browser.post(f"/openings/{case}/take-back", form | {"words": "接收单位录错"})
    assert "导入已撤回" in done.text
    await town.office.stands(case, "withdrawn")
    listed = await browser.get("/openings")
    assert "已撤回" in listed.text
    assert "take-back" not in str(listed.html)
    file = await browser.get(f"/cases/{case}")
    assert "撤回期初导入" in file.text
    assert "接收单位录错" in file.text
    other = await town.as_person("p-h1-hr")
    assert (await other.post(f"/openings/{case}/take-back", form | {"words": "无权"})).status == 403
