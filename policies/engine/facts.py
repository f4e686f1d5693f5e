"""Facts from JSON, checked against the facts dataclass of a rule: every problem named, none guessed away.

A facts dataclass documents each field by `Annotated[type, Words(zh, en)]`. Known types: str, bool, int, date, Decimal
(a JSON number read without a float, or a string), Literal words, another facts dataclass, a tuple of any of them,
or None.
"""

from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from types import NoneType, UnionType
from typing import Annotated, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from policies.engine.finding import Value
from policies.engine.words import Language, Words

Facts = TypeVar("Facts")


@dataclass(frozen=True)
class FactProblem:
    """What is wrong with one field: its name (with a path into lists) and what is expected there."""

    field: str
    problem: Words


class FactsRejected(ValueError):
    """The facts do not fit the rule."""

    def __init__(self, problems: tuple[FactProblem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(f"{each.field}: {each.problem.zh} / {each.problem.en}" for each in problems))

    def said_in(self, language: Language) -> str:
        """One line per problem in one language."""
        return "\n".join(f"{each.field}: {each.problem.said_in(language)}" for each in self.problems)


@dataclass(frozen=True)
class FieldNote:
    """The documentation of one field of a facts dataclass."""

    name: str
    expected: Words
    meaning: Words
    required: bool


def read_facts(kind: type[Facts], raw: object) -> Facts:
    """The facts in a JSON value; raises FactsRejected with every problem found."""
    problems: list[FactProblem] = []
    facts = _object(kind, raw, "", problems)
    if problems:
        raise FactsRejected(tuple(problems))
    return cast("Facts", facts)


def notes_of(kind: type[object]) -> tuple[FieldNote, ...]:
    """Name, expected form, meaning and need of every field."""
    hints = get_type_hints(kind, include_extras=True)
    return tuple(
        FieldNote(each.name, _expected(hints[each.name]), _meaning(hints[each.name]), _is_required(each))
        for each in _fields_of(kind)
    )


def as_inputs(facts: object) -> Mapping[str, Value]:
    """A facts dataclass as the inputs of a finding."""
    return {each.name: _as_value(getattr(facts, each.name)) for each in _fields_of(type(facts))}


def _as_value(value: object) -> Value:
    if isinstance(value, tuple):
        return tuple(_as_value(each) for each in value)
    if is_dataclass(value):
        return as_inputs(value)
    return cast("Value", value)


def _object(kind: type[object], raw: object, path: str, problems: list[FactProblem]) -> object:
    if not isinstance(raw, Mapping):
        _note(problems, path or "$", Words("应为一个 JSON 对象", "expected a JSON object"))
        return None
    hints = get_type_hints(kind, include_extras=True)
    known = _fields_of(kind)
    for name in sorted(set(raw) - {each.name for each in known}):
        listed = ", ".join(each.name for each in known)
        _note(problems, path + name, _UNKNOWN.filled(known=listed))
    values: dict[str, object] = {}
    for each in known:
        if each.name in raw:
            values[each.name] = _value(hints[each.name], raw[each.name], path + each.name, problems)
        elif _is_required(each):
            _note(problems, path + each.name, _MISSING.filled_by(expected=_expected(hints[each.name])))
    return None if problems else kind(**values)


def _value(hint: object, raw: object, path: str, problems: list[FactProblem]) -> object:
    base = _base(hint)
    if _is_optional(base):
        return None if raw is None else _value(_inner(base), raw, path, problems)
    if get_origin(base) is tuple and isinstance(raw, list):
        inner = get_args(base)[0]
        return tuple(_value(inner, each, f"{path}[{at}]", problems) for at, each in enumerate(raw))
    if isinstance(base, type) and is_dataclass(base):
        return _object(base, raw, path + ".", problems)
    return _plain(base, raw, path, problems)


def _plain(base: object, raw: object, path: str, problems: list[FactProblem]) -> object:
    found = _scalar(base, raw)
    if found is None:
        _note(problems, path, _WRONG.filled_by(expected=_expected(base), found=Words(repr(raw), repr(raw))))
    return found


def _scalar(base: object, raw: object) -> object:
    if get_origin(base) is Literal:
        return raw if raw in get_args(base) and isinstance(raw, str) else None
    if base is date:
        return _day(raw)
    if base is Decimal:
        return _decimal(raw)
    if base is int:
        return raw if isinstance(raw, int) and not isinstance(raw, bool) and raw >= 0 else None
    return raw if isinstance(base, type) and isinstance(raw, base) else None


def _day(raw: object) -> date | None:
    """Only the written form 2026-03-01: the compact and the week form of ISO 8601 are typing errors here."""
    try:
        day = date.fromisoformat(raw) if isinstance(raw, str) else None
    except ValueError:
        return None
    return day if day and raw == day.isoformat() else None


def _decimal(raw: object) -> Decimal | None:
    if isinstance(raw, bool) or not isinstance(raw, int | str | Decimal):
        return None
    try:
        number = Decimal(raw)
    except InvalidOperation:
        return None
    return number if number.is_finite() and number >= 0 else None


def _expected(hint: object) -> Words:
    base = _base(hint)
    if _is_optional(base):
        return _OR_NULL.filled_by(expected=_expected(_inner(base)))
    if get_origin(base) is tuple:
        return _LIST_OF.filled_by(expected=_expected(get_args(base)[0]))
    if get_origin(base) is Literal:
        choices = " | ".join(str(each) for each in get_args(base))
        return _ONE_OF.filled(choices=choices)
    if isinstance(base, type) and is_dataclass(base):
        names = ", ".join(each.name for each in _fields_of(base))
        return _OBJECT.filled(names=names)
    return _EXPECTED[cast("type[object]", base)]


def _meaning(hint: object) -> Words:
    return next((each for each in get_args(hint)[1:] if isinstance(each, Words)), Words("", ""))


def _base(hint: object) -> object:
    return get_args(hint)[0] if get_origin(hint) is Annotated else hint


def _is_optional(base: object) -> bool:
    return get_origin(base) in {Union, UnionType} and NoneType in get_args(base)


def _inner(base: object) -> object:
    return next(each for each in get_args(base) if each is not NoneType)


def _fields_of(kind: type[object]) -> tuple[Field[object], ...]:
    return fields(kind) if is_dataclass(kind) else ()


def _is_required(each: Field[object]) -> bool:
    return each.default is MISSING and each.default_factory is MISSING


def _note(problems: list[FactProblem], path: str, problem: Words) -> None:
    problems.append(FactProblem(path, problem))


_UNKNOWN = Words("没有这个字段,可用字段:{known}", "no such field; the fields are: {known}")
_MISSING = Words("缺少此字段,应为{expected}", "is missing; expected {expected}")
_WRONG = Words("应为{expected},收到 {found}", "expected {expected}, got {found}")
_OR_NULL = Words("{expected}或 null", "{expected} or null")
_LIST_OF = Words("列表,每项为{expected}", "a list, each {expected}")
_ONE_OF = Words("以下之一:{choices}", "one of: {choices}")
_OBJECT = Words("对象({names})", "an object ({names})")
_EXPECTED: Mapping[type[object], Words] = {
    str: Words("文字", "a text"),
    bool: Words("true 或 false", "true or false"),
    int: Words("不小于 0 的整数", "a whole number of at least 0"),
    date: Words('日期,如 "2026-03-01"', 'a date such as "2026-03-01"'),
    Decimal: Words('不小于 0 的数,小数写成文字,如 "12.5"', 'a number of at least 0, decimals as text such as "12.5"'),
}
