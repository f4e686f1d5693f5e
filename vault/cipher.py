"""AES-256-GCM and HMAC-SHA-256, each bound to what the bytes are for."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from vault.keyring import Key, Keyring, Purpose

NONCE_BYTES = 12


class SealBroken(Exception):
    """The bytes were altered, belong to another place, or were sealed with another key of the same id."""


def seal(key: Key, plain: bytes, *, bound_to: bytes) -> bytes:
    """Encrypt and authenticate: a random nonce of 12 bytes, then ciphertext and tag (NIST SP 800-38D).

    bound_to is authenticated, not stored: the same bytes are needed to open.
    """
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + _suite(key.secret).encrypt(nonce, plain, bound_to)


def unseal(key: Key, sealed: bytes, *, bound_to: bytes) -> bytes:
    """Open what `seal` made; SealBroken when anything differs."""
    try:
        return _suite(key.secret).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to)
    except (InvalidTag, ValueError) as broken:
        raise SealBroken(key.id) from broken


def keyed_hash(key: Key, *parts: bytes) -> bytes:
    """HMAC-SHA-256 (RFC 2104) of the parts, each preceded by its length, so that no two lists of parts look alike."""
    mac = hmac.new(key.secret, digestmod=hashlib.sha256)
    for part in parts:
        mac.update(len(part).to_bytes(8, "big") + part)
    return mac.digest()


def same(one: bytes, other: bytes) -> bool:
    """Compare in a time that does not tell where two values differ."""
    return hmac.compare_digest(one, other)


def blind_index(keyring: Keyring, value: str, *, context: str) -> str:
    """What is stored beside a sealed column to find a row by its exact value: 43 characters, one way.

    context is "table.column", so that equal values in two columns do not show as equal.
    """
    return _index(keyring.current(Purpose.INDEX), value, context)


def blind_indexes(keyring: Keyring, value: str, *, context: str) -> tuple[str, ...]:
    """Every index under which this value may have been stored, also by keys that have since been replaced."""
    return tuple(_index(key, value, context) for key in keyring.all(Purpose.INDEX))


def _index(key: Key, value: str, context: str) -> str:
    return base64url(keyed_hash(key, context.encode(), value.encode()))


def base64url(raw: bytes) -> str:
    """RFC 4648 section 5, without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@lru_cache(maxsize=64)
def _suite(secret: bytes) -> AESGCM:
    return AESGCM(secret)
