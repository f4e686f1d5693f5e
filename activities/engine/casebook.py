"""The one place where a case's progress enters the record."""

from collections.abc import Mapping

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from temporalio import activity

from activities.engine.commit import write
from activities.engine.delivery import Delivery
from activities.engine.messages import Committed, Transition
from activities.engine.scene import EffectFunction, Scene
from db.engine.almanac import Almanac
from db.engine.base import Sessions
from db.engine.cases import CaseFile, TransitionRow
from db.engine.packs import PackShelf
from db.engine.tasks import InboxRow
from vault.keyring import Keyring

COMMITTED = TypeAdapter(Committed)


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
            # Not FOR UPDATE: a row that names this case need not wait, so two cases that tell each other never lock.
            case = await session.get_one(CaseFile, transition.case_id, with_for_update={"key_share": True})
            if case.seq >= transition.seq:
                return await self._stored(session, transition)
            if case.seq != transition.seq - 1:
                raise SequenceBroken(case.id, case.seq, transition.seq)
            scene = await self._scene(session, case, transition)
            committed = await write(scene, self._effects)
            session.add(
                TransitionRow(
                    case_id=case.id,
                    seq=transition.seq,
                    at=transition.at,
                    result=COMMITTED.dump_python(committed, mode="json"),
                )
            )
        await self._delivery.set_going(starts=scene.starts, notices=scene.told, letters=scene.wrote_letters)
        return committed

    async def _stored(self, session: AsyncSession, transition: Transition) -> Committed:
        row = await session.get_one(TransitionRow, (transition.case_id, transition.seq))
        return COMMITTED.validate_python(row.result)

    async def _scene(self, session: AsyncSession, case: CaseFile, transition: Transition) -> Scene:
        requests = [*(answer.request for answer in transition.answers), *transition.acts]
        rows = await session.scalars(select(InboxRow).where(InboxRow.request.in_(requests))) if requests else ()
        return Scene(
            session,
            case,
            transition,
            pack=await self._packs.pack(case.pack, case.pack_version),
            calendar=await self._almanac.calendar(),
            keyring=self._keyring,
            inbox={row.request: row for row in rows},
        )
