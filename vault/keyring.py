"""The keys file: one set of keys for each purpose, the current one and those that older ciphertext still needs."""

from __future__ import annotations

import base64
import binascii
import os
import secrets
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from tempfile import NamedTemporaryFile

KEY_BYTES = 32
OWNER_ONLY = 0o600


class Purpose(StrEnum):
    """What a key is for; a key of one purpose is never used for another."""

    PAYLOAD = "payload"
    COLUMN = "column"
    CHAIN = "chain"
    LINK = "link"
    INDEX = "index"


class KeysFileUnusable(Exception):
    """The keys file cannot be used; the text is one line for the operator, in both languages."""

    words = ""

    def __init__(self, place: str) -> None:
        super().__init__(f"{self.words}: {place}")


class KeysFileMissing(KeysFileUnusable):
    """There is no keys file at this path; ciphertext made with its keys cannot be read without it."""

    words = (
        "密钥文件缺失，库中已封存的内容没有它不能打开，请从备份恢复 / "
        "the keys file is missing, and what was sealed with it cannot be opened without it; restore it from the backup"
    )


class KeysFileExists(Exception):
    """A keys file stands at this path already; replacing it would make everything sealed with it unreadable."""


class KeysFileOpenToOthers(KeysFileUnusable):
    """The keys file can be read or written by somebody who is not its owner; its mode must be 0600."""

    words = "密钥文件可被他人读写，请改为 0600 / the keys file is open to others, its mode must be 0600"


class KeysFileDamaged(KeysFileUnusable):
    """The keys file is not TOML, lacks a purpose or its current key, or holds a key that is not 32 bytes in base64."""

    words = "密钥文件已损坏 / the keys file is damaged"


class KeyUnknown(Exception):
    """Something was sealed with a key id that this keys file does not hold."""


@dataclass(frozen=True)
class Key:
    """One secret of 32 bytes with the id under which ciphertext remembers it."""

    id: str
    secret: bytes = field(repr=False)


@dataclass(frozen=True)
class KeySet:
    """The keys of one purpose by id; the current one seals, all of them open."""

    current: str
    keys: Mapping[str, Key]


@dataclass(frozen=True)
class Keyring:
    """All keys of an installation by purpose."""

    sets: Mapping[Purpose, KeySet]

    @classmethod
    def create(cls, path: Path) -> Keyring:
        """Make new keys and the file (mode 0600) that holds them; KeysFileExists when there is one."""
        made = cls({purpose: _set_of(_new_key(purpose, number=1)) for purpose in Purpose})
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = made._written_beside(path)
        try:
            os.link(draft, path)
        except FileExistsError as taken:
            raise KeysFileExists(str(path)) from taken
        finally:
            draft.unlink()
        _keep_entry(path)
        return made

    @classmethod
    def load(cls, path: Path) -> Keyring:
        """Read the keys file; KeysFileMissing, KeysFileOpenToOthers or KeysFileDamaged say what is wrong with it."""
        try:
            mode = stat.S_IMODE(path.stat().st_mode)
            text = path.read_text(encoding="ascii")
        except FileNotFoundError as missing:
            raise KeysFileMissing(str(path)) from missing
        except UnicodeDecodeError as foreign:
            raise KeysFileDamaged(str(path)) from foreign
        if mode & ~OWNER_ONLY:
            raise KeysFileOpenToOthers(f"{path}: {mode:o}")
        return cls({purpose: _read_set(text, purpose, path=path) for purpose in Purpose})

    @classmethod
    def load_or_create(cls, path: Path) -> Keyring:
        """The keys of this installation, made on first use; safe when several processes start at once."""
        try:
            return cls.load(path)
        except KeysFileMissing:
            return cls._create_or_read(path)

    @classmethod
    def _create_or_read(cls, path: Path) -> Keyring:
        try:
            return cls.create(path)
        except KeysFileExists:
            return cls.load(path)

    def current(self, purpose: Purpose) -> Key:
        """The key that seals and signs for this purpose today."""
        chosen = self.sets[purpose]
        return chosen.keys[chosen.current]

    def key(self, purpose: Purpose, key_id: str) -> Key:
        """The key with this id, current or older; KeyUnknown names purpose and id, never the secret."""
        try:
            return self.sets[purpose].keys[key_id]
        except KeyError as absent:
            raise KeyUnknown(f"{purpose}: {key_id!r}") from absent

    def all(self, purpose: Purpose) -> tuple[Key, ...]:
        """Every key of this purpose, the current one first."""
        now = self.current(purpose)
        return (now, *(key for key in self.sets[purpose].keys.values() if key.id != now.id))

    def rotated(self, purpose: Purpose) -> Keyring:
        """This keyring with a new current key for one purpose; the former ones stay and still open."""
        before = self.sets[purpose]
        fresh = _new_key(purpose, number=len(before.keys) + 1)
        after = KeySet(fresh.id, {**before.keys, fresh.id: fresh})
        return replace(self, sets={**self.sets, purpose: after})

    def save(self, path: Path) -> None:
        """Replace the keys file in one step, so that a reader sees the old keys or the new ones, never half a file."""
        self._written_beside(path).replace(path)
        _keep_entry(path)

    def _written_beside(self, path: Path) -> Path:
        with NamedTemporaryFile("w", dir=path.parent, prefix=".keys-", delete=False, encoding="ascii") as draft:
            draft.write(_as_toml(self))
            draft.flush()
            os.fsync(draft.fileno())
        return Path(draft.name)


def _keep_entry(path: Path) -> None:
    """Flush the folder too: after a power cut rows sealed with keys that never reached the disk would be lost."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _set_of(key: Key) -> KeySet:
    return KeySet(key.id, {key.id: key})


def _new_key(purpose: Purpose, *, number: int) -> Key:
    return Key(f"{purpose}-{number}-{secrets.token_hex(2)}", secrets.token_bytes(KEY_BYTES))


def _as_toml(keyring: Keyring) -> str:
    lines = ["# Keep a copy of this file away from the database: without it nothing that was sealed can be read."]
    for purpose, chosen in keyring.sets.items():
        lines += ["", f"[{purpose}]", f'current = "{chosen.current}"', f"[{purpose}.keys]"]
        lines += [f'"{key.id}" = "{base64.b64encode(key.secret).decode()}"' for key in chosen.keys.values()]
    return "\n".join(lines) + "\n"


def _read_set(text: str, purpose: Purpose, *, path: Path) -> KeySet:
    try:
        table = tomllib.loads(text)[purpose]
        keys = {name: Key(name, base64.b64decode(secret, validate=True)) for name, secret in table["keys"].items()}
        chosen = KeySet(table["current"], keys)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError, binascii.Error) as fault:
        raise KeysFileDamaged(f"{path}: [{purpose}]") from fault
    if chosen.current not in keys or any(len(key.secret) != KEY_BYTES for key in keys.values()):
        raise KeysFileDamaged(f"{path}: [{purpose}]")
    return chosen
