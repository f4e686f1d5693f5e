"""Each part of a pack from its TOML table; references between parts are checked in `pack_checks`."""

from collections.abc import Mapping
from typing import cast

from policies.engine import pack_parts as parts
from policies.engine.finding import Basis, Mark
from policies.engine.pack_tables import Table
from policies.engine.questions import Kind
from policies.engine.words import Words

_MARKS = ("MUST", "PRINCIPLE", "MAY", "TARGET")
_OUR_IDS = ("DEF-", "COR-", "PD")
# COR-09: who has no title of their own is greeted as colleagues greet each other.
_ADDRESS = Words("{name}同志", "{name}")


def read_clause(rule: str, table: Table) -> parts.Clause:
    """One [clauses."RULE-ID"] table."""
    table.rule = rule
    quotes = table.texts("quote")
    clause = parts.Clause(
        rule=rule,
        clause=table.text("clause"),
        lines=_read_lines(table, len(quotes)),
        quotes=quotes,
        mark=cast("Mark", table.word("mark", _MARKS)),
        meaning=table.words("meaning"),
    )
    table.finish()
    return clause


def read_parameter(name: str, table: Table, clauses: Mapping[str, parts.Clause]) -> parts.Parameter:
    """One [parameters.name] table; clause and line are those of its rule unless it states its own."""
    table.rule = table.text("rule")
    home = clauses.get(table.rule)
    if home is None and table.rule:
        table.note("unknown_rule", value=table.rule)
    basis = cast("Basis", table.word("basis", ("text", "default")))
    quote = table.text("quote", "")
    parameter = parts.Parameter(
        name=name,
        value=table.value("value"),
        unit=table.word("unit", parts.UNITS),
        comparison=table.word("comparison", parts.COMPARISONS, "="),
        rule=table.rule,
        clause=table.text("clause", home.clause if home else ""),
        line=table.whole("line", home.line_of(quote) if home else 0),
        quote=quote,
        mark=cast("Mark", table.word("mark", _MARKS)),
        basis=basis,
        meaning=table.words("meaning"),
        default=table.text("default", ""),
        active=table.flag("active", fallback=True),
    )
    table.finish()
    _note_source(parameter, home, table)
    _note_value(parameter, table)
    return parameter


def read_choice(name: str, table: Table) -> parts.Choice:
    """One [choices.name] table."""
    choice = parts.Choice(
        name=name,
        label=table.words("label"),
        reason=table.word("reason", ("required", "optional")),
        tone=table.word("tone", parts.TONES),
    )
    table.finish()
    return choice


def read_stage(name: str, table: Table, *, end: bool) -> parts.Stage:
    """One stage, {zh, en}."""
    return parts.Stage(name, table.words(name), end)


def read_task(name: str, table: Table) -> parts.TaskType:
    """One [tasks.name] table with its steps."""
    table.rule = table.text("rule")
    kind = table.word("kind", tuple(Kind))
    task = parts.TaskType(
        name=name,
        title=table.words("title"),
        ask=table.words("ask"),
        rule=table.rule,
        side=table.word("side", parts.SIDES),
        kind=Kind(kind) if kind in tuple(Kind) else Kind.ANY,
        quorum=table.whole("quorum", 0),
        days=table.text("days"),
        grave=table.flag("grave", fallback=False),
        ladder=table.text("ladder"),
        form=table.text("form"),
        steps=tuple(_read_step(each) for each in table.tables("steps")),
        items=table.texts("items", ()),
        apart_from=table.texts("apart_from", ()),
        appraisal=table.flag("appraisal", fallback=False),
    )
    table.finish()
    return task


def read_ladder(name: str, table: Table) -> parts.LadderType:
    """One [ladders.name] table; "a+b" in a receiver tells both."""
    ladder = parts.LadderType(
        name=name,
        at=table.clock("at"),
        rungs=tuple(_read_rung(each) for each in table.tables("rungs")),
        weekly=_read_weekly(table.table("weekly")) if table.has("weekly") else None,
    )
    table.finish()
    return ladder


def read_role(role_id: str, table: Table) -> parts.Role:
    """One [roles."R-01"] table."""
    address = table.words("address") if table.has("address") else _ADDRESS
    steps_in = table.texts("steps_in", ())
    for each in steps_in:
        if each not in parts.STEPS_IN:
            table.note("not_listed", name="steps_in", value=each, allowed=", ".join(sorted(parts.STEPS_IN)))
    role = parts.Role(role_id, table.words("label"), table.texts("escalates_to", ()), address, steps_in)
    table.finish()
    return role


def read_telling(name: str, table: Table) -> parts.TellingType:
    """One [tellings.name] table."""
    telling = parts.TellingType(name, table.words("title"), table.words("result"))
    table.finish()
    return telling


def _note_source(parameter: parts.Parameter, home: parts.Clause | None, table: Table) -> None:
    if parameter.basis == "default" and not parameter.default.startswith(_OUR_IDS):
        table.note("unexplained_default", value=parameter.default)
    if parameter.basis == "text" and not parameter.quote:
        table.note("unquoted")
    elif parameter.quote and home and not any(parameter.quote in quote for quote in home.quotes):
        table.note("misquoted")


def _note_value(parameter: parts.Parameter, table: Table) -> None:
    is_word = isinstance(parameter.value, str | tuple)
    wants_word = parameter.unit in {"month_day", "date", "words", "setting"}
    if is_word != wants_word or (not is_word and parameter.number < 0):
        table.note("value_unfit", value=str(parameter.value), unit=parameter.unit)


def _read_lines(table: Table, quotes: int) -> tuple[int, ...]:
    """One line of the source text for each quote; a single one is that of them all."""
    lines = table.wholes("line")
    if len(lines) == 1:
        return lines * max(quotes, 1)
    if len(lines) != quotes:
        table.note("lines_unfit", lines=str(len(lines)), quotes=str(quotes))
    return lines or (0,)


def _read_step(table: Table) -> parts.StepType:
    step = parts.StepType(
        name=table.text("name"),
        role=table.text("role"),
        at=table.word("at", parts.PLACES),
        choices=table.texts("choices"),
        days=table.text("days", ""),
    )
    table.finish()
    return step


def _read_rung(table: Table) -> parts.RungType:
    rung = parts.RungType(
        name=table.text("name"),
        offset=table.whole("offset"),
        kind=table.word("kind", parts.RUNG_KINDS),
        to=_read_receivers(table),
        since=table.text("since", ""),
    )
    if rung.since and rung.offset < 1:
        table.note("not_after", value=str(rung.offset))
    table.finish()
    return rung


def _read_weekly(table: Table) -> parts.WeeklyType:
    weekly = parts.WeeklyType(
        after=table.whole("after"),
        every_weeks=table.whole("every_weeks", 1),
        kind=table.word("kind", parts.RUNG_KINDS),
        to=_read_receivers(table),
    )
    table.finish()
    return weekly


def _read_receivers(table: Table) -> tuple[str, ...]:
    receivers = tuple(table.text("to").split("+"))
    for each in receivers:
        if each and each not in parts.RECEIVERS:
            table.note("unknown_receiver", value=each, allowed=", ".join(sorted(parts.RECEIVERS)))
    return receivers
