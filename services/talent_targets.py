"""The goal of a year for flexible talent, as far as it is reached (OT-1.3a): counted with the cases behind each number,
and held against nobody. The text speaks of the hospitals together; each is shown as well.

A contract counts for the year in which it was signed, at the hospital that leads it; a team counts once as a contract
and person by person as people. A physician counts for the year from which they work by themselves, once the employer's
leader has confirmed it (PD).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from sqlalchemy import extract, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.clock import Clock
from db.engine.packs import PackShelf
from db.engine.people import Person
from db.engine.tasks import DecisionRow, TaskRow
from db.opening_terms import TAKEN_BACK
from db.talent_contracts import TalentContract, TalentTrained
from db.talent_openings import TalentOpening
from policies.engine.calendar import CHINA
from policies.engine.finding import Finding
from policies.engine.pack_parts import Parameter
from policies.engine.words import Words
from policies.talent.targets import HospitalYear, YearFacts, year_reaches_goal
from services.engine.permissions import NotForYou, Right, Viewer
from services.engine.places import PlaceMap, Places
from services.programmes import pack_with
from services.talent_contracts import ASKS, EMPLOYER

CONFIRMED = "confirmed"
GOALS = ("recruited_people", "trained_physicians")


@dataclass(frozen=True)
class Recruited:
    """One contract signed in the year, and how many people it brings: the expert and each core member of a team.

    imported: it was running before, and the sheet named no members, so that only the expert is counted (COR-17).
    """

    case: str
    number: str
    expert: str
    people: int
    signed_on: date
    imported: bool = False


@dataclass(frozen=True)
class TrainedLine:
    """One physician reported as trained in the year: reported, confirmed or dismissed."""

    case: str
    name: str
    day: date
    state: str


@dataclass(frozen=True)
class HospitalTarget:
    """One hospital's year with the contracts and physicians behind each number."""

    code: str
    name: Words
    recruited: tuple[Recruited, ...]
    trained: tuple[TrainedLine, ...]

    @property
    def counts(self) -> HospitalYear:
        """As the rule takes it."""
        people, trained = sum(one.people for one in self.recruited), [one.state for one in self.trained]
        return HospitalYear(self.name.zh, len(self.recruited), people, trained.count(CONFIRMED))

    @property
    def waiting(self) -> int:
        """Physicians reported and not yet confirmed or dismissed; they are not counted."""
        return [one.state for one in self.trained].count("reported")


@dataclass(frozen=True)
class TargetYear:
    """One banner's year: the finding over all its hospitals, and those among them that the reader may look into.

    goals: people to recruit and physicians to train. remind: the year is this one, past its reminder, and not reached.
    """

    commission: Words
    finding: Finding
    goals: tuple[Parameter, ...]
    hospitals: tuple[HospitalTarget, ...]
    remind: bool

    @property
    def missing(self) -> tuple[int, int]:
        """How many people and physicians are missing, never less than none."""
        people, trained = (int(str(self.finding.figures[name])) for name in ("people", "trained"))
        wanted = [goal.whole for goal in self.goals]
        return max(wanted[0] - people, 0), max(wanted[1] - trained, 0)


@dataclass(frozen=True)
class TargetBoard:
    """The goals of one local year in the reader's reach."""

    year: int
    years: tuple[TargetYear, ...]


class TalentTargetDesk:
    """Counts years."""

    def __init__(self, sessions: Sessions, *, clock: Clock, shelf: PackShelf, places: Places) -> None:
        """A desk over the record."""
        self._sessions, self._clock, self._shelf, self._places = sessions, clock, shelf, places

    def this_year(self) -> int:
        """The local year."""
        return self._today().year

    async def board(self, viewer: Viewer, year: int) -> TargetBoard:
        """The year as a viewer may see it. Raises NotForYou for who reads no hospital.

        Who reads one hospital sees its cases and the sums of the banner, and not the other hospitals.
        """
        places = await self._places.now()
        hospitals = {one.code: one.parent for one in places.places.values() if one.kind == EMPLOYER and one.parent}
        seen = set(hospitals) & viewer.reached_for(Right.FINDINGS)
        if not seen:
            raise NotForYou(right=Right.FINDINGS.value)
        commissions = sorted({hospitals[code] for code in seen})
        async with self._sessions() as session:
            found = [
                await self._year(
                    session,
                    places,
                    year,
                    commission,
                    [one for one, parent in hospitals.items() if parent == commission],
                )
                for commission in commissions
            ]
        return TargetBoard(year, tuple(_seen(one, seen) for one in found))

    async def _year(
        self, session: AsyncSession, places: PlaceMap, year: int, commission: str, codes: Sequence[str]
    ) -> TargetYear:
        pack = await pack_with(self._shelf, ASKS)
        recruited = await _recruited(session, year, codes)
        trained = await _trained(session, year, codes)
        hospitals = tuple(
            HospitalTarget(code, places.name(code), recruited.get(code, ()), trained.get(code, ()))
            for code in sorted(codes)
        )
        today = self._today()
        facts = YearFacts(min(today, date(year, 12, 31)), tuple(one.counts for one in hospitals))
        finding = year_reaches_goal(facts, pack)
        remind = bool(finding.figures["remind"]) and year == today.year
        goals = tuple(pack.parameters[name] for name in GOALS)
        return TargetYear(places.name(commission), finding, goals, hospitals, remind)

    def _today(self) -> date:
        return self._clock.now().astimezone(CHINA).date()


def _seen(year: TargetYear, codes: set[str]) -> TargetYear:
    hospitals = tuple(one for one in year.hospitals if one.code in codes)
    return TargetYear(year.commission, year.finding, year.goals, hospitals, year.remind)


async def _recruited(session: AsyncSession, year: int, codes: Sequence[str]) -> Mapping[str, tuple[Recruited, ...]]:
    query = select(TalentContract, Person.name, TalentOpening.case_id)
    query = query.join(Person, Person.id == TalentContract.person).join(CaseFile, CaseFile.id == TalentContract.case_id)
    query = query.outerjoin(TalentOpening, TalentOpening.case_id == TalentContract.case_id)
    # An import that was taken back is no contract.
    query = query.where(CaseFile.outcome != TAKEN_BACK)
    query = query.where(TalentContract.employer.in_(codes), extract("year", TalentContract.signed_on) == year)
    rows = (await session.execute(query.order_by(TalentContract.signed_on, TalentContract.case_id))).all()
    members = await _members(session, [row.case_id for row, *_ in rows])
    found: dict[str, tuple[Recruited, ...]] = {}
    for row, name, opening in rows:
        people, signed_on = 1 + members.get(row.case_id, 0), cast("date", row.signed_on)
        one = Recruited(row.case_id, row.number, name, people, signed_on, imported=opening is not None)
        found[row.employer] = (*found.get(row.employer, ()), one)
    return found


async def _members(session: AsyncSession, cases: Sequence[str]) -> Mapping[str, int]:
    """The core members of each nomination as it was last handed in."""
    query = select(DecisionRow.case_id, DecisionRow.form).join(TaskRow, TaskRow.id == DecisionRow.task_id)
    query = query.where(DecisionRow.case_id.in_(cases), DecisionRow.choice == "nominate_talent")
    rows = await session.execute(query.order_by(DecisionRow.decided_at))
    return {case: len(form.get("members") or ()) for case, form in rows}


async def _trained(session: AsyncSession, year: int, codes: Sequence[str]) -> Mapping[str, tuple[TrainedLine, ...]]:
    query = select(TalentTrained, TalentContract.employer).join(
        TalentContract, TalentContract.case_id == TalentTrained.case_id
    )
    query = query.where(TalentContract.employer.in_(codes), extract("year", TalentTrained.day) == year)
    found: dict[str, tuple[TrainedLine, ...]] = {}
    for row, employer in await session.execute(query.order_by(TalentTrained.day, TalentTrained.id)):
        found[employer] = (*found.get(employer, ()), TrainedLine(row.case_id, row.name, row.day, row.state))
    return found
