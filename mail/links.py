"""The token in a letter's link: derived when the letter is sent, never stored (design 7)."""

from __future__ import annotations

import hashlib

from vault.cipher import base64url, keyed_hash
from vault.keyring import Key


def token(link_key: Key, *, task: str, person: str, revision: int, purpose: str, letter: str) -> str:
    """43 characters of base64url: HMAC-SHA-256 over all that the link is bound to; the same facts, the same token.

    A letter that is sent again after a rotation needs the key with which it was first sent: keep `link_key.id` with it.
    """
    bound_to = (task, person, str(revision), purpose, letter)
    return base64url(keyed_hash(link_key, *(part.encode() for part in bound_to)))


def fingerprint(token: str) -> bytes:
    """SHA-256 of a token: all that is stored of it, and what a link is looked up by; no key is needed to verify."""
    return hashlib.sha256(token.encode()).digest()
