"""Seals, keyed hashes and blind indexes."""

from pathlib import Path

import pytest

from vault.cipher import SealBroken, blind_index, blind_indexes, keyed_hash, same, seal, unseal
from vault.keyring import Key, Keyring, Purpose

KEY = Key("column-1", bytes(range(32)))
OTHER = Key("column-1", bytes(reversed(range(32))))


def test_what_was_sealed_opens_in_its_place() -> None:
    assert unseal(KEY, seal(KEY, "密".encode(), bound_to=b"person.phone"), bound_to=b"person.phone") == "密".encode()


def test_the_same_text_sealed_twice_looks_different() -> None:
    assert seal(KEY, b"same", bound_to=b"x") != seal(KEY, b"same", bound_to=b"x")


def test_a_seal_does_not_open_in_another_place() -> None:
    with pytest.raises(SealBroken):
        unseal(KEY, seal(KEY, b"text", bound_to=b"person.phone"), bound_to=b"person.id_number")


def test_a_seal_does_not_open_with_another_key() -> None:
    with pytest.raises(SealBroken):
        unseal(OTHER, seal(KEY, b"text", bound_to=b"x"), bound_to=b"x")


@pytest.mark.parametrize("position", [0, 12, -1])
def test_one_altered_bit_breaks_the_seal(position: int) -> None:
    altered = bytearray(seal(KEY, b"text", bound_to=b"x"))
    altered[position] ^= 1
    with pytest.raises(SealBroken):
        unseal(KEY, bytes(altered), bound_to=b"x")


def test_a_seal_cut_short_is_broken() -> None:
    with pytest.raises(SealBroken):
        unseal(KEY, b"short", bound_to=b"x")


def test_a_keyed_hash_tells_where_one_part_ends() -> None:
    assert not same(keyed_hash(KEY, b"ab", b"c"), keyed_hash(KEY, b"a", b"bc"))
    assert same(keyed_hash(KEY, b"ab", b"c"), keyed_hash(KEY, b"ab", b"c"))
    assert not same(keyed_hash(KEY, b"ab", b"c"), keyed_hash(OTHER, b"ab", b"c"))


def test_an_index_finds_its_value_in_its_column_only(tmp_path: Path) -> None:
    keyring = Keyring.create(tmp_path / "keys.toml")
    stored = blind_index(keyring, "330521199001011234", context="person.id_number")
    assert stored == blind_index(keyring, "330521199001011234", context="person.id_number")
    assert stored != blind_index(keyring, "330521199001011234", context="person.phone")
    assert "330521" not in stored


def test_an_index_made_before_a_rotation_is_still_found(tmp_path: Path) -> None:
    keyring = Keyring.create(tmp_path / "keys.toml")
    stored = blind_index(keyring, "13800000000", context="person.phone")
    turned = keyring.rotated(Purpose.INDEX)
    assert stored != blind_index(turned, "13800000000", context="person.phone")
    assert stored in blind_indexes(turned, "13800000000", context="person.phone")
