"""The pages of performance pay: start, working out, approval, payments, pool (DQ-3.4.2a to c, DQ-3.4.3a)."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select, text

from db.engine.cases import CaseFile
from db.pay import ApprovedTotal, Payment, PoolInflow
from db.service import PerformanceResult
from services.headcounts import headcounts
from tests.builders.county import FINANCE, GROUP, HOSPITAL, settle_bureaus
from tests.console.conftest import Browser, Page, Town
from tests.workflows.filings import OFFICERS, put_in_force
from tests.workflows.pay_totals import FIGURES, SMALL, approved, pay, pay_opinion, settle_questions, submit_total
from tests.workflows.term_changes import gone_on
from tests.workflows.terms import filed_term, in_service, until_day


@pytest.fixture
async def town(town: Town) -> Town:
    await settle_bureaus(town.record)
    return town


async def drafting(town: Town) -> tuple[Browser, Page, str]:
    """The coordinator starts this year's total, the bureau answers, and the draft is open."""
    browser = await town.as_person("p-coordinator")
    page = await browser.get("/pay")
    year = page.fields("form.start")["year"]
    page = await browser.post("/pay", page.fields("form.start"))
    assert "已发起" in page.text
    case = f"pay.dq-a.{GROUP}.{year}"
    await settle_questions(town.office, case)
    task = await town.office.open_task("pay_total_draft", "p-coordinator", case=case)
    return browser, await browser.get(f"/tasks/{task.id}"), case


async def test_the_draft_is_prefilled_from_the_terms_in_service_and_shows_its_working(town: Town) -> None:
    await in_service(town.office, await filed_term(town.office, town.pack))
    await town.office.days_pass(70)
    browser, page, case = await drafting(town)
    summary = page.one("details.sender[open]")
    assert "德清县人民医院" in summary.text
    months = {name: value for name, value in page.fields("form.decide").items() if "-m" in name and value}
    # Only months that have ended are counted; nobody guesses the others.
    assert 0 < len(months) < 12
    assert set(months.values()) <= {"0", "0.5", "1"}
    assert "月末1" in page.text
    fields = {**page.fields("form.decide"), "choice": "submit_total"}
    refused = await browser.post(str(page.one("form.decide")["action"]), fields)
    assert refused.status == 422
    at = next(name for name in months).split("-")[1]
    for month in range(1, 13):
        fields[f"senders-{at}-m{month}"] = fields[f"senders-{at}-m{month}"] or "1"
    fields |= {f"senders-{at}-per_capita": "96000", f"senders-{at}-basis": "final"}
    answer = await browser.post(str(page.one("form.decide")["action"]), fields)
    assert "已记录" in answer.text
    await town.office.stands(case, "pay_total_approval")


async def test_as_34_the_bureaus_read_the_working_and_what_the_health_bureau_has_said(town: Town) -> None:
    browser, _, case = await drafting(town)
    await submit_total(town.office, case, FIGURES)
    task = await town.office.open_task("pay_total_approval", "p-finance", case=case)
    page = await (await town.as_person("p-finance")).get(f"/tasks/{task.id}")
    assert "1,200,000.00" in page.text
    assert "352,000.00" in page.text
    assert "1552000.00" in page.text
    assert "12个月为预计数" in page.text or "个月为预计数" in page.text
    await pay_opinion(town.office, FINANCE, "return", "人均水平须核实", case=case)
    again = await town.office.open_task("pay_total_revision", "p-coordinator", case=case)
    revised = await browser.get(f"/tasks/{again.id}")
    assert "德清县财政局退回：人均水平须核实" in revised.text
    kept = revised.fields("form.decide")
    assert sorted(value for name, value in kept.items() if name.endswith("-per_capita") and value) == ["88000", "96000"]
    await browser.post(str(revised.one("form.decide")["action"]), {**kept, "choice": "submit_total"})
    await town.office.stands(case, "pay_total_approval")
    for bureau in OFFICERS:
        await pay_opinion(town.office, bureau, "approve_total", case=case)
    total = await town.seen(select(ApprovedTotal))
    assert total.yuan == Decimal(1552000)
    sheet = await browser.get(f"/cases/{case}/documents/pay_total_sheet")
    assert "绩效工资总量核定表" in sheet.text
    assert "1,552,000.00" in sheet.text


async def test_a_payment_is_recorded_refused_above_the_total_and_taken_back(town: Town) -> None:
    office = town.office
    await in_service(office, await filed_term(office, town.pack))
    await office.tell_time()
    year = office.clock.instant.year
    case = await approved(office, year, SMALL)
    browser = await town.as_person("p-coordinator")
    page = await browser.get(f"/pay/{case}")
    assert "尚未生效，不得发放" in page.text
    assert "本年度尚无绩效考核结果" in page.text
    await assessed(town, year)
    page = await browser.get(f"/pay/{case}")
    assert "：称职" in page.one("form.pay").text
    month = f"{office.clock.instant:%Y-%m}"
    typed = {"first_month": month, "last_month": month, "basis": "季度考核", "payees-0-yuan": "600"}
    blocked = await browser.post(f"/pay/{case}/payments", page.fields("form.pay") | typed)
    assert (blocked.status, "绩效考核办法尚未经四个局全部备案" in blocked.text) == (409, True)
    assert blocked.fields("form.pay")["payees-0-yuan"] == "600"
    await put_in_force(office)
    page = await browser.get(f"/pay/{case}")
    done = await browser.post(f"/pay/{case}/payments", page.fields("form.pay") | typed)
    assert "已登记，须另一人确认后才算发放" in done.text
    assert "待邱" not in done.text
    assert "待以下任一人确认：邱文斌" in done.text
    assert not done.html.select("form.confirm, form.take-back")
    over = await browser.post(f"/pay/{case}/payments", done.fields("form.pay") | typed)
    assert "目前最多还可发放 400.00 元，本次超出 200.00 元" in over.text
    assert len(await town.all_of(select(Payment))) == 1
    wrong = await browser.post(f"/pay/{case}/payments", done.fields("form.pay") | typed | {"payees-0-yuan": "很多"})
    assert wrong.status == 422
    paid = await confirmed_by_the_leader(town, case)
    assert "邱文斌确认于" in paid.text
    page = await browser.get(f"/pay/{case}")
    back = await browser.post(f"/pay/{case}/take-back", page.fields("form.take-back") | {"words": "重复"})
    assert "冲销待确认" in back.text
    await confirmed_by_the_leader(town, case)
    assert "已冲销" in (await browser.get(f"/pay/{case}")).text


async def confirmed_by_the_leader(town: Town, case: str) -> Page:
    """The leader in charge of the group finds what waits among the tasks, opens the year and confirms."""
    leader = await town.as_person("p-group-deputy")
    assert "有1笔绩效工资发放待您确认" in (await leader.get("/tasks")).text
    assert "有1笔绩效工资发放待您确认" in (await leader.get("/pay")).text
    page = await leader.get(f"/pay/{case}")
    assert "凌远航" in page.one("details.paid[open]").text
    done = await leader.post(f"/pay/{case}/verdicts", page.fields("form.confirm") | {"choice": "confirmed"})
    assert "已确认，计入发放" in done.text
    assert "待您确认" not in (await leader.get("/tasks")).text
    return done


async def test_def_12_a_payment_is_sent_back_with_a_reason_and_its_recorder_reads_it(town: Town) -> None:
    office = town.office
    await in_service(office, await filed_term(office, town.pack))
    await put_in_force(office)
    await office.tell_time()
    case = await approved(office, office.clock.instant.year, SMALL)
    await pay(office, case, "600")
    browser = await town.as_person("p-coordinator")
    page = await browser.get(f"/pay/{case}")
    own = page.fields("form.withdraw") | {"choice": "confirmed"}
    refused = await browser.post(f"/pay/{case}/verdicts", own)
    assert (refused.status, "登记人不能确认" in refused.text) == (403, True)
    assert "待您确认" not in (await browser.get("/tasks")).text
    leader = await town.as_person("p-group-deputy")
    page = await leader.get(f"/pay/{case}")
    empty = await leader.post(f"/pay/{case}/verdicts", page.fields("form.send-back") | {"choice": "sent_back"})
    assert empty.status == 422
    given = page.fields("form.send-back") | {"choice": "sent_back", "words": "与考核结果不符"}
    assert "已退回" in (await leader.post(f"/pay/{case}/verdicts", given)).text
    page = await browser.get(f"/pay/{case}")
    assert "退回理由：与考核结果不符" in page.text
    assert (await leader.post(f"/pay/{case}/verdicts", given | {"choice": "whatever"})).status == 422


async def assessed(town: Town, year: int) -> None:
    """A quarter of the doctor's that has been assessed, as the term keeps it."""
    term = await town.seen(select(CaseFile).where(CaseFile.lifecycle == "ServiceTerm"))
    days = {"first_day": date(year, 7, 1), "last_day": date(year, 9, 30), "decided_on": date(year, 10, 8)}
    facts = {"programme": term.programme, "group": GROUP, "institution": term.institution, "person": "p-doctor"}
    row = PerformanceResult(
        id="r1", case_id=term.id, quarter=1, method="m", rating="称职", settled_by="r", **facts, **days
    )
    async with town.record.begin() as session:
        session.add(row)


async def test_amounts_of_people_are_for_the_group_alone(town: Town) -> None:
    office = town.office
    await in_service(office, await filed_term(office, town.pack))
    await put_in_force(office)
    await office.tell_time()
    case = await approved(office, office.clock.instant.year, SMALL)
    await pay(office, case, "777.77")
    for officer in ("p-finance", "p-bureau-officer"):
        browser = await town.as_person(officer)
        page = await browser.get(f"/pay/{case}")
        assert (page.status, "个人金额只对集团经办人和确认人开放" in page.text) == (200, True)
        assert "凌远航" not in page.text
        assert page.html.select("form.pay, form.take-back, form.confirm, form.withdraw") == []
        assert (await browser.post(f"/pay/{case}/payments", {})).status == 403
    for person in ("p-t1-hr", "p-h1-head", "p-doctor"):
        browser = await town.as_person(person)
        assert (await browser.get(f"/pay/{case}")).status == 403
        assert (await browser.get("/pay")).status == 403
        assert (await browser.post("/pay", {"group": GROUP, "year": "2040"})).status == 403


async def test_dq_3_4_3a_the_pool_says_what_is_missing_and_asks_for_the_share(town: Town) -> None:
    case = await approved(town.office, 2040, SMALL)
    browser = await town.as_person("p-bureau-officer")
    page = await browser.get(f"/pay/{case}")
    assert "从分级诊疗资金池提取多少" in page.text
    given = {"source": "tiered_care", "received_on": "2040-03-05", "yuan": "600", "words": "第一笔"}
    page = await browser.post(f"/pay/{case}/inflows", page.fields("form.inflow") | given)
    assert "尚缺400" in page.text
    wrong = page.fields("form.inflow") | given | {"source": "self_raised", "yuan": "x"}
    assert (await browser.post(f"/pay/{case}/inflows", wrong)).status == 422
    raised = page.fields("form.inflow") | given | {"source": "self_raised", "institution": HOSPITAL, "yuan": "400"}
    page = await browser.post(f"/pay/{case}/inflows", raised)
    assert "资金池足额" in page.text
    assert len(await town.all_of(select(PoolInflow))) == 2
    finance = await (await town.as_person("p-finance")).get(f"/pay/{case}")
    assert finance.html.select("form.inflow") == []


async def test_exc_08_who_was_transferred_is_one_person_to_pay_and_one_on_half_release(town: Town) -> None:
    office = town.office
    term = await filed_term(office, town.pack)
    began = await in_service(office, term)
    # A year ends while everybody gets ready: all of this is in the one that follows.
    await until_day(office, date(began.year + 1, 2, 1))
    following = await gone_on(office, term)
    await in_service(office, following)
    await office.tell_time()
    year = office.clock.instant.year
    case = await approved(office, year, SMALL)
    page = await (await town.as_person("p-coordinator")).get(f"/pay/{case}")
    payees = page.html.select("form.pay input[name$=-person]")
    assert [one["value"] for one in payees] == ["p-doctor"]
    assert page.one("form.pay").text.count("县聘乡用") == 2, "both stretches stand beside the name"
    async with office.record.begin() as session:
        half = """UPDATE case_file SET facts = facts || '{"mode": "half"}' WHERE lifecycle = 'ServiceTerm'"""
        await session.execute(text(half))
        counted = await headcounts(session, town.pack, group=GROUP, year=year, today=date(year + 1, 1, 1))
    assert counted[HOSPITAL].half_release == 1
