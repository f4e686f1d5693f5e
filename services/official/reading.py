"""One case as one reader of its documents may read it, and the words in which documents say dates, people and posts."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine.cases import CaseFile
from db.engine.people import Person
from db.engine.tasks import TaskRow
from i18n import date_words, day_words, moment_words
from policies.engine.pack import Pack
from policies.engine.words import Words
from services.county_words import PROFESSIONS, TITLES
from services.engine.case_rows import Gathered, gather
from services.engine.permissions import Right, Viewer
from services.engine.places import PlaceMap
from services.engine.reading import Standing
from services.engine.taken import Taken
from services.official.model import LANGUAGE, Part


@dataclass(frozen=True)
class Reading:
    """What a form is written from. `now` is aware; tasks and decisions are those that the viewer may see."""

    session: AsyncSession
    found: Gathered
    pack: Pack
    places: PlaceMap
    viewer: Viewer
    standing: Standing
    now: datetime

    @property
    def case(self) -> CaseFile:
        """The case."""
        return self.found.case

    @property
    def names(self) -> bool:
        """Whether the people of the case may be known by name."""
        return Right.NAMES in self.standing.rights

    @property
    def whole(self) -> bool:
        """Whether the case is read whole with what was said in it: its subject, and who reaches its institution."""
        own, near = self.case.subject == self.viewer.person, self.case.institution in self.viewer.reached
        return (own or near) and Right.WORDS in self.standing.rights and self.names

    def place(self, code: str | None) -> str:
        """An institution's Chinese name."""
        return self.places.name(code).zh

    def tasks(self, *names: str) -> list[TaskRow]:
        """The tasks of these names that were asked, the oldest first."""
        return [task for task in self.found.tasks.values() if task.name in names]

    def answers(self, task: TaskRow) -> list[Taken]:
        """What was answered to a task, the oldest first."""
        return [each for each in self.found.decisions if each.row.task_id == task.id]

    def last(self, *names: str) -> Taken | None:
        """The newest answer to a task of one of these names."""
        wanted = {task.id for task in self.tasks(*names)}
        return next((each for each in reversed(self.found.decisions) if each.row.task_id in wanted), None)

    async def people(self, ids: Iterable[str]) -> Mapping[str, Person]:
        """These people by their ids."""
        query = select(Person).where(Person.id.in_(list(ids)))
        return {one.id: one for one in await self.session.scalars(query)}


@dataclass(frozen=True)
class Sheet:
    """What one form says: whose document it is (an institution's code), its parts, the rule on which it rests, and its
    title where the pack has none for it.
    """

    issuer: str
    parts: tuple[Part, ...]
    rule: str = ""
    title: Words | None = None


# Writes the form for one case; None while there is nothing to write.
Write = Callable[[Reading], Awaitable[Sheet | None]]


@dataclass(frozen=True)
class FormType:
    """A form of a lifecycle: its name (in addresses and in the pack's [documents]) and the function that writes it.

    both_sides: read also by the other institution of the case, which has to act on it.
    """

    name: str
    lifecycle: str
    write: Write
    both_sides: bool = False


def day(given: date | None) -> str:
    """A day in full, "" for none."""
    return day_words(given, LANGUAGE) if given else ""


def moment(instant: datetime) -> str:
    """An instant to the minute, office time."""
    return moment_words(instant, LANGUAGE)


def until(due: datetime) -> str:
    """Until when something is due, always with its year: the paper is read in other years too."""
    return date_words(due, LANGUAGE, today=date.min)


def profession(person: Person) -> str:
    """A person's profession and title in words."""
    known = (PROFESSIONS.get(person.profession, ""), TITLES.get(person.professional_title, ""))
    return " ".join(part for part in known if part)


async def of_case(reading: Reading, case_id: str) -> Reading:
    """What the same reader may read of another case of the same pack; CaseUnknown where it is nothing."""
    viewer = reading.viewer
    found = await gather(reading.session, case_id, viewer, before=0)
    sat = {seat.task_id for seat, _ in found.seats if seat.person == viewer.person}
    standing = Standing.of(viewer, found.case, found.tasks.values(), sat)
    return replace(reading, found=found, standing=standing)
