"""A row of opening balances in order, as the term that begins with it and as the facts that stand of it (COR-17)."""

from dataclasses import dataclass
from datetime import date, datetime

from activities.service import LIFECYCLE, MENTOR_TASKS, TERM_TASKS, shaping
from db.engine.opening import NewCase
from db.opening_terms import COMPLETED, ONBOARDING, OpeningTerm
from policies.engine.calendar import CHINA, WorkingCalendar
from services.opening_rows import Stated


@dataclass(frozen=True)
class Import:
    """Who imports which sheet when; `reach`: the groups for which they may."""

    by: str
    sheet: str
    calendar: WorkingCalendar
    at: datetime
    reach: frozenset[str]

    @property
    def today(self) -> date:
        """The local day of the import."""
        return self.at.astimezone(CHINA).date()


def term_of(facts: Stated, hand: Import, *, case_id: str, key: str) -> NewCase:
    """A term without a placement before it: it holds the person's key itself."""
    pack, started = facts.pack, facts.started_on
    return NewCase(
        id=case_id,
        key=key,
        open_key=f"{pack.programme}:{facts.person}",
        lifecycle=LIFECYCLE,
        pack=pack,
        tasks=(*TERM_TASKS, *(name for name in MENTOR_TASKS if name in pack.tasks)),
        facts={
            "person": facts.person,
            "sending": facts.sending,
            "receiving": facts.receiving,
            "group": facts.group,
            "bureau": facts.bureau,
            "year": str(started.year),
            "cycle": "",
            "mode": facts.mode,
            "segment": "1",
            "planned_start": started.isoformat(),
            "ready_by": _ready_by(facts, hand).isoformat(),
            "imported": facts.stage,
            "imported_on": hand.today.isoformat(),
            **shaping(pack),
            **_shaping(facts),
        },
        institution=facts.receiving,
        subject=facts.person,
        started_by=hand.by,
    )


def _ready_by(facts: Stated, hand: Import) -> date:
    early = hand.calendar.shift(facts.started_on, -facts.pack.parameters["onboarding_days_before_start"].whole)
    return max(early, hand.today) if facts.stage == ONBOARDING else facts.started_on


def _shaping(facts: Stated) -> dict[str, str]:
    """What of the row shapes the path of the term."""
    found = {"completed_on": facts.completed_on.isoformat()} if facts.stage == COMPLETED and facts.completed_on else {}
    if facts.absence_times:
        found["imported_absences"] = "yes"
    if facts.mentor:
        found["imported_mentor"] = facts.mentor
    if facts.targets:
        found["imported_targets"] = "yes"
    return found


def opening_of(facts: Stated, hand: Import, *, case_id: str, row: int) -> OpeningTerm:
    """The facts as the record keeps them."""
    return OpeningTerm(
        case_id=case_id,
        person=facts.person,
        sending=facts.sending,
        receiving=facts.receiving,
        specialty=facts.specialty,
        mode=facts.mode,
        started_on=facts.started_on,
        completed_on=facts.completed_on,
        stage=facts.stage,
        filing_number=facts.filing_number,
        paused_days=facts.paused_days,
        half_days=facts.half_days,
        absence_times=facts.absence_times,
        absence_days=facts.absence_days,
        mentor=facts.mentor or None,
        targets=[dict(one) for one in facts.targets],
        past_grade=facts.past_grade or None,
        words=facts.words or None,
        sheet=hand.sheet,
        sheet_row=row,
        imported_by=hand.by,
        imported_at=hand.at,
    )
