"""Reading one TOML table key by key: what is missing or of a wrong kind is noted, and reading goes on.

A reader that finds a fault returns a harmless stand-in; nobody sees it, since a pack with faults is never returned.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import time
from decimal import Decimal

from policies.engine.pack_faults import Fault
from policies.engine.pack_parts import ParameterValue
from policies.engine.words import Words


@dataclass
class Table:
    """A TOML table with its dotted key, the rule it touches, and the list that all faults of the file go to."""

    content: Mapping[str, object]
    key: str
    faults: list[Fault]
    rule: str = ""
    seen: set[str] = field(default_factory=set)

    def note(self, code: str, **values: str) -> None:
        """Keep a fault of this table."""
        self.faults.append(Fault(code, self.key, self.rule, values))

    def has(self, name: str) -> bool:
        """Whether the table has the key."""
        return name in self.content

    def text(self, name: str, fallback: str | None = None) -> str:
        """A text that is not empty."""
        value = self._take(name, fallback)
        if isinstance(value, str) and (value or value == fallback):
            return value
        self._wrong(name, value, "非空文字", "a text that is not empty")
        return ""

    def word(self, name: str, allowed: Iterable[str], fallback: str | None = None) -> str:
        """One of a closed list of words."""
        value = self.text(name, fallback)
        if value and value not in allowed:
            self.note("not_listed", name=name, value=value, allowed=", ".join(sorted(allowed)))
        return value

    def whole(self, name: str, fallback: int | None = None) -> int:
        """An integer."""
        value = self._take(name, fallback)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        self._wrong(name, value, "整数", "a whole number")
        return 0

    def wholes(self, name: str) -> tuple[int, ...]:
        """A list of integers; a single one is a list of one."""
        found = self._take(name, None)
        if isinstance(found, list) and found and all(type(each) is int for each in found):
            return tuple(found)
        return (self.whole(name),)

    def flag(self, name: str, *, fallback: bool) -> bool:
        """True or false."""
        value = self._take(name, fallback)
        if not isinstance(value, bool):
            self._wrong(name, value, "true 或 false", "true or false")
        return value is True

    def value(self, name: str) -> ParameterValue:
        """A parameter's value: whole number, decimal, text or list of texts."""
        found = self._take(name, None)
        if isinstance(found, list):
            return self.texts(name)
        if isinstance(found, int | Decimal | str) and not isinstance(found, bool):
            return found
        self._wrong(name, found, "数、文字或文字列表", "a number, a text or a list of texts")
        return 0

    def texts(self, name: str, fallback: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list of texts; a single text is a list of one."""
        found = self._take(name, fallback)
        parts = (found,) if isinstance(found, str) else found
        if isinstance(parts, list | tuple) and all(isinstance(part, str) and part for part in parts):
            return tuple(str(part) for part in parts)
        self._wrong(name, found, "文字列表", "a list of texts")
        return ()

    def words(self, name: str) -> Words:
        """A text in both languages."""
        found = self._take(name, None)
        if not isinstance(found, Mapping):
            self._wrong(name, found, "{zh, en} 表", "a table {zh, en}")
            return Words("", "")
        zh, en = found.get("zh"), found.get("en")
        if isinstance(zh, str) and isinstance(en, str) and zh and en and set(found) == {"zh", "en"}:
            return Words(zh, en)
        self.note("half_translated", name=name)
        return Words("", "")

    def clock(self, name: str) -> time:
        """A local time of day written HH:MM."""
        written = self.text(name)
        try:
            return time.fromisoformat(written)
        except ValueError:
            if written:
                self._wrong(name, written, "时刻,如 09:00", "a time of day such as 09:00")
            return time(0)

    def table(self, name: str) -> "Table":
        """The table under a key."""
        found = self._take(name, None)
        if isinstance(found, Mapping):
            return Table(found, self._path(name), self.faults, self.rule)
        self._wrong(name, found, "表", "a table")
        return Table({}, self._path(name), [], self.rule)

    def tables(self, name: str) -> tuple["Table", ...]:
        """The tables of a list, numbered from 1 in their keys."""
        found = self._take(name, None)
        if not isinstance(found, list) or not all(isinstance(each, Mapping) for each in found):
            self._wrong(name, found, "表的列表", "a list of tables")
            return ()
        path = self._path(name)
        return tuple(Table(each, f"{path}[{at}]", self.faults, self.rule) for at, each in enumerate(found, start=1))

    def named_tables(self, name: str) -> Mapping[str, "Table"]:
        """The tables under a key by their names, in the file's order."""
        outer = self.table(name)
        return {each: outer.table(each) for each in outer.content}

    def finish(self) -> None:
        """Note every key that nobody asked for."""
        for name in self.content:
            if name not in self.seen:
                self.note("unknown_key", name=name)

    def _take(self, name: str, fallback: object) -> object:
        self.seen.add(name)
        return self.content.get(name, fallback)

    def _wrong(self, name: str, found: object, zh: str, en: str) -> None:
        if found is None:
            self.note("missing", name=name)
        else:
            self.note("wrong_type", name=name, expected_zh=zh, expected_en=en)

    def _path(self, name: str) -> str:
        written = name if name.replace("_", "").isalnum() else f'"{name}"'
        return f"{self.key}.{written}" if self.key else written
