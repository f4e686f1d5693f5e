"""Calls for talent schemes as a bureau records them: shared by tests and by the recorder."""

from datetime import timedelta

from db.engine.packs import PackShelf
from db.evaluation import Certificate, Grade
from policies.engine.calendar import CHINA
from policies.engine.pack import Pack
from policies.vocabulary import TRAINEE
from services.demand import Started
from services.engine.places import Places
from services.talents import TalentDesk
from tests.workflows.office import Office
from tests.workflows.term_changes import viewer_of

NAME, WORDS = "市级青年医学骨干项目", "市卫健委〔2040〕12号：主治医师及以上，材料一式三份"


def talent_desk(office: Office) -> TalentDesk:
    places, shelf = Places(office.record, office.clock), PackShelf(office.record)
    return TalentDesk(office.record, office.delivery, clock=office.clock, shelf=shelf, places=places)


async def called(office: Office, *, name: str = NAME, days: int = 30, by: str = "p-bureau-officer") -> Started:
    """The bureau records a call that closes in so many days."""
    viewer = await viewer_of(office, by)
    closes_on = office.clock.now().astimezone(CHINA).date() + timedelta(days=days)
    started = await talent_desk(office).call(viewer, name, closes_on, WORDS)
    await office.stands(started.case_id, "talents_reminded")
    return started


async def earned(office: Office, term: str, *, programme: str = TRAINEE, priority: bool = True) -> None:
    """A grade and a certificate of this training as its evaluation and the bureau keep them."""
    facts = (await office.case(term)).facts
    day = office.clock.now().astimezone(CHINA).date()
    days = {"first_day": day - timedelta(days=180), "last_day": day}
    grade = Grade(
        case_id=term,
        group=facts["group"],
        year=day.year,
        programme=programme,
        person=facts["person"],
        grade="excellent" if priority else "qualified",
        state="settled",
        **days,
    )
    certificate = Certificate(
        case_id=term,
        number=f"c.{term}",
        code="ABCD",
        person=facts["person"],
        priority=priority,
        issued_on=day,
        issued_by="r",
        **days,
    )
    async with office.record.begin() as session:
        session.add_all([grade, certificate])


async def live_through_talents(office: Office, _pack: Pack) -> None:
    """A call on a day on which nobody is on the list."""
    await called(office)
