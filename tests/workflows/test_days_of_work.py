"""A day of a contract holds no more than a day is long, and no work that is told twice in silence (OT-6.3g)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from db.talent_contracts import TalentSession
from services.talent_sessions import SessionRow, TalentSessionDesk
from services.talent_sheet import session_sheet
from tests.workflows import running_contracts as running
from tests.workflows import talent_life as life
from tests.workflows.office import Office

DAY, OTHER = date(2040, 3, 29), date(2040, 3, 30)


def agreed_in(unit: str) -> Mapping[str, str]:
    return running.with_gates(unit=unit)


async def runs(office: Office, unit: str) -> tuple[str, TalentSessionDesk]:
    """An imported contract in this unit, in March, and the desk that takes its working time."""
    await running.settled(office)
    (case,) = await running.imported(office, agreed_in(unit))
    await office.stands(case, "active")
    await life.passes_to(office, "2040-03-31")
    return case, TalentSessionDesk(office.record, office.delivery, clock=office.clock)


async def stored(desk: TalentSessionDesk, *rows: SessionRow) -> list[list[str]]:
    """What became of each row, by the codes of what is wrong."""
    results = await desk.store(rows, keeper=life.keeper())
    return [[one.code for one in result.problems] or [result.outcome] for result in results]


def row(case: str, key: str, units: str, *, day: date = DAY, kind: str = "training", words: str = "") -> SessionRow:
    return SessionRow(case, key, day, kind, Decimal(units), words)


@pytest.mark.parametrize(
    ("unit", "most", "above"), [("小时", "24", "0.01"), ("天", "1", "0.5"), ("半天", "2", "0.5"), ("次", "96", "1")]
)
async def test_a_day_holds_no_more_than_a_day_is_long(office: Office, unit: str, most: str, above: str) -> None:
    """In one row, over several in one delivery, and with what was delivered before; another day is not concerned."""
    case, desk = await runs(office, unit)
    too_much = str(Decimal(most) + Decimal(above))
    assert await stored(desk, row(case, "A", too_much)) == [["day_overfull"]]
    more = row(case, "B", above, kind="research")
    assert await stored(desk, row(case, "A", most), more) == [["created"], ["day_overfull"]]
    assert await stored(desk, more, row(case, "C", most, day=OTHER)) == [["day_overfull"], ["created"]]
    assert await stored(desk, row(case, "A", most), row(case, "A2", "0")) == [["unchanged"], ["created"]]
    (result,) = await desk.store([more], keeper=life.keeper())
    said = {"day": "2040-03-29", "most": most}
    assert said.items() <= dict(result.problems[0].values).items()


async def test_a_row_that_makes_room_lets_another_in(office: Office) -> None:
    case, desk = await runs(office, "小时")
    assert await stored(desk, row(case, "A", "24")) == [["created"]]
    lowered, added = row(case, "A", "20"), row(case, "B", "4", kind="research")
    assert await stored(desk, lowered, added) == [["changed"], ["created"]]
    assert await stored(desk, row(case, "A", "20.5")) == [["day_overfull"]]
    assert await stored(desk, row(case, "A", "0"), row(case, "B", "24", kind="research")) == [["changed"], ["changed"]]


async def test_the_same_work_under_another_key_is_refused_with_the_earlier_row_unless_somebody_explains_it(
    office: Office,
) -> None:
    case, desk = await runs(office, "小时")
    assert await stored(desk, row(case, "HIS-7", "4")) == [["created"]]
    (result,) = await desk.store([row(case, "page", "4")], keeper=life.keeper())
    (problem,) = result.problems
    assert (problem.field, problem.code) == ("words", "session_double")
    assert dict(problem.values) == {"day": "2040-03-29", "key": "HIS-7", "units": "4.00"}
    assert await stored(desk, row(case, "page", "4", words="下午门诊带教")) == [["created"]]
    assert await stored(desk, row(case, "other", "4", kind="research")) == [["created"]]
    moved = [row(case, "X", "4", day=OTHER), row(case, "Y", "4", day=OTHER)]
    assert await stored(desk, *moved) == [["created"], ["session_double"]]
    assert await stored(desk, row(case, "X", "4")) == [["session_double"]]
    assert await stored(desk, row(case, "HIS-7", "3"), row(case, "page", "0")) == [["changed"], ["changed"]]
    rows = await office.rows(select(TalentSession.key).where(TalentSession.case_id == case))
    assert sorted(rows) == ["HIS-7", "HIS-7", "X", "other", "page", "page"]


async def test_a_sheet_is_held_to_the_same(office: Office) -> None:
    case, desk = await runs(office, "小时")
    sheet = session_sheet([row(case, "A", "23"), row(case, "B", "1"), row(case, "C", "2", kind="research")])
    seen = await desk.take_sheet(sheet, keeper=life.keeper())
    codes = [[problem.code for problem in one.result.problems] for one in seen.rows]
    assert codes == [[], ["session_double"], ["day_overfull"]]
