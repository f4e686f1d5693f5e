"""A pack that extends another: the base's text with what the extension adds or says otherwise, as one text of its own.

Two programmes of one document share its clauses, roles and ladders and differ in some tasks and numbers (decision
0012). Tables are laid over each other key by key; words, lists and single values are replaced as a whole. What comes
out is a complete pack, so that whoever stores, hashes or reads it needs no second text.
"""

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

Content = Mapping[str, object]
_LANGUAGES = {"zh", "en"}
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def laid_over(base: Content, change: Content) -> dict[str, object]:
    """The base with the change laid over it."""
    return {**base, **{name: _one(base.get(name), value) for name, value in change.items()}}


def written(content: Content) -> str:
    """The content as TOML text: the values that stand alone, then the tables in their own order."""
    return "".join(_lines("", content))


def _one(former: object, value: object) -> object:
    if isinstance(former, Mapping) and isinstance(value, Mapping) and not set(value) & _LANGUAGES:
        return laid_over(former, value)
    return value


def _lines(path: str, table: Content) -> Iterator[str]:
    """The table's own values, then the tables in it under headers of their own; words stand in one line."""
    inner = {name: value for name, value in table.items() if isinstance(value, Mapping) and not set(value) & _LANGUAGES}
    yield from (f"{_key(name)} = {_value(value)}\n" for name, value in table.items() if name not in inner)
    for name, value in inner.items():
        below = f"{path}.{_key(name)}" if path else _key(name)
        yield f"[{below}]\n"
        yield from _lines(below, value)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(name)} = {_value(each)}" for name, each in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_value(each) for each in value) + "]"
    return _text(str(value))


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _text(value: str) -> str:
    """A TOML basic string is written as a JSON string."""
    return json.dumps(value, ensure_ascii=False)
