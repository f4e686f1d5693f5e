"""Letting the first administrator in: a person with the roles of administrator and monitor, and a link to sign in."""

from collections.abc import Sequence
from dataclasses import dataclass

from db.engine.base import Sessions
from db.engine.clock import Clock
from policies.engine.calendar import CHINA
from policies.engine.refusals import Refusal
from services.engine.sign_in import SignInDesk
from services.facts import REFUSED, InstitutionFacts, PersonFacts, RoleFacts
from services.field_problems import FactsRefused
from services.institutions import InstitutionDesk, InstitutionFilter, InstitutionView
from services.people import PeopleDesk
from services.roll import Hand

ADMINISTRATOR, MONITOR = "R-30", "R-29"
# Where nothing is registered yet, the administrator needs a place to belong to; its name is changed in the console.
FIRST = InstitutionFacts(
    code="bureau", name="县卫生健康局", name_en="County health bureau", kind="county_health_bureau"
)
MOST = 10_000
# Whoever has the command line of the installation.
OPERATOR = Hand("operator", "command", may_grant=True)


class InstitutionNotChosen(Refusal):
    """Several institutions have nobody above them; say to which one the administrator belongs."""


@dataclass(frozen=True)
class Invitation:
    """Whom it lets in, where, and the token of the link; the token is stored nowhere."""

    person: str
    institution: str
    token: str


class InvitationDesk:
    """Invites administrators."""

    def __init__(
        self,
        sessions: Sessions,
        people: PeopleDesk,
        *,
        institutions: InstitutionDesk,
        sign_in: SignInDesk,
        clock: Clock,
    ) -> None:
        """A desk that registers through the desks of people and institutions."""
        self._sessions, self._people, self._institutions = sessions, people, institutions
        self._sign_in, self._clock = sign_in, clock

    async def invite(self, name: str, email: str, institution: str = "") -> Invitation:
        """Register the person where needed, give the two roles, write a sign-in letter and return its link's token.

        Raises FactsRefused, InstitutionUnknown for a code that is not there, InstitutionNotChosen.
        """
        place = (await self._institutions.institution(institution)).code if institution else await self._top()
        person = await self._registered(PersonFacts(name=name, email=email, institution=place))
        await self._registered(PersonFacts(id=person, roles=tuple(await self._wanting(person, place))))
        async with self._sessions.begin() as session:
            token = await self._sign_in.write(session, person)
        return Invitation(person, place, token)

    async def _top(self) -> str:
        tops = [each for each in await self._all() if each.parent is None]
        if not tops:
            return (await self._institutions.add(FIRST)).code
        # The county's other bureaus have nobody above them either.
        health = [each for each in tops if each.kind == FIRST.kind]
        if len(health) == 1:
            return health[0].code
        if len(tops) > 1:
            raise InstitutionNotChosen(institutions=", ".join(each.code for each in tops))
        return tops[0].code

    async def _all(self) -> Sequence[InstitutionView]:
        return await self._institutions.institutions(InstitutionFilter(limit=MOST))

    async def _registered(self, facts: PersonFacts) -> str:
        (result,) = await self._people.store([facts], hand=OPERATOR)
        if result.outcome == REFUSED:
            raise FactsRefused(result.problems)
        return result.key

    async def _wanting(self, person: str, place: str) -> list[RoleFacts]:
        today = self._clock.now().astimezone(CHINA).date()
        held = {
            role.role
            for role in (await self._people.person(person)).roles
            if role.institution == place and (role.held_until is None or role.held_until > today)
        }
        return [RoleFacts(role, place, today) for role in (ADMINISTRATOR, MONITOR) if role not in held]
