"""Sending over real SMTP on the loopback interface."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from aiosmtpd import smtp
from aiosmtpd.smtp import AuthResult, Envelope, Session

from mail.letters import compose
from mail.post_office import LATER, MUCH_LATER, SOON, Accepted, PostOffice, Refused, TryAgain
from tests.mail.letter_facts import a_letter

LETTER = compose(a_letter(), mail_from="notice@pinyong.example", domain="pinyong.example")


Server = smtp.SMTP
Login = Callable[[Server, Session, Envelope, str, object], AuthResult]


@dataclass
class Counter:
    """A server whose answers depend on the address, and which counts its connections and keeps what it took."""

    taken: list[tuple[str, bytes]] = field(default_factory=list)
    sessions: set[int] = field(default_factory=set)
    closing: bool = True

    async def handle_MAIL(  # noqa: N802
        self, server: Server, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.sessions.add(id(session))
        if address.startswith("unknown"):
            return f"550 {address} may not send"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: Server, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("nobody"):
            return f"550 5.1.1 <{address}> no such mailbox"
        if address.startswith("later"):
            return "450 4.2.1 try later"
        if address.startswith("busy"):
            return "421 too many of you"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Server, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        if envelope.rcpt_tos[0].startswith("spam"):
            return "554 5.7.1 refused as spam"
        if envelope.rcpt_tos[0].startswith("cut") and self.closing:
            self.closing = False
            assert server.transport is not None
            server.transport.close()
        self.taken.append((envelope.rcpt_tos[0], envelope.content))
        return "250 OK"


@dataclass
class Town:
    office: PostOffice
    counter: Counter


@asynccontextmanager
async def a_server(counter: Counter, *, authenticator: Login | None = None, port: int = 0) -> AsyncIterator[int]:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Server(counter, loop=loop, authenticator=authenticator, auth_require_tls=False), "127.0.0.1", port
    )
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


def an_office(port: int) -> PostOffice:
    return PostOffice("127.0.0.1", port, "notice@pinyong.example", timeout=timedelta(seconds=5))


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    counter = Counter()
    async with a_server(counter) as port:
        yield Town(an_office(port), counter)


async def test_several_letters_go_over_one_connection_byte_for_byte(town: Town) -> None:
    async with town.office.connection() as connection:
        results = [await connection.send(LETTER, f"reader{n}@pinyong.example") for n in range(5)]
    assert results == [Accepted()] * 5
    assert town.counter.taken == [(f"reader{n}@pinyong.example", LETTER) for n in range(5)]
    assert len(town.counter.sessions) == 1


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("nobody@pinyong.example", Refused("550 5.1.1 <<…>> no such mailbox")),
        ("spam@pinyong.example", Refused("554 5.7.1 refused as spam")),
        ("later@pinyong.example", TryAgain("450 4.2.1 try later", SOON)),
        ("busy@pinyong.example", TryAgain("421 too many of you", LATER)),
    ],
)
async def test_an_answer_of_the_server_is_a_result_and_the_next_letter_still_goes(
    town: Town, address: str, expected: Refused | TryAgain
) -> None:
    async with town.office.connection() as connection:
        assert await connection.send(LETTER, address) == expected
        assert await connection.send(LETTER, "reader@pinyong.example") == Accepted()
    assert [to for to, _ in town.counter.taken] == ["reader@pinyong.example"]


async def test_a_connection_cut_in_the_middle_of_a_letter_is_tried_again_and_opened_again(town: Town) -> None:
    async with town.office.connection() as connection:
        lost = await connection.send(LETTER, "cut@pinyong.example")
        assert isinstance(lost, TryAgain)
        assert lost.after == SOON
        assert await connection.send(LETTER, "cut@pinyong.example") == Accepted()
    assert len(town.counter.sessions) == 2


async def test_a_server_that_is_not_there_is_a_reason_to_try_again() -> None:
    async with a_server(Counter()) as port:
        pass
    async with an_office(port).connection() as connection:
        assert await connection.send(LETTER, "reader@pinyong.example") == TryAgain("SMTPConnectError", SOON)


async def test_a_server_that_comes_back_is_used_by_the_same_connection() -> None:
    async with a_server(Counter()) as port:
        pass
    async with an_office(port).connection() as connection:
        assert isinstance(await connection.send(LETTER, "reader@pinyong.example"), TryAgain)
        async with a_server(Counter(), port=port):
            assert await connection.send(LETTER, "reader@pinyong.example") == Accepted()
            await connection.close()


async def test_an_answer_never_carries_a_mail_address_into_the_log(town: Town) -> None:
    async with town.office.connection() as connection:
        result = await connection.send(LETTER, "nobody@pinyong.example")
    assert isinstance(result, Refused)
    assert "nobody@" not in result.reason


@pytest.mark.parametrize("address", ["张@pinyong.example", "a b@pinyong.example\r\nRCPT TO:<b@pinyong.example>"])
async def test_an_address_that_smtp_cannot_carry_is_refused_before_it_is_sent(town: Town, address: str) -> None:
    async with town.office.connection() as connection:
        assert isinstance(await connection.send(LETTER, address), Refused)
        assert await connection.send(LETTER, "reader@pinyong.example") == Accepted()
    assert [to for to, _ in town.counter.taken] == ["reader@pinyong.example"]


async def test_a_sender_that_the_server_does_not_know_blames_no_letter(town: Town) -> None:
    office = replace(town.office, envelope_from="unknown@pinyong.example")
    async with office.connection() as connection:
        result = await connection.send(LETTER, "reader@pinyong.example")
    assert isinstance(result, TryAgain)
    assert result.after == MUCH_LATER


@pytest.mark.parametrize(("password", "let_in"), [("right", True), ("wrong", False)])
async def test_a_refused_login_blames_no_letter_and_shows_no_password(password: str, let_in: bool) -> None:  # noqa: FBT001
    def authenticate(
        _server: Server, _session: Session, _envelope: Envelope, _mechanism: str, login: object
    ) -> AuthResult:
        return AuthResult(success=getattr(login, "password", b"") == b"right", handled=False)

    async with a_server(Counter(), authenticator=authenticate) as port:
        office = replace(an_office(port), user="notice", password=password)
        async with office.connection() as connection:
            result = await connection.send(LETTER, "reader@pinyong.example")
    assert (result == Accepted()) is let_in
    assert let_in or isinstance(result, TryAgain)
    assert password not in repr(office)
    assert password not in repr(result)


async def test_a_server_without_starttls_is_never_given_a_letter_in_clear(town: Town) -> None:
    office = replace(town.office, encryption="starttls")
    async with office.connection() as connection:
        assert isinstance(await connection.send(LETTER, "reader@pinyong.example"), TryAgain)
    assert town.counter.taken == []
