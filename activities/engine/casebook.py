"""The one place where a case's progress enters the record."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import ARRAY, Text, any_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.engine import progress
from activities.engine.commit import COMMITTED, write
from activities.engine.delivery import Delivery
from activities.engine.messages import Committed, Transition
from activities.engine.scene import EffectFunction, Scene
from activities.engine.snapshots import as_state
from db.engine.almanac import Almanac
from db.engine.base import Sessions, engine_of
from db.engine.cases import CaseFile, TransitionRow
from db.engine.packs import PackShelf
from db.engine.tasks import InboxRow
from policies.engine.calendar import WorkingCalendar
from vault.keyring import Keyring

Found = tuple[CaseFile, Mapping[str, InboxRow]]


class CaseUnknown(Exception):
    """A transition came for a case that the record does not have; it is retried and shows to operators."""


RUNS_MIXED = "RunsMixed"


class SequenceBroken(Exception):
    """A transition came whose predecessor the record does not have; it is retried and shows to operators."""


class Casebook:
    """Writes transitions, each once."""

    def __init__(
        self,
        sessions: Sessions,
        keyring: Keyring,
        *,
        almanac: Almanac,
        effects: Mapping[str, EffectFunction],
        delivery: Delivery,
    ) -> None:
        """A casebook over the record; `effects` are the lifecycles' own writes by name."""
        self._engine, self._keyring = engine_of(sessions), keyring
        self._almanac, self._effects, self._delivery = almanac, effects, delivery
        self._packs = PackShelf(sessions)

    @activity.defn(name="commit")
    async def commit(self, transition: Transition) -> Committed:
        """One SQL transaction for one transition; a retry is answered with what the first attempt stored."""
        # Before there is a connection: a commit that held one and waited for another would wait for other commits.
        calendar = await self._almanac.calendar()
        async with self._engine.begin() as connection:
            case, inbox = await _found(connection, transition)
            if case.seq >= transition.seq:
                return await _stored(connection, transition)
            if case.seq != transition.seq - 1:
                raise SequenceBroken(case.id, case.seq, transition.seq)
            whole = await _whole(connection, transition) if transition.partial else transition
            scene = await self._scene(connection, case, whole, inbox=inbox, calendar=calendar)
            committed = await write(scene, self._effects)
        await self._delivery.set_going(starts=scene.starts, notices=scene.told, letters=scene.wrote_letters)
        return committed

    async def _scene(
        self,
        connection: AsyncConnection,
        case: CaseFile,
        transition: Transition,
        *,
        inbox: Mapping[str, InboxRow],
        calendar: WorkingCalendar,
    ) -> Scene:
        return Scene(
            connection,
            case,
            transition,
            pack=await self._packs.pack(case.pack, case.pack_version, through=connection),
            calendar=calendar,
            keyring=self._keyring,
            packs=self._packs,
            inbox=inbox,
        )


async def _found(connection: AsyncConnection, transition: Transition) -> Found:
    """The case, locked, and the inbox rows that the transition has taken, in one query."""
    requests = [*(answer.request for answer in transition.answers), *transition.acts]
    rows = (await connection.execute(_FOUND, {"case": transition.case_id, "requests": requests})).all()
    if not rows:
        raise CaseUnknown(transition.case_id)
    known = len(_OF_CASE)
    case = CaseFile(**dict(zip(_OF_CASE, rows[0][:known], strict=True)))
    # An outer join: a transition without answers comes with none.
    taken = [InboxRow(**dict(zip(_OF_INBOX, row[known:], strict=True))) for row in rows if row[known] is not None]
    return case, {row.request: row for row in taken}


async def _whole(connection: AsyncConnection, transition: Transition) -> Transition:
    """With the whole snapshot: the record has what a long case does not carry along."""
    stored = (await connection.execute(_SNAPSHOT, {"case": transition.case_id})).scalar_one()
    return replace(transition, snapshot=progress.whole(transition.snapshot, as_state(stored)), partial=False)


async def _stored(connection: AsyncConnection, transition: Transition) -> Committed:
    """What the first attempt left.

    A case that was rebuilt while a commit of its former run was under way asks for another transition under the same
    number: the record has gone on without it, and this run must end.
    """
    values = {"case": transition.case_id, "seq": transition.seq}
    at, result = (await connection.execute(_STORED, values)).one()
    if at != transition.at:
        raise ApplicationError(transition.case_id, str(transition.seq), type=RUNS_MIXED, non_retryable=True)
    return COMMITTED.validate_python(result)


_CASE, _INBOX, _TRANSITION = CaseFile.__table__.c, InboxRow.__table__.c, TransitionRow.__table__.c
# The request first: it tells whether there is a row at all.
_OF_INBOX = tuple(column.name for column in _INBOX)
_OF_CASE = tuple(column.name for column in _CASE if column.name not in ("snapshot", "shapes"))
_FOUND = (
    select(*(_CASE[name] for name in _OF_CASE), *(_INBOX[name] for name in _OF_INBOX))
    .outerjoin(InboxRow, InboxRow.request == any_(bindparam("requests", type_=ARRAY(Text))))
    .where(CaseFile.id == bindparam("case"))
    # Not FOR UPDATE: a row that names this case need not wait, so two cases that tell each other never lock.
    .with_for_update(key_share=True, of=CaseFile)
)
_SNAPSHOT = select(_CASE["snapshot"]).where(_CASE["id"] == bindparam("case"))
_STORED = select(_TRANSITION.at, _TRANSITION.result).where(
    _TRANSITION.case_id == bindparam("case"), _TRANSITION.seq == bindparam("seq")
)
