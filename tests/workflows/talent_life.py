"""A flexible-talent contract as the people of the banner live it, step by step."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from db.engine.cases import CaseFile
from db.engine.packs import PackShelf
from policies.engine.calendar import CHINA
from policies.engine.pack import Pack
from services.attendance_book import Keeper
from services.engine.attachments import AttachmentDesk
from services.talent_contracts import TalentContractDesk, TalentOrder
from services.talent_sessions import SessionRow, TalentSessionDesk
from tests.builders.banner import EMPLOYER, settle_banner
from tests.builders.county import publish_calendar
from tests.workflows.inspections import EVIDENCE
from tests.workflows.office import OPENS, Office

HR, LEADER, OFFICER, COMMISSION_LEADER, EXPERT = "o-h1-hr", "o-h1-leader", "o-officer", "o-leader", "o-expert"
FIRST_DAY, LAST_DAY = "2040-07-01", "2041-06-30"
NEED = {"gap": "内镜诊疗能力不足", "direction": "消化内科重点专科", "fits": "补齐学科梯队", "department": "内镜中心"}
NOMINATION: Mapping[str, Any] = {
    "department": "内镜中心",
    "class": "provincial",
    "ground": "discipline_leader",
    "level": "province",
    "class_grounds": "自治区级重点专科带头人",
    "title": "full_senior",
    "title_since": "2030-01-01",
    "form": "顾问指导",
    "mode": "advisory",
    "own_city": "no",
    "first_day": FIRST_DAY,
    "last_day": LAST_DAY,
    "members": [],
}
QUARTERS = (
    ("2040-07-01", "2040-09-30"),
    ("2040-10-01", "2040-12-31"),
    ("2041-01-01", "2041-03-31"),
    ("2041-04-01", "2041-06-30"),
)
AFTER = ("2040-10-01", "2041-01-01", "2041-04-01", "2041-07-01")
DRAFT: Mapping[str, Any] = {
    "first_day": FIRST_DAY,
    "last_day": LAST_DAY,
    **dict.fromkeys(("duties", "assessment", "breach", "visits", "discipline", "training", "benefit"), "见合同条款"),
    "fund_yuan": "300000",
    "unit": "sessions",
    "agreed": "100",
    "periods": [{"first_day": first, "last_day": last, "agreed": "25"} for first, last in QUARTERS],
    "relations": "yes",
}


async def scanned(office: Office, task: str, person: str, case: str) -> str:
    """A file of evidence that the person has put to an open task."""
    row = await office.open_task(task, person, case=case)
    return await AttachmentDesk(office.record, clock=office.clock).keep(row.id, person, EVIDENCE)


async def started(office: Office, desk: TalentContractDesk, *, number: str = "N1") -> str:
    await office.tell_time()
    return (await desk.start(TalentOrder(EMPLOYER, EXPERT, number), by=HR)).case_id


async def needed(office: Office, case: str) -> None:
    await office.answer("talent_need", HR, "submit_need", form=NEED, case=case)
    await office.answer("talent_need_approval", LEADER, "approve", case=case)


async def nominated(office: Office, case: str, **otherwise: Any) -> None:
    scan = await scanned(office, "talent_nomination", HR, case)
    form = {**NOMINATION, "attachment": scan, **otherwise}
    await office.answer("talent_nomination", HR, "nominate_talent", form=form, case=case)
    await office.answer("talent_submission", LEADER, "submit", case=case)


async def selected(office: Office, case: str) -> None:
    form = {"settled": "无", "attachment": ""}
    await office.answer("qualification_review", OFFICER, "pass", form=form, case=case)
    await office.answer("preliminary_selection", OFFICER, "shortlist", case=case)
    review = {"group": "评审组五人", "met_on": "2040-03-20", "result": "一致通过"}
    for person in (OFFICER, COMMISSION_LEADER):
        await office.answer("comprehensive_evaluation", person, "select", "同意入选", form=review, case=case)
    await office.answer("talent_filing", OFFICER, "file_talent", case=case)


async def signed(office: Office, case: str, **otherwise: Any) -> None:
    await office.answer("contract_draft", HR, "draft_contract", form={**DRAFT, **otherwise}, case=case)
    await office.answer("contract_by_expert", EXPERT, "sign", case=case)
    await office.answer("contract_by_employer", LEADER, "sign", case=case)
    scan = await scanned(office, "contract_paper", HR, case)
    paper = {"number": "鄂旗医柔聘2040-01", "signed_on": "2040-04-10", "acknowledged": "yes", "attachment": scan}
    await office.answer("contract_paper", HR, "record_contract", form=paper, case=case)


async def in_force(office: Office, desk: TalentContractDesk, *, number: str = "N1", **otherwise: Any) -> str:
    """A signed contract of a year in four periods of 25 sessions."""
    case = await started(office, desk, number=number)
    await needed(office, case)
    await nominated(office, case)
    await selected(office, case)
    await signed(office, case, **otherwise)
    await office.stands(case, "active")
    return case


async def ended(office: Office, case: str) -> str:
    return str(await office.seen(select(CaseFile.outcome).where(CaseFile.id == case, CaseFile.state == "closed")))


async def planned(office: Office, case: str) -> None:
    """The one-person plan assesses the contract by its own year, so that each year is assessed after it has ended."""
    await office.answer("assessment_plan", HR, "by_contract_year", case=case)


async def cleared(office: Office, case: str, *, basis: str = "invitation") -> None:
    """Both gates before clinical work are on record."""
    consent = {"service": "not_in_service", "basis": "已退休", "consented_on": "", "attachment": ""}
    await office.answer("home_unit_consent", HR, "record_consent", form=consent, case=case)
    scan = await scanned(office, "practice_authority", HR, case)
    authority = {"basis": basis, "number": "会诊邀请函1号", "valid_from": "2040-04-10", "attachment": scan}
    await office.answer("practice_authority", HR, "record_authority", form=authority, case=case)


def keeper() -> Keeper:
    return Keeper("o-h1-hr", "api")


def sessions(
    case: str, days: Sequence[str], units: str = "1", kind: str = "clinic", words: str = ""
) -> list[SessionRow]:
    return [SessionRow(case, f"S-{day}", date.fromisoformat(day), kind, Decimal(units), words) for day in days]


def spread(case: str, last_day: str, units: str, *, most: str = "24") -> list[SessionRow]:
    """So much working time in all, on as many days up to this one as it takes; the last has what is left over."""
    left, day, rows = Decimal(units), date.fromisoformat(last_day), list[SessionRow]()
    while left:
        part = min(left, Decimal(most))
        rows += sessions(case, [day.isoformat()], units=str(part))
        left, day = left - part, day - timedelta(days=1)
    return rows


async def passes_to(office: Office, day: str) -> None:
    """The local day begins."""
    await office.tell_time()
    begins = datetime.combine(date.fromisoformat(day), time(), tzinfo=CHINA)
    await office.days_pass((begins - office.clock.instant) / timedelta(days=1))


async def summed_up(office: Office, case: str) -> None:
    """The check-in of the last quarter, in turn by employer and commission."""
    form = {"summary": "诊疗120人次", "problems": "无", "actions": "继续"}
    await office.answer("talent_check_in", HR, "talent_check_in", form=form, case=case)
    await office.answer("talent_check_in", OFFICER, "noted", case=case)


async def accepted(office: Office, case: str, conclusion: str = "conclude_qualified") -> None:
    scan = await scanned(office, "acceptance_report", HR, case)
    report = {"completion": "完成", "arrival": "到位", "funds": "按规定使用", "attachment": scan}
    await office.answer("acceptance_report", HR, "report_acceptance", form=report, case=case)
    await office.answer("acceptance_conclusion", LEADER, conclusion, "符合合同约定", case=case)
    await office.answer("acceptance_consent", OFFICER, "consent", case=case)
    decision = {"allowances": "按约定发放", "again": "yes"}
    await office.answer("talent_next_year", LEADER, "decide_next_year", "效果良好", form=decision, case=case)


async def reported(office: Office, case: str) -> None:
    form = {"fulfilled": "合同已履行完毕", "attachment": ""}
    await office.answer("end_report", HR, "report_end", form=form, case=case)
    await office.answer("end_filing", OFFICER, "file_end", case=case)


async def live_through_a_contract(office: Office, _pack: Pack) -> None:
    """One contract that is fulfilled and closed, one nomination that is not selected, one contract not signed."""
    await settle_banner(office.record)
    for year in (OPENS.year + 1, OPENS.year + 2):
        await publish_calendar(office.record, year)
    desk = TalentContractDesk(office.record, office.delivery, clock=office.clock, shelf=PackShelf(office.record))
    refused = await started(office, desk, number="refused")
    await needed(office, refused)
    await nominated(office, refused)
    await office.answer("qualification_review", OFFICER, "not_pass", "材料不足", case=refused)
    await ended(office, refused)
    withdrawn = await started(office, desk, number="withdrawn")
    await needed(office, withdrawn)
    await office.act("withdraw", EXPERT, withdrawn, words="另有安排")
    await ended(office, withdrawn)
    unsigned = await started(office, desk, number="unsigned")
    await needed(office, unsigned)
    await nominated(office, unsigned)
    await selected(office, unsigned)
    await office.answer("contract_draft", HR, "draft_contract", form=DRAFT, case=unsigned)
    await office.answer("contract_by_expert", EXPERT, "decline", "时间安排不开", case=unsigned)
    await ended(office, unsigned)
    await lived_to_the_end(office, await in_force(office, desk))


async def lived_to_the_end(office: Office, case: str, *, units: str = "12") -> None:
    """Four quarters with two deliveries each, their check-ins, acceptance and filing."""
    await cleared(office, case)
    await planned(office, case)
    book = TalentSessionDesk(office.record, office.delivery, clock=office.clock)
    for (first, last), day in zip(QUARTERS, AFTER, strict=True):
        await passes_to(office, last)
        results = await book.store(sessions(case, [first, last], units=units), keeper=keeper())
        assert [one.outcome for one in results] == ["created", "created"]
        await passes_to(office, day)
        await summed_up(office, case)
    await accepted(office, case)
    await reported(office, case)
    await ended(office, case)
