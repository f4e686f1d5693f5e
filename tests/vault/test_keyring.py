"""The keys file."""

import stat
from pathlib import Path

import pytest

from vault.keyring import (
    Keyring,
    KeysFileDamaged,
    KeysFileExists,
    KeysFileMissing,
    KeysFileOpenToOthers,
    KeyUnknown,
    Purpose,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys.toml"


def test_a_new_keys_file_is_read_back_as_it_was_made(path: Path) -> None:
    assert Keyring.create(path) == Keyring.load(path)


def test_a_new_keys_file_belongs_to_its_owner_alone(path: Path) -> None:
    Keyring.create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["keys.toml"]


def test_every_purpose_has_a_key_of_its_own(path: Path) -> None:
    made = Keyring.create(path)
    assert len({made.current(purpose).secret for purpose in Purpose}) == len(Purpose)


def test_an_existing_keys_file_is_never_replaced_by_new_keys(path: Path) -> None:
    before = Keyring.create(path)
    with pytest.raises(KeysFileExists):
        Keyring.create(path)
    assert Keyring.load_or_create(path) == before


def test_keys_are_made_on_first_use_also_in_a_folder_that_is_not_there_yet(tmp_path: Path) -> None:
    path = tmp_path / "new" / "keys.toml"
    assert Keyring.load_or_create(path) == Keyring.load(path)


def test_a_missing_keys_file_is_said(path: Path) -> None:
    with pytest.raises(KeysFileMissing):
        Keyring.load(path)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_keys_file_that_others_can_open_is_refused(path: Path, mode: int) -> None:
    Keyring.create(path)
    path.chmod(mode)
    with pytest.raises(KeysFileOpenToOthers):
        Keyring.load(path)


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("[payload]", "[payload"),
        ("[payload]", "[unknown]"),
        ('current = "payload-1', 'current = "payload-9'),
        ('="\n', '"\n'),
        ("# Keep", "\u94a5"),
        ('" = "', '" = "AAAA'),
    ],
)
def test_a_damaged_keys_file_is_said_without_its_secrets(path: Path, written: str, instead: str) -> None:
    made = Keyring.create(path)
    path.write_text(path.read_text(encoding="utf-8").replace(written, instead, 1), encoding="utf-8")
    with pytest.raises(KeysFileDamaged) as refusal:
        Keyring.load(path)
    assert made.current(Purpose.PAYLOAD).secret.hex() not in str(refusal.value)


def test_after_a_rotation_the_new_key_is_current_and_the_old_one_still_found(path: Path) -> None:
    before = Keyring.create(path)
    old = before.current(Purpose.LINK)
    before.rotated(Purpose.LINK).save(path)
    after = Keyring.load(path)
    assert after.current(Purpose.LINK).id != old.id
    assert after.key(Purpose.LINK, old.id) == old
    assert after.all(Purpose.LINK) == (after.current(Purpose.LINK), old)
    assert after.current(Purpose.COLUMN) == before.current(Purpose.COLUMN)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_unknown_key_id_is_a_clear_refusal(path: Path) -> None:
    with pytest.raises(KeyUnknown, match="column: 'column-7'"):
        Keyring.create(path).key(Purpose.COLUMN, "column-7")


def test_a_secret_never_shows_in_a_printed_keyring(path: Path) -> None:
    made = Keyring.create(path)
    assert repr(made.current(Purpose.CHAIN).secret) not in repr(made)
