"""The one place where a case's progress enters the record."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer
from temporalio import activity

from activities.engine.commit import COMMITTED, write
from activities.engine.delivery import Delivery
from activities.engine.messages import Committed, Transition
from activities.engine.scene import EffectFunction, Scene
from db.engine.almanac import Almanac
from db.engine.base import Sessions
from db.engine.cases import CaseFile, TransitionRow
from db.engine.packs import PackShelf
from db.engine.tasks import InboxRow
from vault.keyring import Keyring

Found = tuple[CaseFile, Mapping[str, InboxRow]]


class CaseUnknown(Exception):
    """A transition came for a case that the record does not have; it is retried and shows to operators."""


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
        self._sessions, self._keyring = sessions, keyring
        self._almanac, self._effects, self._delivery = almanac, effects, delivery
        self._packs = PackShelf(sessions)

    @activity.defn(name="commit")
    async def commit(self, transition: Transition) -> Committed:
        """One SQL transaction for one transition; a retry is answered with what the first attempt stored."""
        async with self._sessions.begin() as session:
            case, inbox = await self._found(session, transition)
            if case.seq >= transition.seq:
                return await self._stored(session, transition)
            if case.seq != transition.seq - 1:
                raise SequenceBroken(case.id, case.seq, transition.seq)
            scene = await self._scene(session, case, transition, inbox=inbox)
            committed = await write(scene, self._effects)
        await self._delivery.set_going(starts=scene.starts, notices=scene.told, letters=scene.wrote_letters)
        return committed

    async def _stored(self, session: AsyncSession, transition: Transition) -> Committed:
        row = await session.get_one(TransitionRow, (transition.case_id, transition.seq))
        return COMMITTED.validate_python(row.result)

    async def _found(self, session: AsyncSession, transition: Transition) -> Found:
        """The case, locked, and the inbox rows that the transition has taken, in one query."""
        requests = [*(answer.request for answer in transition.answers), *transition.acts]
        query = (
            select(CaseFile, InboxRow)
            .outerjoin(InboxRow, InboxRow.request.in_(requests))
            .where(CaseFile.id == transition.case_id)
            .options(defer(CaseFile.snapshot, raiseload=True), defer(CaseFile.shapes, raiseload=True))
            # Not FOR UPDATE: a row that names this case need not wait, so two cases that tell each other never lock.
            .with_for_update(key_share=True, of=CaseFile)
        )
        rows = (await session.execute(query)).all()
        if not rows:
            raise CaseUnknown(transition.case_id)
        case = rows[0][0]
        session.expunge(case)
        # An outer join: a transition without answers comes with none.
        taken: list[InboxRow | None] = [row for _, row in rows]
        return case, {row.request: row for row in taken if row}

    async def _scene(
        self, session: AsyncSession, case: CaseFile, transition: Transition, *, inbox: Mapping[str, InboxRow]
    ) -> Scene:
        return Scene(
            session,
            case,
            transition,
            pack=await self._packs.pack(case.pack, case.pack_version),
            calendar=await self._almanac.calendar(),
            keyring=self._keyring,
            inbox=inbox,
        )
