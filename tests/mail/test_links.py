"""Tokens in links (design 7)."""

import hashlib
from typing import TypedDict

import pytest

from mail.links import fingerprint, token
from vault.keyring import Key

KEY = Key("link-1", bytes(range(32)))


class Bound(TypedDict):
    task: str
    person: str
    revision: int
    purpose: str
    letter: str


FACTS: Bound = {"task": "case-17.t3", "person": "p-7", "revision": 2, "purpose": "decide", "letter": "letter-1"}


def test_a_letter_sent_again_carries_the_same_link() -> None:
    assert token(KEY, **FACTS) == token(KEY, **FACTS)


@pytest.mark.parametrize(
    "other",
    [
        Bound(**{**FACTS, "task": "case-17.t4"}),
        Bound(**{**FACTS, "person": "p-8"}),
        Bound(**{**FACTS, "revision": 3}),
        Bound(**{**FACTS, "purpose": "object"}),
        Bound(**{**FACTS, "letter": "letter-2"}),
        Bound(**{**FACTS, "task": "case-17.t3p", "person": "-7"}),
    ],
)
def test_a_token_is_bound_to_every_one_of_its_facts(other: Bound) -> None:
    assert token(KEY, **other) != token(KEY, **FACTS)


def test_another_key_gives_another_token() -> None:
    assert token(Key("link-2", bytes(32)), **FACTS) != token(KEY, **FACTS)


def test_a_token_fits_a_url_and_only_its_hash_is_stored() -> None:
    made = token(KEY, **FACTS)
    assert len(made) == 43
    assert made.replace("-", "").replace("_", "").isalnum()
    assert fingerprint(made) == hashlib.sha256(made.encode()).digest()
