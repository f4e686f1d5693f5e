"""Who heads the department in which an expert works: named by the employer, and the only one of its department heads
who sees and records the contract's sessions (policy.md 6, R-22; OT-2.2c).

Until somebody is named nobody's department is guessed from its name: the employer's own officers record.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased

from db.engine.base import Sessions
from db.engine.clock import Clock
from db.engine.people import Person, RoleHolding
from db.talent_contracts import TalentContract, TalentHost
from policies.engine.calendar import CHINA
from services.attendance_book import Keeper
from services.engine.acts import CaseUnknown
from services.engine.permissions import NotForYou, Right, Viewer, ensure
from services.field_problems import FactsRefused, FieldProblem

HEAD = "R-22"
_LATER = aliased(TalentHost)


class TalentHostDesk:
    """Names heads of departments."""

    def __init__(self, sessions: Sessions, *, clock: Clock) -> None:
        """A desk over the record."""
        self._sessions, self._clock = sessions, clock

    async def name(self, case_id: str, person: str, *, viewer: Viewer) -> None:
        """From now on this head of a department keeps the contract's sessions, and whoever did before does not.

        Naming the same person again changes nothing. Raises CaseUnknown, NotForYou and FactsRefused.
        """
        async with self._sessions.begin() as session:
            contract = await session.get(TalentContract, case_id, with_for_update=True)
            if contract is None:
                raise CaseUnknown(case=case_id)
            ensure(viewer, Right.NOMINATE_TALENT, [contract.employer])
            heads = await self.heads(session, contract)
            if person not in {code for code, _ in heads}:
                raise FactsRefused((FieldProblem("head", "head_unknown"),))
            if (await hosts_of(session, [case_id])).get(case_id) == person:
                return
            last = await session.scalar(select(func.max(TalentHost.number)).where(TalentHost.case_id == case_id))
            row = TalentHost(case_id=case_id, number=(last or 0) + 1, person=person, named_by=viewer.person)
            row.named_at = self._clock.now()
            session.add(row)

    async def heads(self, session: AsyncSession, contract: TalentContract) -> tuple[tuple[str, str], ...]:
        """The heads of departments of the employer today, as (person, name); never the expert."""
        today = self._clock.now().astimezone(CHINA).date()
        still = or_(RoleHolding.held_until.is_(None), RoleHolding.held_until > today)
        held = select(RoleHolding.person).where(RoleHolding.role == HEAD, RoleHolding.held_from <= today, still)
        here = held.where(RoleHolding.institution == contract.employer, RoleHolding.person != contract.person)
        found = await session.execute(select(Person.id, Person.name).where(Person.id.in_(here)).order_by(Person.name))
        return tuple((person, name) for person, name in found)


async def hosts_of(session: AsyncSession, cases: Sequence[str]) -> Mapping[str, str]:
    """Who is named now, by case; a case for which nobody was ever named is missing."""
    query = select(TalentHost).where(TalentHost.case_id.in_(cases))
    newest = query.order_by(TalentHost.case_id, TalentHost.number.desc()).ext(distinct_on(TalentHost.case_id))
    return {one.case_id: one.person for one in await session.scalars(newest)}


def named_now(person: str, case: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Whether this person is the one named for a case."""
    superseded = exists().where(_LATER.case_id == TalentHost.case_id, _LATER.number > TalentHost.number)
    return exists().where(TalentHost.case_id == case, TalentHost.person == person, ~superseded)


def may_keep(viewer: Viewer, contract: TalentContract, host: str) -> bool:
    """Whether the sessions are theirs to see and to record; `host` is who is named, "" for nobody."""
    own = host == viewer.person and viewer.may(Right.KEEP_OWN_SESSIONS, [contract.employer])
    return own or viewer.may(Right.KEEP_SESSIONS, [contract.employer])


async def keeps_sessions(session: AsyncSession, viewer: Viewer, contract: TalentContract) -> bool:
    """`may_keep` by the record."""
    hosts = await hosts_of(session, [contract.case_id])
    return may_keep(viewer, contract, hosts.get(contract.case_id, ""))


async def ensure_keeps(session: AsyncSession, keeper: Keeper, contract: TalentContract) -> None:
    """Refuse with NotForYou whose the sessions are not; a service account delivers for everybody."""
    if keeper.viewer and not await keeps_sessions(session, keeper.viewer, contract):
        raise NotForYou(right=Right.KEEP_SESSIONS.value)
