"""The pages on which a doctor reads and claims grassroots service, and the title office checks it (COR-15)."""

import pytest
from sqlalchemy import select

from db.credit import ServiceCredit
from db.engine.cases import CaseFile
from tests.console.conftest import Town
from tests.workflows.inspections import EVIDENCE
from tests.workflows.promotions import TITLES, settle_title_office

CLAIM = {
    "kind": "tibet",
    "first_day": "2037-01-01",
    "last_day": "2037-06-30",
    "source": "派至那曲市人民医院",
    "evidence": "德卫7号",
}


@pytest.fixture
async def titles(town: Town) -> Town:
    await settle_title_office(town.record)
    await town.office.tell_time()
    return town


async def test_a_doctor_claims_service_and_the_title_office_settles_it_on_its_page(titles: Town) -> None:
    doctor = await titles.as_person("p-doctor")
    fields = (await doctor.get("/service")).fields("form.claim")
    wrong = await doctor.post("/service/claims", {**fields, **CLAIM, "last_day": "2036-01-01"})
    assert (wrong.status, "结束日期早于开始日期" in wrong.text) == (422, True)
    assert wrong.fields("form.claim")["source"] == CLAIM["source"]
    for _ in range(2):
        page = await doctor.post("/service/claims", {**fields, **CLAIM})
        assert (page.status, "待核对" in page.text, "已登记" in page.text) == (200, True, True)
    (row,) = await titles.all_of(select(ServiceCredit))
    assert (row.source, row.recorded_by, row.verdict) == (CLAIM["source"], "p-doctor", "")
    asked = await doctor.post("/service/check", (await doctor.get("/service")).fields("form.check"))
    case = str(await titles.seen(select(CaseFile.id).where(CaseFile.lifecycle == "PromotionServiceGate")))
    assert case in asked.text
    assert "撤回本事项" in (await doctor.get(f"/cases/{case}")).text
    task = await titles.office.open_task("confirm_service", TITLES, case=case)
    office = await titles.as_person(TITLES)
    path = f"/tasks/{task.id}"
    for said in ("援藏", CLAIM["source"], CLAIM["evidence"]):
        assert said in (await office.get(path)).text
    bare = await office.decide(path, "settle_claims")
    assert bare.status == 422
    done = await office.decide(path, "settle_claims", **{"verdicts-0-verdict": "counted"})
    assert done.status == 200
    warned = await titles.office.open_task("promotion_exception", TITLES, case=case)
    shown = await office.get(f"/tasks/{warned.id}")
    for said in ("原则上", "例外由职称", "援藏", "已认定基层服务6个月"):
        assert said in shown.text
    fields = {**shown.fields(), "choice": "grant_exception", "words": "援藏期间表现突出"}
    fields.pop("attachment_file", None)
    assert "须附佐证材料" in (await office.post(f"/tasks/{warned.id}", fields)).text
    file = {"attachment_file": (EVIDENCE.name, EVIDENCE.content, "application/pdf")}
    granted = await office.http.post(f"/tasks/{warned.id}", data=fields, files=file)
    assert granted.status_code == 200
    await titles.seen(select(CaseFile).where(CaseFile.id == case, CaseFile.outcome == "exception_granted"))
    page = await doctor.get(f"/cases/{case}")
    assert "已特批" in page.text
    assert "援藏期间表现突出" in page.text
    assert "已认定" in (await doctor.get("/service")).text
    english = await doctor.get("/service?lang=en")
    assert "My grassroots service" in english.text


async def test_a_file_that_was_sent_with_a_refused_form_is_not_lost(titles: Town) -> None:
    doctor = await titles.as_person("p-doctor")
    await doctor.post("/service/check", (await doctor.get("/service")).fields("form.check"))
    case = str(await titles.seen(select(CaseFile.id).where(CaseFile.lifecycle == "PromotionServiceGate")))
    task = await titles.office.open_task("promotion_exception", TITLES, case=case)
    office, path = await titles.as_person(TITLES), f"/tasks/{task.id}"
    fields = {**(await office.get(path)).fields(), "choice": "grant_exception"}
    fields.pop("attachment_file", None)
    file = {"attachment_file": (EVIDENCE.name, EVIDENCE.content, "application/pdf")}
    refused = await office.http.post(path, data=fields, files=file)
    assert (refused.status_code, "文件已收到" in refused.text) == (422, True)
    kept = refused.text.split('name="attachment" value="')[1].split('"')[0]
    again = await office.post(path, {**fields, "words": "特批", "attachment": kept})
    assert again.status == 200
    await titles.seen(select(CaseFile).where(CaseFile.id == case, CaseFile.outcome == "exception_granted"))


async def test_the_ledger_is_its_persons_alone(titles: Town) -> None:
    doctor = await titles.as_person("p-doctor")
    await doctor.post("/service/claims", {**(await doctor.get("/service")).fields("form.claim"), **CLAIM})
    for person in ("p-doctor-2", "p-h1-hr", "p-coordinator"):
        assert CLAIM["source"] not in (await (await titles.as_person(person)).get("/service")).text
