"""Chance against a contract in force: sessions, corrections, late evidence, claims, a case that is lost, and people who
answer everything but what would end it: none of its matters at all, or, where they press on, each of them by any choice
but the commission's consent to terminate.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import NamedTuple

from sqlalchemy import func, select

from db.engine.cases import CaseFile
from db.engine.tasks import InboxRow, SeatRow, TaskRow
from db.talent_contracts import TalentFigure
from policies.engine.calendar import CHINA
from services.field_problems import FactsRefused
from services.talent_sessions import Claim, SessionRow, TalentSessionDesk
from tests.workflows import talent_life as life
from tests.workflows.office import Office

# The one answer that ends a contract of which working time is all that is said.
CONSENT = "consent_termination"
SELDOM, RARELY = ("no_ground", "ground_not_found", "agree_cured", "refuse_termination", "send_back"), 0.1
KINDS = ("clinic", "rounds", "training", "free_clinic")
DAY_HOLDS = 96
FREE = "free_clinic"
LAST = date(2041, 6, 29)


class Kept(NamedTuple):
    """A finding about working time as it was kept."""

    number: int
    as_of: date
    worked: Decimal
    excused: Decimal
    outcome: str
    cause: str


@dataclass
class Ledger:
    """A plain count of what was delivered and what was confirmed as lost, by day."""

    sessions: dict[str, tuple[date, Decimal, str]] = field(default_factory=dict)
    lost: dict[str, tuple[date, Decimal]] = field(default_factory=dict)

    def worked(self, until: date) -> Decimal:
        return sum((units for day, units, kind in self.sessions.values() if day <= until and kind != FREE), Decimal(0))

    def excused(self, until: date) -> Decimal:
        return sum((units for day, units in self.lost.values() if day <= until), Decimal(0))


@dataclass
class ContractLife:
    """One contract and the chance that befalls it."""

    office: Office
    case: str
    book: TalentSessionDesk
    chance: Random
    presses_on: bool = False
    ledger: Ledger = field(default_factory=Ledger)
    said: list[str] = field(default_factory=list)
    keys: int = 0
    kept: list[Kept] = field(default_factory=list)
    pressed: list[str] = field(default_factory=list)

    async def go_on(self, steps: int) -> None:
        acts = [self.deliver, self.deliver, self.correct, self.claim, self.answer, self.lose_case]
        acts += [self.press_on] * 3 if self.presses_on else []
        for _ in range(steps):
            if await self.today() >= LAST:
                return
            await self.chance.choice(acts)()
            if days := min(self.chance.choice((0, 1, 3, 9, 20)), (LAST - await self.today()).days):
                await self.office.days_pass(days)
            await self.look()

    async def look(self) -> None:
        """What has been found stays as it was found: a correction adds a finding and changes none."""
        found = [
            Kept(row.number, row.as_of, row.worked, row.excused, row.outcome, row.cause) for row in await self.figures()
        ]
        assert found[: len(self.kept)] == self.kept, "\n".join(self.said)
        self.kept = found

    async def press_on(self) -> None:
        """A few questions of open terminations are answered by any choice that does not end the contract, seldom by one
        that ends the matter.
        """
        for _ in range(5):
            await self.quiet()
            beside = (CaseFile.facts["contract"].astext == self.case) & (TaskRow.status == "open")
            asked = select(TaskRow).join(CaseFile, CaseFile.id == TaskRow.case_id).where(beside)
            if tasks := await self.office.rows(asked.order_by(TaskRow.id)):
                await self._answer(self.chance.choice(tasks))

    async def quiet(self) -> None:
        """Until every case has heard and written all that it could."""
        waiting = select(func.count()).select_from(InboxRow).where(InboxRow.state == "pending")
        await self.office.seen(waiting.having(func.count() == 0))
        for case in await self.office.rows(select(CaseFile.id).where(CaseFile.state != "closed")):
            await self.office.would_go_on(case)

    async def _answer(self, task: TaskRow) -> None:
        seats = select(SeatRow.person).where(SeatRow.task_id == task.id, SeatRow.open).order_by(SeatRow.person)
        person = self.chance.choice(await self.office.rows(seats))
        shunned = (CONSENT,) if self.chance.random() < RARELY else (CONSENT, *SELDOM)
        choice = self.chance.choice([one for one in task.choices if one not in shunned])
        self.said.append(f"{await self.today()} {task.name} {person} {choice}")
        await self.office.answer(task.id, person, choice, "经核对", case=task.case_id)
        self.pressed.append(choice)

    async def today(self) -> date:
        await self.office.tell_time()
        return self.office.clock.now().astimezone(CHINA).date()

    async def some_day(self) -> date | None:
        """A day of the term up to today: of this quarter, or long ago."""
        first = date.fromisoformat(life.FIRST_DAY)
        days = ((await self.today()) - first).days
        return first + timedelta(days=self.chance.randint(0, days)) if days >= 0 else None

    async def deliver(self) -> None:
        if day := await self.some_day():
            self.keys += 1
            await self._store(f"K{self.keys}", day)

    async def correct(self) -> None:
        """Another day, another amount, or taken back."""
        day = await self.some_day()
        if day and self.ledger.sessions:
            await self._store(self.chance.choice(sorted(self.ledger.sessions)), day)

    async def _store(self, key: str, day: date) -> None:
        units, kind = Decimal(self.chance.choice(("0", "0.5", "3", "8", "12.25"))), self.chance.choice(KINDS)
        row = SessionRow(self.case, key, day, kind, units, "另一次")
        if sum(one[1] for at, one in self.ledger.sessions.items() if at != key and one[0] == day) + units > DAY_HOLDS:
            return
        (result,) = await self.book.store([row], keeper=life.keeper())
        assert result.outcome != "refused", result
        self.ledger.sessions[key] = (day, units, kind)
        self.said.append(f"{await self.today()} {key} {day} {kind} {units}")

    async def claim(self) -> None:
        day = await self.some_day()
        if day is None:
            return
        self.keys += 1
        units = self.chance.choice(("1", "2.5"))
        claim = Claim(self.case, day, day, "weather", units, "大雪", "proof")
        try:
            await self.book.claim(claim, keeper=life.keeper(), request=f"claim{self.keys}")
        except FactsRefused as refused:
            # Chance has claimed all that the quarter agrees; nothing else is wrong with these claims.
            if [one.code for one in refused.problems] != ["claim_above_agreed"]:
                raise
            return
        self.said.append(f"{await self.today()} claim{self.keys} {day} {units}")

    async def answer(self) -> None:
        """Check-ins are written, claims settled; what would end the contract is left alone."""
        for task in await self.office.open_tasks("settle_excuse"):
            choice = self.chance.choice(("confirm_excuse", "dismiss_excuse"))
            await self.office.answer(task.id, life.OFFICER, choice, "依据材料", case=self.case)
            if choice == "confirm_excuse":
                claimed = next(line for line in self.said if f" {task.refs['excuse']} " in line).split()
                self.ledger.lost[task.refs["excuse"]] = (date.fromisoformat(claimed[2]), Decimal(claimed[3]))
        for task in await self.office.open_tasks("talent_check_in"):
            if task.step_name == "write":
                form = {"summary": "正常", "problems": "无", "actions": "继续"}
                await self.office.answer(task.id, life.HR, "talent_check_in", form=form, case=self.case)

    async def lose_case(self) -> None:
        """Temporal loses the case; it goes on from what its last commit left.

        Not while another case tells it something: a commit that the lost run still has under way would leave the new
        run behind the record until it writes itself, and nobody here goes round to mend that.
        """
        await self.quiet()
        await self.office.workflow(self.case).terminate()
        assert await self.office.delivery.rebuild(self.case)

    async def figures(self) -> list[TalentFigure]:
        query = select(TalentFigure).where(TalentFigure.case_id == self.case).order_by(TalentFigure.number)
        return list(await self.office.rows(query))


def ratio(ledger: Ledger, until: date, agreed: Decimal) -> tuple[Fraction, Fraction]:
    """Raw and adjusted, as a child would count them."""
    worked, left = Fraction(ledger.worked(until)), Fraction(agreed) - Fraction(ledger.excused(until))
    return worked / Fraction(agreed), worked / left if left > 0 else Fraction(1)
