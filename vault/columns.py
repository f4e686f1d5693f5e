"""Columns that hold telephone and identity numbers: sealed on the way in, opened on the way out."""

from __future__ import annotations

from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator

from vault.cipher import SealBroken, seal, unseal
from vault.keyring import Keyring, Purpose

_KEYRING = "pinyong_keyring"


class KeysNotGiven(Exception):
    """A sealed column was read or written through an engine that `give_keys` has not seen."""


class Sealed(TypeDecorator[str]):
    """Text stored as AES-256-GCM bytes: length of the key id, key id, nonce, ciphertext and tag.

    context is "table.column" and is authenticated: a value moved to another column does not open (SealBroken). None
    stays NULL. Equal texts give different bytes; to find a row use `vault.cipher.blind_index`.
    """

    impl = LargeBinary
    cache_ok = True

    def __init__(self, context: str) -> None:
        """A column whose values open only in the place named by context."""
        super().__init__()
        self.context = context

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Seal on the way to the database."""
        return None if value is None else seal_text(_keyring_of(dialect), value, context=self.context)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """Open on the way back."""
        return None if value is None else open_text(_keyring_of(dialect), value, context=self.context)


def give_keys(dialect: Dialect, keyring: Keyring) -> None:
    """Let one engine's sealed columns use this keyring: call it with `engine.dialect` once the engine is made."""
    setattr(dialect, _KEYRING, keyring)


def seal_text(keyring: Keyring, text: str, *, context: str) -> bytes:
    """The bytes of a sealed column."""
    key = keyring.current(Purpose.COLUMN)
    name = key.id.encode()
    return bytes([len(name)]) + name + seal(key, text.encode(), bound_to=context.encode())


def open_text(keyring: Keyring, stored: bytes, *, context: str) -> str:
    """The text of a sealed column; KeyUnknown or SealBroken when it cannot be opened."""
    if not stored:
        raise SealBroken(context)
    end = 1 + stored[0]
    key = keyring.key(Purpose.COLUMN, stored[1:end].decode(errors="replace"))
    return unseal(key, stored[end:], bound_to=context.encode()).decode()


def _keyring_of(dialect: Dialect) -> Keyring:
    keyring = getattr(dialect, _KEYRING, None)
    if not isinstance(keyring, Keyring):
        raise KeysNotGiven(dialect.name)
    return keyring
