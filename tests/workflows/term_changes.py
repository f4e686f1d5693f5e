"""Changes of a running term as people take them at the desks: shared by tests and by the recorder."""

from datetime import timedelta

from sqlalchemy import select

from db.standstills import Standstill
from db.term_changes import TermChange
from policies.engine.calendar import CHINA
from services.engine.acts import Done
from services.engine.permissions import Viewer
from services.standstills import Resumption, StandstillDesk, StillWish
from services.term_changes import ChangeDesk, EndWish
from tests.workflows.office import Office

HEADS = {"sending": "p-h1-head", "receiving": "p-t1-head"}
REASON = "科室急需人手"


async def viewer_of(office: Office, person: str) -> Viewer:
    await office.tell_time()
    viewer = await office.sessions.viewer(person)
    assert viewer is not None
    return viewer


async def end_proposed(
    office: Office, term: str, by: str, occasion: str, *, days: int = 10, words: str = REASON, request: str = ""
) -> Done:
    """Somebody proposes that the term ends so many days from today."""
    viewer = await viewer_of(office, by)
    last_day = office.clock.now().astimezone(CHINA).date() + timedelta(days=days)
    desk = ChangeDesk(office.record, office.delivery, clock=office.clock)
    wish = EndWish(occasion, last_day, words)
    return await desk.propose_end(term, wish, viewer=viewer, request=request or f"{next(office.requests):032}")


async def end_answered(office: Office, term: str, side: str, choice: str = "agree_end", *, by: str = "") -> None:
    """The head of a side, or another person, answers for it."""
    await office.answer(f"early_end_{side}", by or HEADS[side], choice, "已研究", case=term)


async def end_agreed(office: Office, term: str) -> TermChange:
    """Both sides agree; returns the change with its last day."""
    for side in HEADS:
        await end_answered(office, term, side)
    return await agreed(office, term)


async def agreed(office: Office, term: str) -> TermChange:
    found = select(TermChange).where(TermChange.case_id == term, TermChange.state == "agreed")
    change: TermChange = await office.seen(found)
    return change


async def stood_still(
    office: Office,
    term: str,
    kind: str,
    *,
    since: int = 0,
    days: int | None = None,
    by: str = "p-coordinator",
    reach: str = "term",
    evidence: str = "县防汛指〔2040〕7号",
) -> str:
    """From so many days after today on the term stands still, for so many days if that is known; returns its id."""
    viewer = await viewer_of(office, by)
    first = office.clock.now().astimezone(CHINA).date() + timedelta(days=since)
    last = first + timedelta(days=days - 1) if days else None
    desk = StandstillDesk(office.record, office.delivery, clock=office.clock)
    wish = StillWish(kind, reach, first, last, evidence, REASON)
    await desk.record(term, wish, viewer=viewer, request=f"{next(office.requests):032}")
    newest = select(Standstill.id).where(Standstill.case_id == term, Standstill.state != "recorded")
    return str(await office.seen(newest.order_by(Standstill.recorded_at.desc(), Standstill.id.desc())))


async def resumed(
    office: Office, term: str, standstill: str, *, days: int = 0, by: str = "p-coordinator", everywhere: bool = False
) -> None:
    """From so many days after today on the service goes on."""
    viewer = await viewer_of(office, by)
    back = office.clock.now().astimezone(CHINA).date() + timedelta(days=days)
    desk = StandstillDesk(office.record, office.delivery, clock=office.clock)
    wish = Resumption(standstill, back, REASON, everywhere=everywhere)
    await desk.resume(term, wish, viewer=viewer, request=f"{next(office.requests):032}")
    await office.seen(select(Standstill).where(Standstill.id == standstill, Standstill.state == "ended"))
