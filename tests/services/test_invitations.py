"""The first administrator: invited twice on different days, still one holding of each role."""

from db.engine.base import Sessions
from db.engine.packs import PackShelf
from services.engine.places import Places
from services.engine.sign_in import SignInDesk
from services.institutions import InstitutionDesk
from services.invitations import InvitationDesk
from services.people import PeopleDesk
from tests.conftest import StandingClock
from vault.keyring import Keyring


async def test_an_invitation_on_a_later_day_gives_a_link_and_no_further_role(
    record: Sessions, keyring: Keyring, *, clock: StandingClock, shelf: PackShelf
) -> None:
    people = PeopleDesk(record, clock=clock, keyring=keyring, shelf=shelf)
    sign_in = SignInDesk(record, keyring, clock=clock, places=Places(record, clock))
    desk = InvitationDesk(record, people, institutions=InstitutionDesk(record), sign_in=sign_in, clock=clock)
    first = await desk.invite("沈一鸣", "admin@deqing.test")
    clock.move(days=3)

    second = await desk.invite("沈一鸣", "admin@deqing.test")

    assert second.person == first.person
    assert (await sign_in.enter(second.token)).person == first.person
    assert sorted(role.role for role in (await people.person(first.person)).roles) == ["R-29", "R-30"]
