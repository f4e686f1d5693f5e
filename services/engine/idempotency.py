"""Answers kept under the client's Idempotency-Key, so that a start sent twice is one start with one answer.

The key is claimed before the work begins; whoever comes second waits for the first one's answer. A claim whose process
died is taken over after a minute: the business key of the start (EXC-14) then finds what had been written.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert

from db.engine.access import IdempotentAnswer
from db.engine.base import Sessions
from db.engine.clock import Clock
from policies.engine.refusals import Refusal

UNANSWERED = 0
CLAIM_LIVES = timedelta(seconds=60)
LOOKS, BETWEEN_LOOKS = 100, 0.05


class IdempotencyKeyReused(Refusal):
    """The key came before with another request; it stands for that one."""


class StartUnderWay(Refusal):
    """A request with this key is still being worked on; ask again in a moment."""


@dataclass(frozen=True)
class Request:
    """Who sent what under which key; `sha256` is over method, path and body."""

    client: str
    key: str
    sha256: str


@dataclass(frozen=True)
class KeptAnswer:
    """A status and a body; `again` when they were kept from before."""

    status: int
    body: dict[str, Any]
    again: bool = False


class IdempotencyDesk:
    """Lets one of several equal requests do the work."""

    def __init__(self, sessions: Sessions, *, clock: Clock) -> None:
        """A desk over the record."""
        self._sessions, self._clock = sessions, clock

    async def once(self, request: Request, work: Callable[[], Awaitable[KeptAnswer]]) -> KeptAnswer:
        """Do the work, or give the answer that it had. A refusal is not kept: the cause may be gone the next time.

        Raises IdempotencyKeyReused for another body under the key, StartUnderWay when the first does not end in time.
        """
        if not await self._claimed(request):
            kept = await self._answer_of_another(request)
            if kept is not None:
                return kept
        answer = None
        try:
            answer = await work()
        finally:
            if answer is None:
                await self._let_go(request)
        await self._keep(request, answer)
        return answer

    async def _claimed(self, request: Request) -> bool:
        row = {
            "client": request.client,
            "key": request.key,
            "request_sha256": request.sha256,
            "status": UNANSWERED,
            "body": {},
            "at": self._clock.now(),
        }
        statement = insert(IdempotentAnswer).values(row).on_conflict_do_nothing().returning(IdempotentAnswer.key)
        async with self._sessions.begin() as session:
            return await session.scalar(statement) is not None

    async def _answer_of_another(self, request: Request) -> KeptAnswer | None:
        """What the first request was answered with; None when its claim has become ours."""
        for _ in range(LOOKS):
            async with self._sessions() as session:
                row = await session.get(IdempotentAnswer, (request.client, request.key))
            if row is None:
                if await self._claimed(request):
                    return None
                continue
            if row.request_sha256 != request.sha256:
                raise IdempotencyKeyReused(key=request.key)
            if row.status != UNANSWERED:
                return KeptAnswer(row.status, row.body, again=True)
            if await self._taken_over(request, row):
                return None
            await asyncio.sleep(BETWEEN_LOOKS)
        raise StartUnderWay(key=request.key)

    async def _taken_over(self, request: Request, row: IdempotentAnswer) -> bool:
        now = self._clock.now()
        if now - row.at < CLAIM_LIVES:
            return False
        statement = update(IdempotentAnswer).where(*_row_of(request), IdempotentAnswer.at == row.at).values(at=now)
        async with self._sessions.begin() as session:
            return await session.scalar(statement.returning(IdempotentAnswer.key)) is not None

    async def _let_go(self, request: Request) -> None:
        async with self._sessions.begin() as session:
            await session.execute(delete(IdempotentAnswer).where(*_row_of(request)))

    async def _keep(self, request: Request, answer: KeptAnswer) -> None:
        statement = update(IdempotentAnswer).where(*_row_of(request))
        async with self._sessions.begin() as session:
            await session.execute(statement.values(status=answer.status, body=answer.body))


def _row_of(request: Request) -> tuple[Any, ...]:
    return (
        IdempotentAnswer.client == request.client,
        IdempotentAnswer.key == request.key,
        IdempotentAnswer.status == UNANSWERED,
    )
