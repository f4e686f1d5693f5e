"""Keys of service accounts (R-31): made once, shown once, kept as a hash, revocable.

They start cases and deliver facts; they never decide.
"""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from db.engine.access import ApiKey
from db.engine.base import Sessions
from db.engine.clock import Clock
from policies.engine.refusals import Refusal

SCOPES = ("cases:start", "cases:read", "tasks:read", "people:read", "facts:write", "roles:write")
PREFIX = "pinyong_"


class ScopeUnknown(Refusal):
    """A key was asked for with a scope that does not exist."""


class ApiKeyUnknown(Refusal):
    """There is no unrevoked key with this id."""


@dataclass(frozen=True)
class ServiceAccount:
    """Whoever holds a key: its id, the name it was given, and what it may do."""

    id: str
    name: str
    scopes: frozenset[str]
    created_at: datetime


@dataclass(frozen=True)
class IssuedKey:
    """A new key with its secret, which nobody can show again."""

    id: str
    secret: str


class KeyDesk:
    """Gives, checks and takes back keys."""

    def __init__(self, sessions: Sessions, *, clock: Clock) -> None:
        """A desk over the record."""
        self._sessions, self._clock = sessions, clock

    async def issue(self, name: str, scopes: Iterable[str]) -> IssuedKey:
        """Make a key; ScopeUnknown when it asks for something that there is not."""
        wanted = sorted(set(scopes))
        for scope in wanted:
            if scope not in SCOPES:
                raise ScopeUnknown(scope=scope)
        issued = IssuedKey(f"k-{secrets.token_hex(4)}", PREFIX + secrets.token_urlsafe(32))
        row = ApiKey(
            id=issued.id,
            fingerprint=_fingerprint(issued.secret),
            name=name,
            scopes=wanted,
            created_at=self._clock.now(),
        )
        async with self._sessions.begin() as session:
            session.add(row)
        return issued

    async def account_of(self, secret: str) -> ServiceAccount | None:
        """Who shows this secret; None for an unknown or a revoked one."""
        query = select(ApiKey).where(ApiKey.fingerprint == _fingerprint(secret), ApiKey.revoked_at.is_(None))
        async with self._sessions() as session:
            row = await session.scalar(query)
        return _account(row) if row else None

    async def revoke(self, key_id: str) -> None:
        """From now on the key opens nothing; ApiKeyUnknown when it does not stand."""
        now = self._clock.now()
        statement = (
            update(ApiKey)
            .where(ApiKey.id == key_id, ApiKey.revoked_at.is_(None))
            .values(revoked_at=now)
            .returning(ApiKey.id)
        )
        async with self._sessions.begin() as session:
            revoked = await session.scalar(statement)
        if revoked is None:
            raise ApiKeyUnknown(key=key_id)

    async def accounts(self) -> list[ServiceAccount]:
        """Every key that stands, oldest first."""
        query = select(ApiKey).where(ApiKey.revoked_at.is_(None)).order_by(ApiKey.created_at, ApiKey.id)
        async with self._sessions() as session:
            return [_account(row) for row in await session.scalars(query)]


def _account(row: ApiKey) -> ServiceAccount:
    return ServiceAccount(row.id, row.name, frozenset(row.scopes), row.created_at)


def _fingerprint(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
