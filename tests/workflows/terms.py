"""A term of service in steps, as people take them: shared by the tests of its paths and by the recorder."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from db.engine.cases import CaseFile
from db.engine.packs import PackShelf
from db.engine.tasks import TaskRow
from db.service import Absence, Leave, ServiceActivity
from policies.engine.calendar import CHINA
from policies.engine.dates import term_last_day
from policies.engine.pack import Pack
from policies.vocabulary import SENT_DOWN
from services.absences import AbsenceDesk, AbsenceFacts
from services.accumulated import AccumulatedDesk, ActivityFacts
from services.attendance import AttendanceDesk
from services.attendance_book import AttendanceRow, DayEntry, Keeper
from services.facts import REFUSED
from services.leaves import LeaveDesk, LeaveWish
from tests.builders.county import OTHER_TOWNSHIP
from tests.workflows.filings import AREAS
from tests.workflows.office import Office
from tests.workflows.year import decide_batch, matched, posts_published, submit

PLAN = {"working_group": "组长施伯年", "tasks": "每周三次门诊，带教两名住院医师", "position": "内科门诊"}
FILED = {"number": "浙备2026-0317"}
CHECK_IN = {"summary": "完成门诊三百人次", "duties": {"诊疗": "300"}, "living": "食宿已安排", "opinions": ""}


async def filed_term(office: Office, pack: Pack) -> str:
    """The term of a doctor whose placement has just been filed."""
    return await office.after(f"filed_term {pack.sha256}", lambda: _filed_term(office, pack))


async def _filed_term(office: Office, pack: Pack) -> str:
    (post,) = await posts_published(office, pack)
    case = await matched(office, "p-doctor", post)
    await submit(office, case)
    await decide_batch(office, {case: "file"})
    found = await office.seen(select(CaseFile.id).where(CaseFile.lifecycle == "ServiceTerm"))
    await office.stands(str(found), "onboarding")
    return str(found)


async def outcome_of(office: Office, case: str) -> str:
    return str(await office.seen(select(CaseFile.outcome).where(CaseFile.id == case, CaseFile.state == "closed")))


async def until_day(office: Office, day: date) -> None:
    """It is noon of the local day."""
    await office.tell_time()
    noon = datetime.combine(day, time(12), tzinfo=CHINA)
    await office.days_pass((noon - office.clock.now()) / timedelta(days=1))


async def staff(office: Office, term: str) -> str:
    """How the people of the institution where the term is served are called."""
    return "p-t2" if (await office.case(term)).facts["receiving"] == OTHER_TOWNSHIP else "p-t1"


async def ready(office: Office, term: str) -> None:
    """Post, plan and practice filing stand, and the person has signed; nothing when that is so already."""
    # A term that was opened a moment ago has yet to ask.
    filing = await office.seen(select(TaskRow).where(TaskRow.case_id == term, TaskRow.key == "filing"))
    if filing.status != "open":
        return
    person = (await office.case(term)).facts["person"]
    await office.answer("prepare_post", f"{await staff(office, term)}-hr", "prepared", form=PLAN, case=term)
    await office.answer("practice_filing", "p-h1-hr", "record_filing", form=FILED, case=term)
    await office.answer("sign_plan", person, "sign_plan", case=term)


async def in_service(office: Office, term: str, *, moved_to: date | None = None) -> date:
    """Everything is ready and the first day has come; returns it."""
    return await office.after(f"in_service {term} {moved_to}", lambda: _in_service(office, term, moved_to))


async def _in_service(office: Office, term: str, moved_to: date | None) -> date:
    await ready(office, term)
    planned = moved_to or date.fromisoformat((await office.case(term)).facts["planned_start"])
    await until_day(office, planned)
    await office.stands(term, "in_service")
    return planned


async def checked_in(office: Office, term: str, number: int) -> None:
    """The check-in of a quarter is asked for and written."""
    asked = select(TaskRow).where(TaskRow.case_id == term, TaskRow.key == f"check_in/{number}")
    await office.seen(asked.where(TaskRow.status == "open"))
    await office.answer("check_in", f"{await staff(office, term)}-head", "check_in", form=CHECK_IN, case=term)


async def certified(office: Office, term: str, choice: str, words: str = "") -> None:
    """Receiving institution and group say the same, in turn."""
    await office.answer("certify_term", f"{await staff(office, term)}-hr", choice, words, case=term)
    await office.answer("certify_term", "p-coordinator", choice, words, case=term)


async def quarters_pass(office: Office, term: str, first_day: date, *, until: int, since: int = 1) -> None:
    """Quarter after quarter ends and is written up."""
    for number in range(since, until + 1):
        await until_day(office, term_last_day(first_day, 3 * number) + timedelta(days=1))
        await checked_in(office, term, number)


async def started_on(office: Office) -> date:
    """The planned first day of the first term."""
    terms = select(CaseFile).where(CaseFile.lifecycle == "ServiceTerm").order_by(CaseFile.id)
    return date.fromisoformat((await office.rows(terms))[0].facts["planned_start"])


async def absent(office: Office, term: str, *, day: int, days: int = 1, worked: str = "", request: str = "") -> str:
    """The person was off post from the n-th day of the term on; returns the absence."""
    first = await started_on(office) + timedelta(days=day - 1)
    facts = AbsenceFacts(first, first + timedelta(days=days - 1), Decimal(worked or days), "未在岗，电话未接")
    desk = AbsenceDesk(office.record, office.delivery, clock=office.clock)
    await office.tell_time()
    await desk.record(term, facts, by="p-t1-hr", request=request or f"{next(office.requests):032}", channel="page")
    newest = select(Absence.id).where(Absence.case_id == term).order_by(Absence.recorded_at.desc(), Absence.id.desc())
    return str((await office.rows(newest))[0])


async def attended(office: Office, term: str, kind: str, *, day: int, days: int = 1, afternoon: str = "") -> None:
    """A program has recorded days of one type from the n-th day of the term on."""
    first = await started_on(office) + timedelta(days=day - 1)
    entries = (DayEntry(first + timedelta(days=number), kind, afternoon or kind) for number in range(days))
    await office.tell_time()
    desk = AttendanceDesk(office.record, office.delivery, clock=office.clock, shelf=PackShelf(office.record))
    rows = [AttendanceRow((entry,), term=term) for entry in entries]
    results = await desk.store(rows, keeper=Keeper("k-machine", "api"))
    assert REFUSED not in {result.outcome for result in results}


async def confirmed(office: Office, term: str) -> None:
    """The head confirms the absence that is asked about."""
    await office.answer("confirm_absence", f"{await staff(office, term)}-head", "confirm_absence", case=term)


async def on_leave(
    office: Office,
    term: str,
    kind: str,
    *,
    day: int,
    days: int,
    answer: str = "approve_leave",
    head: str = "p-t1-head",
) -> str:
    """The person asks for leave from the n-th day of the term on, and the head answers; returns the leave."""
    first = await started_on(office) + timedelta(days=day - 1)
    person = (await office.case(term)).facts["person"]
    desk = LeaveDesk(office.record, office.delivery, clock=office.clock)
    await office.tell_time()
    wish = LeaveWish(kind, first, first + timedelta(days=days - 1), "家中有事")
    await desk.ask(term, wish, by=person, request=f"{next(office.requests):032}")
    await office.answer("leave_request", head, answer, "已核实", case=term)
    return str((await office.rows(select(Leave.id).where(Leave.case_id == term).order_by(Leave.id.desc())))[0])


async def served_besides(
    office: Office,
    term: str,
    *,
    day: int,
    part: str = "morning",
    form: str = "义诊",
    other_form: str = "",
    by: str = "",
    request: str = "",
) -> str:
    """An activity on the n-th day of the term is recorded, by the person unless somebody else is named; returns it."""
    first = await started_on(office)
    facts = ActivityFacts(form, first + timedelta(days=day - 1), part, "后坞村", "村卫生室", "接诊四十人", other_form)
    desk = AccumulatedDesk(office.record, office.delivery, clock=office.clock, shelf=PackShelf(office.record))
    await office.tell_time()
    recorder = by or (await office.case(term)).facts["person"]
    await desk.record(term, facts, by=recorder, request=request or f"{next(office.requests):032}", channel="page")
    newest = select(ServiceActivity.id).where(ServiceActivity.case_id == term)
    newest = newest.order_by(ServiceActivity.recorded_at.desc(), ServiceActivity.id.desc())
    return str((await office.rows(newest))[0])


async def checked(office: Office, term: str, activity: str, choice: str = "confirm_activity") -> None:
    """The receiving institution answers about an activity."""
    about = select(TaskRow).where(TaskRow.name == "confirm_activity", TaskRow.status == "open")
    task = await office.seen(about.where(TaskRow.refs["activity"].astext == activity))
    await office.answer(task.id, "p-t1-head", choice, "已核实", case=term)


def performance(rating: str = "好") -> dict[str, Any]:
    results = dict.fromkeys(AREAS[SENT_DOWN], "按要求完成")
    return {"results": results, "rating": rating, "workload": {"门急诊诊疗人次": "620", "手术例次": ""}}


async def assessed(office: Office, term: str, quarter: int, *, rating: str = "好") -> None:
    """The receiving institution assesses a quarter."""
    about = select(TaskRow).where(TaskRow.case_id == term, TaskRow.key == f"assessment/{quarter}")
    task = await office.seen(about.where(TaskRow.status == "open"))
    await office.answer(task.id, "p-t1-head", "assess_performance", form=performance(rating), case=term)
