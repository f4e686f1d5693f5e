"""The pages of inspections: the sheet that opens one, the list of institutions, findings, evidence and verification."""

import pytest
from sqlalchemy import select

from db.engine.cases import CaseFile
from db.engine.tasks import DecisionRow, Evidence
from tests.builders.county import HOSPITAL, TOWNSHIP
from tests.console.conftest import Town
from tests.workflows.inspections import EVIDENCE, open_inspection, ordered
from tests.workflows.year_ends import EXCHANGE, exchange_missed

TODAY = "2040-03-05"
FILE = {"attachment_file": (EVIDENCE.name, EVIDENCE.content, "application/pdf")}


async def _opened(town: Town) -> str:
    await town.office.tell_time()
    browser = await town.as_person("p-bureau-officer")
    fields = (await browser.get(f"/inspections/new?institution={TOWNSHIP}")).fields("form.inspection")
    assert fields["institution"] == TOWNSHIP
    page = await browser.post("/inspections", {**fields, "inspected_on": TODAY})
    assert page.status == 200
    return str(await town.seen(select(CaseFile.id).where(CaseFile.lifecycle == "InspectionRectification")))


async def test_the_officer_opens_an_inspection_and_is_led_to_its_case(town: Town) -> None:
    case = await _opened(town)
    browser = await town.as_person("p-bureau-officer")
    task = await town.office.open_task("inspection_findings", "p-bureau-officer", case=case)
    page = await browser.get(f"/cases/{case}")
    assert f"/tasks/{task.id}" in str(page.html)
    assert "莫干山镇卫生院" in page.one("ol.timeline").text
    listed = await browser.get("/inspections")
    assert "莫干山镇卫生院" in listed.text
    assert "0天" in listed.text
    assert "尚无检查记录" in listed.text
    english = await browser.get("/inspections?lang=en")
    assert "0 days" in english.text


async def test_a_second_click_opens_no_second_case_and_wrong_facts_are_said_field_by_field(town: Town) -> None:
    await town.office.tell_time()
    browser = await town.as_person("p-bureau-officer")
    fields = (await browser.get("/inspections/new")).fields("form.inspection")
    wrong = {**fields, "institution": TOWNSHIP, "inspected_on": "2041-01-01", "person": "p-doctor", "concerns": "x"}
    page = await browser.post("/inspections", wrong)
    assert page.status == 422
    assert {str(one["id"]) for one in page.html.select(".problem")} == {
        "problem-inspected_on", "problem-person", "problem-concerns",
    }  # fmt: skip
    assert page.fields("form.inspection")["person"] == "p-doctor"
    good = {**fields, "institution": TOWNSHIP, "inspected_on": TODAY}
    for _ in range(2):
        assert (await browser.post("/inspections", good)).status == 200
    assert len(await town.all_of(select(CaseFile.id))) == 1


@pytest.mark.parametrize("person", ["p-coordinator", "p-t1-head", "p-monitor"])
async def test_nobody_else_opens_an_inspection(town: Town, person: str) -> None:
    browser = await town.as_person(person)
    assert 'href="/inspections"' not in str((await browser.get("/tasks")).html)
    fields = {"institution": TOWNSHIP, "inspected_on": TODAY, "occasion": "inspection"}
    for page in (await browser.get("/inspections/new"), await browser.post("/inspections", fields)):
        assert page.status == 403
    assert await town.all_of(select(CaseFile.id)) == []


async def test_the_head_answers_with_evidence_that_the_bureau_reads(town: Town) -> None:
    case = await open_inspection(town.office)
    task = await town.office.open_task("inspection_findings", "p-bureau-officer", case=case)
    officer = await town.as_person("p-bureau-officer")
    refused = await officer.decide(f"/tasks/{task.id}", "order", "请假登记不全")
    assert (refused.status, "此项必须填写" in refused.text) == (422, True)
    done = await officer.decide(f"/tasks/{task.id}", "order", "请假登记不全", **{"problems-1": "管理疏漏"})
    assert done.status == 200
    order = await town.office.open_task("rectify_grassroots", "p-t1-head", case=case)
    head = await town.as_person("p-t1-head")
    page = await head.get(f"/tasks/{order.id}")
    for said in ("请假登记不全", "管理疏漏", "莫干山镇卫生院", "佐证材料"):
        assert said in page.text
    assert page.one("form.decide")["enctype"] == "multipart/form-data"
    fields = {**page.fields(), "choice": "report_rectified", "words": "已补齐"}
    fields.pop("attachment_file", None)
    bare = await head.post(f"/tasks/{order.id}", fields)
    assert (bare.status, "须附佐证材料" in bare.text) == (422, True)
    odd = await head.http.post(
        f"/tasks/{order.id}", data=fields, files={"attachment_file": ("a.pdf", b"no pdf", "text/plain")}
    )
    assert odd.status_code == 422
    assert await town.all_of(select(Evidence.sha256)) == []
    answered = await head.http.post(f"/tasks/{order.id}", data=fields, files=FILE)
    assert answered.status_code == 200
    verify = await town.office.open_task("verify_rectification", "p-bureau-officer", case=case)
    shown = await officer.get(f"/tasks/{verify.id}")
    assert "已补齐" in shown.text
    link = shown.one('a[href^="/scans/"]')["href"]
    scan = await officer.http.get(str(link))
    assert scan.content == EVIDENCE.content
    (row,) = await town.all_of(select(DecisionRow).where(DecisionRow.choice == "report_rectified"))
    assert str(link).endswith(row.form["attachment"])
    for person, status in (("p-t2-head", 404), ("p-h1-head", 404), ("p-t1-head", 200)):
        assert (await (await town.as_person(person)).http.get(str(link))).status_code == status


async def test_the_inspected_see_it_from_the_order_on_and_other_institutions_never(town: Town) -> None:
    case = await open_inspection(town.office)
    await town.office.open_task("inspection_findings", "p-bureau-officer", case=case)
    head = await town.as_person("p-t1-head")
    assert (await head.get(f"/cases/{case}")).status == 404
    await ordered(town.office, case)
    await town.office.open_task("rectify_grassroots", "p-t1-head", case=case)
    assert (await head.get(f"/cases/{case}")).status == 200
    for person in ("p-t2-head", "p-h1-head", "p-doctor"):
        assert (await (await town.as_person(person)).get(f"/cases/{case}")).status == 404


async def test_exc11_the_bureau_inspects_from_the_page_of_a_case_also_of_one_that_has_ended(town: Town) -> None:
    await exchange_missed(town.office)
    await town.office.notify(EXCHANGE, "exchange_recorded")
    await town.seen(select(CaseFile).where(CaseFile.id == EXCHANGE, CaseFile.state == "closed"))
    officer = await town.as_person("p-bureau-officer")
    link = (await officer.get(f"/cases/{EXCHANGE}")).one('a[href^="/inspections/new"]')["href"]
    fields = (await officer.get(str(link))).fields("form.inspection")
    assert (fields["concerns"], fields["occasion"]) == (EXCHANGE, "report")
    page = await officer.post("/inspections", {**fields, "institution": TOWNSHIP, "inspected_on": TODAY})
    assert page.status == 200
    query = select(CaseFile.facts).where(CaseFile.lifecycle == "InspectionRectification")
    assert (await town.seen(query))["concerns"] == EXCHANGE


async def test_the_person_concerned_reads_their_own_case_and_cannot_take_it_back(town: Town) -> None:
    case = await open_inspection(town.office, HOSPITAL, person="p-doctor", occasion="report")
    await ordered(town.office, case)
    await town.office.open_task("rectify_hospital", "p-h1-head", case=case)
    page = await (await town.as_person("p-doctor")).get(f"/cases/{case}")
    assert page.status == 200
    assert "请假登记不全" in page.text
    assert "撤回本事项" not in page.text
