"""Teams behind contracts, as nominated: a leader, whose contract it is, and core members by name (OT-3.5a)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine.people import Institution, Person
from db.engine.tasks import DecisionRow, TaskRow
from db.talent_contracts import TalentContract
from policies.talent.payments import Project

NOMINATION = "talent_nomination"
SIGNED = ("signed", "ended")
_WAN = Decimal(10000)


@dataclass(frozen=True)
class MemberOf:
    """A team's contract in which somebody of this name is a core member."""

    contract: str
    project: Project


async def team_of(session: AsyncSession, contract: str) -> tuple[str, ...]:
    """The names of the core members of a contract's team; none for a single expert."""
    return (await _teams(session, [contract])).get(contract, ())


async def member_projects(session: AsyncSession, person: str) -> tuple[MemberOf, ...]:
    """The signed contracts of others whose team has a core member of this person's name. The nomination knows core
    members by name only, so that whether it is the same person is for people to say.
    """
    name = await session.scalar(select(Person.name).where(Person.id == person))
    query = select(TalentContract, Institution.name).join(Institution, Institution.code == TalentContract.employer)
    query = query.where(TalentContract.person != person, TalentContract.state.in_(SIGNED))
    query = query.where(TalentContract.first_day.is_not(None))
    query = query.where(TalentContract.fund_yuan.is_not(None)).order_by(TalentContract.case_id)
    rows = (await session.execute(query)).all()
    teams = await _teams(session, [row.case_id for row, _ in rows])
    named = [(row, place, teams.get(row.case_id, ())) for row, place in rows]
    return tuple(
        MemberOf(row.case_id, _project(row, place, people=1 + len(core))) for row, place, core in named if name in core
    )


def _project(row: TalentContract, place: str, *, people: int) -> Project:
    first_day, last_day = cast("date", row.first_day), cast("date", row.last_day)
    return Project(place, cast("Decimal", row.fund_yuan) / _WAN, first_day, last_day, people)


async def _teams(session: AsyncSession, contracts: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """Core members by contract, from the newest nomination of each."""
    query = select(DecisionRow.case_id, DecisionRow.form).join(TaskRow, TaskRow.id == DecisionRow.task_id)
    query = query.where(DecisionRow.case_id.in_(contracts), TaskRow.name == NOMINATION)
    rows = (await session.execute(query.order_by(DecisionRow.decided_at))).all()
    return {case: _names(form) for case, form in rows if form}


def _names(form: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(one["name"]).strip() for one in form.get("members") or () if str(one.get("name", "")).strip())
