"""Changes of a running term as people take them at the desks: shared by tests and by the recorder."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select

from db.standstills import Standstill
from db.term_changes import TermChange
from policies.engine.calendar import CHINA
from services.engine.acts import Done
from services.engine.permissions import Viewer
from services.standstills import Resumption, StandstillDesk, StillWish
from services.term_changes import ChangeDesk, EndWish, TransferWish
from tests.builders.county import OTHER_TOWNSHIP
from tests.workflows.office import Office
from tests.workflows.terms import until_day

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


async def transfer_proposed(
    office: Office, term: str, by: str = "p-h1-hr", *, days: int = 10, to: str = OTHER_TOWNSHIP, words: str = REASON
) -> Done:
    """Somebody proposes that the person goes on elsewhere, with so many days from today as the last one here."""
    viewer = await viewer_of(office, by)
    last_day = office.clock.now().astimezone(CHINA).date() + timedelta(days=days)
    desk = ChangeDesk(office.record, office.delivery, clock=office.clock)
    wish = TransferWish(to, last_day, words)
    return await desk.propose_transfer(term, wish, viewer=viewer, request=f"{next(office.requests):032}")


AGREEING = {"sending": "p-h1-head", "receiving": "p-t1-head", "destination": "p-t2-head", "person": "p-doctor"}


async def transfer_agreed(office: Office, term: str, people: Mapping[str, str] = AGREEING) -> None:
    """The three institutions and the person agree."""
    for side, person in people.items():
        await office.answer(f"transfer_{side}", person, "agree_transfer", case=term)


async def transfer_filed(
    office: Office, term: str, choice: str = "file_restart", *, gap: int = 8, people: Mapping[str, str] = AGREEING
) -> TermChange:
    """All agree, the group sets the days with so many from the last to the first, the bureau files; the change."""
    await transfer_agreed(office, term, people)
    change = (await office.rows(select(TermChange).where(TermChange.case_id == term, TermChange.state == "proposed")))[
        0
    ]
    days = {"last_day": change.last_day.isoformat(), "starts_on": (change.last_day + timedelta(days=gap)).isoformat()}
    await office.answer("transfer_days", "p-coordinator", "set_transfer_days", form=days, case=term)
    for officer in ("p-bureau-officer", "p-bureau-deputy"):
        await office.answer("transfer_filing", officer, choice, "原岗位同一专科，工作连续", case=term)
    return await agreed(office, term)


async def gone_on(office: Office, term: str, choice: str = "file_restart", *, days: int = 10) -> str:
    """The last day has passed and the next segment is open; returns it."""
    await transfer_proposed(office, term, days=days)
    change = await transfer_filed(office, term, choice)
    assert change.ends_on is not None
    await until_day(office, change.ends_on + timedelta(days=1))
    following = f"{term[:-1]}{int(term[-1]) + 1}"
    await office.stands(following, "onboarding")
    return following


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
