"""What three years of a flexible-talent contract cost in Temporal: within the budget, and no session in any history.

Twelve quarters with their check-ins, three years assessed, 600 sessions delivered in twelve batches, some of them late
or corrected, two claims of force majeure (design.md 14).
"""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import select

from db.engine.cases import CaseFile
from db.engine.packs import PackShelf
from db.engine.tasks import TaskRow
from db.talent_contracts import TalentSession
from services.talent_contracts import TalentContractDesk
from services.talent_sessions import Claim, TalentSessionDesk
from tests.builders.banner import settle_banner
from tests.builders.county import publish_calendar
from tests.workflows import talent_life as life
from tests.workflows import talent_years as years
from tests.workflows.costs import MOST_PAYLOAD, payload_of, runs_of, told_of
from tests.workflows.office import OPENS, Office
from tests.workflows.test_histories import LONGEST_RUN, allowed

BEGINS = [date(year, month, 1) for year in range(2040, 2044) for month in (1, 4, 7, 10)][2:15]
QUARTERS = tuple((first, after - timedelta(days=1)) for first, after in pairwise(BEGINS))
THREE_YEARS: Mapping[str, Any] = {
    "last_day": "2043-06-30",
    "agreed": "600",
    "periods": [{"first_day": str(first), "last_day": str(last), "agreed": "50"} for first, last in QUARTERS],
}
# What is said of a session, of a storm and of a quarter, and the beginning of every session's number.
WORDS = ("内镜操作示教", "沙尘封路", "诊疗120人次", "S-204")


async def test_three_years_with_600_sessions_and_3_assessments_stay_within_the_budget_and_no_session_is_in_a_history(
    office: Office, shelf: PackShelf
) -> None:
    await settle_banner(office.record)
    for year in range(OPENS.year + 1, OPENS.year + 5):
        await publish_calendar(office.record, year)
    desk = TalentContractDesk(office.record, office.delivery, clock=office.clock, shelf=shelf)
    book = TalentSessionDesk(office.record, office.delivery, clock=office.clock)
    case = await life.in_force(office, desk, **THREE_YEARS)
    await life.cleared(office, case)
    await life.planned(office, case)
    late: list[str] = []
    for number, (first, last) in enumerate(QUARTERS):
        days = [str(first + timedelta(days=day)) for day in range(50)]
        await life.passes_to(office, str(last))
        rows = life.sessions(case, [*late, *days[: 45 if number % 3 else 50]], words=WORDS[0])
        assert {one.outcome for one in await book.store(rows, keeper=life.keeper())} == {"created"}
        late = days[45:] if number % 3 else []
        if number in (4, 8):
            storm = Claim(case, first, first + timedelta(days=2), "weather", "2", WORDS[1], "proof")
            await book.claim(storm, keeper=life.keeper(), request=f"storm-{number}")
            await office.answer("settle_excuse", life.OFFICER, "confirm_excuse", "属实", case=case)
        await life.passes_to(office, str(last + timedelta(days=1)))
        await life.summed_up(office, case)
        if number % 4 == 3:
            await assessed(office, f"assessment.{case.removeprefix('talent.')}.{last.year}")
    await book.store(life.sessions(case, late, words=WORDS[0]), keeper=life.keeper())
    await life.accepted(office, case)
    await life.reported(office, case)
    assert await life.ended(office, case) == "closed"
    assert await counted(office, case) == {"sessions": 600, "check_ins": 12, "assessments": 3}
    for one in (case, *await office.rows(ASSESSMENTS)):
        runs = await runs_of(office, one)
        events, sizes = [len(run) for run in runs], [payload_of(run) for run in runs]
        measured = f"{one}: events {events}, allowed {[allowed(run) for run in runs]}; payload bytes by run {sizes}"
        assert max(events) <= LONGEST_RUN, measured
        assert sum(events) <= sum(allowed(run) for run in runs), measured
        assert sum(sizes) <= MOST_PAYLOAD, measured
        knows = "check_in/2043-03-31" if one == case else "assessment_conclusion"
        assert told_of(office, runs, WORDS, knows=knows) == set()


ASSESSMENTS = select(CaseFile.id).where(CaseFile.lifecycle == "AnnualTalentAssessment").order_by(CaseFile.id)


async def assessed(office: Office, year: str) -> None:
    """The assessment of a year of the contract, from its ratings to its filing."""
    await office.stands(year, "assessment_due")
    await years.heard(office, year, agreed="200", attended="200")
    await years.concluded(office, year)
    await years.consented(office, year)
    await life.ended(office, year)


async def counted(office: Office, case: str) -> dict[str, int]:
    """What the contract has been through, by the record."""
    sessions = await office.rows(select(TalentSession.key).where(TalentSession.case_id == case).distinct())
    check_ins = select(TaskRow.id).where(TaskRow.name == "talent_check_in", TaskRow.outcome == "noted")
    filed = ASSESSMENTS.where(CaseFile.outcome == "assessment_filed")
    found = {"check_ins": check_ins, "assessments": filed}
    return {"sessions": len(sessions), **{name: len(await office.rows(query)) for name, query in found.items()}}
