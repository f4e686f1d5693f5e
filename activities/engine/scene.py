"""What every part of one commit works with."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from activities.engine.messages import Posted, Telling, Transition
from db.engine.cases import CaseFile
from db.engine.packs import PackShelf
from db.engine.roles import Standing, standing
from db.engine.row_proof import REMOVED, Content, RowKind
from db.engine.tasks import DecisionRow, InboxRow
from db.engine.together import Writes
from policies.engine.calendar import WorkingCalendar
from policies.engine.pack import Pack
from policies.engine.tasks import Seat, Status
from vault.keyring import Keyring, Purpose


@dataclass
class Scene:
    """One transition being written: its transaction, its locked case, its pack and calendar, its inbox rows.

    `case` does not belong to the session: what becomes of it is among the `writes`, which are sent together at the end,
    or before something is read that they may have changed.

    `packs` has the rules of another programme, for who opens a case under it.

    `starts` and `told` collect what has to be set going after the commit: cases to start, notices to deliver.
    `skipped` are rungs whose instant had passed before their task opened: written into the file, never mailed.
    `named` are rows beside the file, by kind and key, as a line of this transition will name them.
    `standings` are tasks as they were read, by their id in the case; who changes one removes it.
    """

    connection: AsyncConnection
    case: CaseFile
    transition: Transition
    pack: Pack
    calendar: WorkingCalendar
    keyring: Keyring
    packs: PackShelf
    inbox: Mapping[str, InboxRow]
    starts: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    informed: list[Posted] = field(default_factory=list)
    tellings: list[Telling] = field(default_factory=list)
    named: dict[str, dict[str, str]] = field(default_factory=dict)
    standings: dict[str, Standing] = field(default_factory=dict)
    wrote_letters: bool = False
    writes: Writes = field(default_factory=Writes)
    _session: AsyncSession | None = None

    @property
    def session(self) -> AsyncSession:
        """A session in the same transaction, made for the first who needs objects: most transitions need none."""
        if self._session is None:
            self._session = AsyncSession(self.connection, expire_on_commit=False)
        return self._session

    @property
    def at(self) -> datetime:
        """The case's own instant of this transition, in UTC."""
        return self.transition.at

    def task_id(self, local: str) -> str:
        """The id of a task outside its case."""
        return f"{self.case.id}.{local}"

    def inform(self, case_id: str, name: str, **refs: str) -> None:
        """Tell another case, with this commit."""
        self.informed.append(Posted(case_id, name, refs))

    def tell(self, kind: str, *, person: str = "", role: str = "", place: str = "", **details: str) -> None:
        """Send a letter about what a lifecycle's own write has found, with this commit. page: where its link leads, for
        whom the page of the case is not open.
        """
        self.tellings.append(Telling(kind, person, role, place, details))

    def name_row(self, kind: RowKind, row: Content) -> None:
        """Let the file say what this case has just written beside it."""
        digest = kind.digest(row, self.keyring.current(Purpose.CHAIN))
        self.named.setdefault(kind.name, {})[kind.key(row)] = digest

    def name_removed(self, kind: RowKind, key: str) -> None:
        """Let the file say that a row which it has named is no longer there."""
        self.named.setdefault(kind.name, {})[key] = REMOVED

    def handed_over(self) -> list[tuple[str, Seat]]:
        """(task, taker) of every seat that was handed over and still stands: in the same transition it may have passed
        on again, and its task have gone on or ended.
        """
        state, handed = self.transition.snapshot, self.transition.handed
        taken = [(state.task(key.partition("/")[0]), seat) for key, seat in handed.items()]
        return [(task.id, seat) for task, seat in taken if task.status is Status.OPEN and seat in task.seats]

    async def form_of(self, request: str) -> Mapping[str, Any]:
        """The form that came with an answer of this case, in this transition or an earlier one."""
        if request in self.inbox:
            return self.inbox[request].form
        return (await self.session.get_one(DecisionRow, request)).form

    def decider_of(self, request: str) -> str:
        """Who gave an answer of this case."""
        answers = (answer for task in self.transition.snapshot.tasks for answer in task.answers)
        return next(answer.person for answer in answers if answer.request == request)

    async def alone_with(self, what: str) -> None:
        """Hold a lock until the commit: one transition at a time looks at, and changes, what this names."""
        await self.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(what, 0))))

    async def standing(self, local: str) -> Standing:
        """How a task stands now, with all that this transition has written before; read once unless it is changed."""
        if local not in self.standings:
            await self.send_writes()
            day = self.calendar.local_day(self.at)
            self.standings[local] = await standing(self.connection, self.task_id(local), on=day)
        return self.standings[local]

    async def send_writes(self) -> None:
        """Let what comes now see all that has been written so far."""
        if self._session:
            await self._session.flush()
        await self.writes.send(self.connection)

    def key(self, kind: str, number: int) -> str:
        """An id that a retried commit makes again."""
        return f"{self.case.id}.{self.transition.seq}.{kind}{number}"


# A write of a lifecycle inside the commit; it may run again after a rollback, and answers in a word.
EffectFunction = Callable[[Scene, Mapping[str, str]], Awaitable[str]]
