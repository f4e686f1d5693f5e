"""The page of a year of funds: begun by the commission, read by hospitals as far as their own goes, by the auditor."""

from datetime import date

from db.engine.people import Person, RoleHolding
from tests.builders.banner import COMMISSION, EMPLOYER, SECOND_EMPLOYER, settle_banner
from tests.console.conftest import Page, Town
from tests.workflows import fund_payments as pay
from tests.workflows import fund_years as funds
from tests.workflows.contract_ends import banner_pack
from tests.workflows.office import Office
from tests.workflows.talent_life import HR, OFFICER, ended


async def settled_banner(office: Office) -> None:
    """The banner with its rules, and an auditor at the commission."""
    await banner_pack(office)
    await settle_banner(office.record)
    async with office.record.begin() as session:
        session.add(Person(id="o-auditor", name="审计员", email="o-auditor@example.cn", institution=COMMISSION))
        await session.flush()
        since = date(2020, 1, 1)
        session.add(RoleHolding(person="o-auditor", role="R-27", institution=COMMISSION, held_from=since))


async def page_of(town: Town, person: str, path: str) -> Page:
    return await (await town.as_person(person)).get(path)


async def test_the_commission_begins_a_year_and_finance_says_that_the_funds_are_there(town: Town) -> None:
    office = town.office
    await settled_banner(office)
    browser = await town.as_person(OFFICER)
    await office.tell_time()
    sheet = await browser.get("/fund-years")
    assert "还没有开始办理经费" in sheet.text
    page = await browser.post("/fund-years", sheet.fields("form.begin"))
    assert "尚未落实" in page.text
    assert page.html.select_one("form.begin") is None
    case = page.one("p.from .number").text
    assert (await funds.begun(office)) == case
    task = await office.open_task("fund_budget", funds.FINANCE_OFFICER, case=case)
    asked = await page_of(town, funds.FINANCE_OFFICER, f"/tasks/{task.id}")
    assert "鄂托克旗蒙医综合医院" in asked.text


async def test_a_hospital_reads_its_own_funds_and_the_auditor_all_and_changes_nothing(town: Town) -> None:
    office = town.office
    await settled_banner(office)
    case = await funds.funded(office)
    await funds.proposed(office, case, "120", "90", "90")
    task = await office.open_task("fund_change_approval", funds.FINANCE_OFFICER, case=case)
    asked = await page_of(town, funds.FINANCE_OFFICER, f"/tasks/{task.id}")
    assert "合计300万元" in asked.text
    await funds.approved(office, case)
    own = await page_of(town, "o-h1-hr", "/fund-years/2040")
    assert [each.text for each in own.html.select("section.fund h2")] == ["鄂托克旗人民医院"]
    assert "120万元" in own.text
    for person in ("o-auditor", funds.FINANCE_OFFICER):
        page = await page_of(town, person, "/fund-years/2041")
        assert page.html.select_one("form.begin") is None
        page = await page_of(town, person, "/fund-years/2040")
        assert len(page.html.select("section.fund")) == 3
    refused = await (await town.as_person("o-auditor")).post("/fund-years", {"commission": COMMISSION, "year": "2041"})
    assert refused.status == 403
    assert (await page_of(town, "o-h1-department", "/fund-years/2040")).status == 403


async def test_amounts_outside_the_window_are_said_beside_the_field_with_what_was_typed(town: Town) -> None:
    office = town.office
    await settled_banner(office)
    case = await funds.funded(office)
    task = await office.open_task("fund_running", OFFICER, case=case)
    browser = await town.as_person(OFFICER)
    form = dict(zip(funds.PLACES, ("79.9", "110", "110.1"), strict=True))
    page = await browser.decide(f"/tasks/{task.id}", "propose_adjustment", funds.REASON, **form)
    assert page.status == 422
    assert "80至120万元" in page.text
    assert page.one("input[name=hospital_1]")["value"] == "79.9"


async def test_a_hospital_requests_and_reads_what_was_paid_and_what_is_its_own_cost(town: Town) -> None:
    office = town.office
    await settled_banner(office)
    contract = await pay.contracted(office, "30")
    await funds.funded(office)
    browser = await town.as_person(HR)
    await office.tell_time()
    sheet = await browser.get("/fund-years")
    fields = sheet.fields("form.request")
    wrong = await browser.post("/fund-payments", fields | {"kind": "reward"})
    assert (wrong.status, wrong.one("select[name=kind] option[selected]")["value"]) == (422, "reward")
    begun = await browser.post("/fund-payments", fields | {"kind": "reward", "contract": contract})
    again = await browser.post("/fund-payments", fields | {"kind": "reward", "contract": contract})
    assert (begun.status, begun.one("h1").text) == (again.status, again.one("h1").text)
    case = (await office.open_task("fund_request", HR)).case_id
    await pay.written(office, case, "350000.50")
    task = await office.open_task("fund_check", OFFICER, case=case)
    asked = await page_of(town, OFFICER, f"/tasks/{task.id}")
    assert "罗景行" in asked.text
    assert "其余5.00005万元由用人单位自行承担" in asked.text
    await pay.passed(office, case)
    task = await office.open_task("fund_paying", funds.FINANCE_OFFICER, case=case)
    paying = await town.as_person(funds.FINANCE_OFFICER)
    form = {"from_funds": "350000.50", "paid_on": "2040-03-05", "voucher": "记-001"}
    page = await paying.decide(f"/tasks/{task.id}", "pay_funds", **form)
    assert "从经费支付应为300000.00元，其余50000.50元由用人单位自行承担" in page.text
    await pay.paid(office, case, "300000")
    for person in (HR, "o-auditor"):
        text = (await page_of(town, person, "/fund-years/2040")).text
        assert "700,000.00元" in text
        assert "50,000.50元" in text
    other = await page_of(town, "o-h2-hr", "/fund-years/2040")
    assert "50,000.50元" not in other.text
    assert (
        await (await town.as_person("o-auditor")).post("/fund-payments", fields | {"kind": "patients"})
    ).status == 403


async def test_own_rewards_and_petitions_stand_on_the_year_of_their_hospital_also_before_it_has_funds(
    town: Town,
) -> None:
    """OT-N3, OT-N4: beside the funds, with what they are for and by which paper they were answered."""
    office = town.office
    await settled_banner(office)
    contract = await pay.contracted(office, "30")
    await pay.requested(office, "5000", kind="own_reward", contract=contract, title="市级重点学科")
    petition = await pay.requested(office, "500000", kind="petition", employer=SECOND_EMPLOYER)
    page = await page_of(town, HR, "/fund-years/2040")
    assert "还没有开始办理经费" in page.text
    assert [one["id"] for one in page.html.select("section.fund")] == [EMPLOYER]
    await funds.funded(office)
    form = {"document": "旗委常委会纪要〔2040〕1号", "decided_on": "2040-03-01", "attachment": ""}
    waiting = (await page_of(town, OFFICER, "/fund-years/2040")).one(f"#{SECOND_EMPLOYER}").text
    assert "已报旗委" in waiting
    await office.answer("petition_decision", OFFICER, "grant_petition", form=form, case=petition)
    await ended(office, petition)
    for person in ("o-auditor", OFFICER, funds.FINANCE_OFFICER):
        page = await page_of(town, person, "/fund-years/2040")
        own, asked = page.one(f"#{EMPLOYER}").text, page.one(f"#{SECOND_EMPLOYER}").text
        assert "市级重点学科" in own
        assert "5,000.00元" in own
        assert "旗委常委会纪要〔2040〕1号" in asked
        assert "500,000.00元" not in own
        # Nothing of it draws on the hundred.
        assert own.count("1,000,000.00元") == asked.count("1,000,000.00元") == 1
    assert "500,000.00元" not in (await page_of(town, HR, "/fund-years/2040")).text


async def test_g14_the_page_shows_the_window_and_the_conflict_of_the_two_rules_with_both_readings(town: Town) -> None:
    """120 + 110 + 100 is 330: asked, not in force, and never 1.2 x 1.2."""
    office = town.office
    await settled_banner(office)
    case = await funds.funded(office)
    assert "80—120万元" in (await page_of(town, HR, "/fund-years/2040")).one(f"#{EMPLOYER}").text
    await funds.proposed(office, case, "120", "110", "100", choice="propose_float")
    await office.open_task("float_above_total", "o-leader", case=case)
    page = await page_of(town, HR, "/fund-years/2040")
    asked = page.one("section.change").text
    assert all(words in asked for words in ("合计330万元", "300万元为固定总额", "浮动在300万元之外另行安排"))
    own = page.one(f"#{EMPLOYER}").text
    assert "拟变动为" in own
    assert page.one("dd > b").text == "100万元"
    await funds.above_settled(office, case, "funds_on_top")
    await office.open_task("fund_change_approval", funds.FINANCE_OFFICER, case=case)
    assert "待旗财政局审批" in (await page_of(town, OFFICER, "/fund-years/2040")).one("section.change").text
    await funds.approved(office, case)
    page = await page_of(town, OFFICER, "/fund-years/2040")
    assert page.html.select_one("section.change") is None
    assert "330万元" in page.one("p.total").text


async def test_each_request_says_when_it_was_made_checked_and_paid(town: Town) -> None:
    office = town.office
    await settled_banner(office)
    await funds.funded(office)
    case = await pay.requested(office, "1000", kind="patients")
    text = (await page_of(town, HR, "/fund-years/2040")).one(f"#{EMPLOYER} ul.opinions").text
    assert "旗卫生健康委核对中" in text
    assert "核对 " not in text
    await pay.passed(office, case)
    await office.open_task("fund_paying", funds.FINANCE_OFFICER, case=case)
    text = (await page_of(town, HR, "/fund-years/2040")).one(f"#{EMPLOYER} ul.opinions").text
    assert "核对 " in text
    await pay.paid(office, case, "1000")
    page = await page_of(town, HR, "/fund-years/2040")
    assert "2040" in page.one(f"#{EMPLOYER} ul.opinions").text
    assert "记-payment.ot-a.2040.1" in page.one(f"#{EMPLOYER} ul.opinions").text
    assert "1,000.00元" in page.one(f"#{EMPLOYER} dl.facts").text
    assert "经费之外" not in page.text


async def test_g11_whoever_checks_reads_which_matter_is_open_since_when_by_which_rule(town: Town) -> None:
    """Nothing is held by itself: the page tells, the person decides."""
    office = town.office
    await settled_banner(office)
    contract = await pay.contracted(office, "40")
    await pay.teamed(office, contract, "张一", "张二", "张三")
    await funds.funded(office)
    case = await pay.requested(office, "1000", contract=contract)
    task = await office.open_task("fund_check", OFFICER, case=case)
    page = await page_of(town, OFFICER, f"/tasks/{task.id}")
    assert page.html.select_one("section.matters") is None
    assert "张一、张二、张三" in page.text
    team = {str(row.th and row.th.text): row.td and row.td.text for row in page.html.select("table.facts-table tr")}
    assert (team["合同支持资金（万元，团队一份）"], team["按人均（万元，含领衔人，仅供参考）"]) == ("40", "10")
    async with office.record.begin() as session:
        session.add(await pay.beside(session, contract, "ContractTermination", state="open", ground="g"))
    for name, person in (("fund_check", OFFICER), ("fund_held", OFFICER)):
        task = await office.open_task(name, person, case=case)
        told = (await page_of(town, person, f"/tasks/{task.id}")).one("section.matters").text
        assert all(words in told for words in ("终止", "OT-6.3g", "2040年", "尚无关于支付的决定", pay.BESIDE))
        choice = "hold_payment" if name == "fund_check" else "check_again"
        await office.answer(name, person, choice, "待核实", case=case)
    await pay.passed(office, case, go_on="yes", reason="已完成的工作应予支付")
    task = await office.open_task("fund_paying", funds.FINANCE_OFFICER, case=case)
    told = (await page_of(town, funds.FINANCE_OFFICER, f"/tasks/{task.id}")).one("section.matters").text
    assert "OT-6.3g" in told


async def test_cor17_whoever_checks_reads_what_was_paid_before_an_import_or_that_nobody_stated_it(town: Town) -> None:
    office = town.office
    await settled_banner(office)
    said = {"150000.00": "150000", None: "导入时未填"}
    await funds.funded(office)
    for serial, (paid, words) in enumerate(said.items(), start=1):
        contract = await pay.contracted(office, "20", serial=serial)
        await pay.imported(office, contract, paid)
        case = await pay.requested(office, "1000", contract=contract)
        task = await office.open_task("fund_check", OFFICER, case=case)
        assert words in (await page_of(town, OFFICER, f"/tasks/{task.id}")).text
