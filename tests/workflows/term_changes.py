"""Changes of a running term as people take them at the desks: shared by tests and by the recorder."""

from datetime import timedelta

from sqlalchemy import select

from db.term_changes import TermChange
from policies.engine.calendar import CHINA
from services.engine.acts import Done
from services.engine.permissions import Viewer
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
