"""A policy pack: one programme's parameters, clauses, tasks, choices, stages, ladders and roles, parsed from TOML text.

The text is given, no file is opened here. A pack is immutable; its sha256 over the text is carried by every case that
was started under it (DEF-20). A text that extends another is completed first, and is then as whole as any.
"""

import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from policies.engine import pack_reader as reader
from policies.engine.pack_base import laid_over, written
from policies.engine.pack_checks import faults_between
from policies.engine.pack_faults import Fault, PackError
from policies.engine.pack_parts import Pack, Stage
from policies.engine.pack_tables import Table
from policies.engine.words import Words

__all__ = ["Pack", "PackError", "parse_pack"]

_AT_LINE = re.compile(r"\(at line (\d+)")
# A process has several shelves, and a pack costs 50 ms; more versions than these are rarely open at once.
_KEPT = 8
_STATUSES = ("consultation_draft", "issued", "secondary_source", "unknown")


def parse_pack(text: str, *, file: str, bases: Mapping[str, str] | None = None) -> Pack:
    """The pack in a TOML text; `file` only names it in messages. Raises PackError with every fault found.

    bases: the texts, by pack id, that it may extend.
    """
    return _parsed(text, file, tuple(sorted((bases or {}).items())))


@lru_cache(maxsize=_KEPT)
def _parsed(text: str, file: str, bases: tuple[tuple[str, str], ...]) -> Pack:
    content = _toml(text, file)
    if base := base_of(content):
        content = _extended(content, base, file, dict(bases))
        text = written(content)
    root = Table(content, "", [])
    head = root.table("pack")
    clauses = {name: reader.read_clause(name, table) for name, table in root.named_tables("clauses").items()}
    pack = Pack(
        id=head.text("id"),
        version=head.text("version"),
        programme=head.text("programme"),
        title=head.words("title"),
        status=head.word("status", _STATUSES),
        source=head.words("source"),
        time_zone=head.text("time_zone"),
        group_word=head.words("group_word"),
        base=head.text("base", ""),
        clauses=clauses,
        parameters={
            name: reader.read_parameter(name, table, clauses) for name, table in root.named_tables("parameters").items()
        },
        choices={name: reader.read_choice(name, table) for name, table in root.named_tables("choices").items()},
        stages=(*_stages(root, "stages", end=False), *_stages(root, "end_states", end=True)),
        tasks={name: reader.read_task(name, table) for name, table in root.named_tables("tasks").items()},
        ladders={name: reader.read_ladder(name, table) for name, table in root.named_tables("ladders").items()},
        roles={name: reader.read_role(name, table) for name, table in root.named_tables("roles").items()},
        tellings={name: reader.read_telling(name, table) for name, table in _optional(root, "tellings").items()},
        events=_words_by_name(root, "events"),
        documents=_words_by_name(root, "documents"),
        text=text,
    )
    head.finish()
    root.finish()
    faults = (*root.faults, *faults_between(pack))
    if faults:
        raise PackError(file, faults)
    return pack


def base_of(content: Mapping[str, object]) -> str:
    """The id of the pack that a text extends, "" for one that stands alone."""
    head = content.get("pack")
    return str(head.get("extends", "")) if isinstance(head, Mapping) else ""


def _extended(content: dict[str, object], base: str, file: str, bases: Mapping[str, str]) -> dict[str, object]:
    """The whole content. One text extends one other, which stands alone; its version is the base's unless it has its
    own.
    """
    known = _toml(bases[base], file) if base in bases else {}
    if not known or base_of(known):
        raise PackError(file, (Fault("unknown_base", "pack.extends", "", {"value": base}),))
    whole = laid_over(known, content)
    head = Table(known, "", []).table("pack")
    laid = dict(Table(whole, "", []).table("pack").content) | {"base": f"{base} {head.text('version')}"}
    del laid["extends"]
    return {**whole, "pack": laid}


def _toml(text: str, file: str) -> dict[str, object]:
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as broken:
        raise PackError(file, (_malformed(text, str(broken)),)) from broken


def _malformed(text: str, detail: str) -> Fault:
    """The parser names the line except at the end of the file."""
    found = _AT_LINE.search(detail)
    line = found.group(1) if found else str(len(text.splitlines()))
    return Fault("malformed", f"line {line}", "", {"line": line, "detail": detail})


def _optional(root: Table, name: str) -> Mapping[str, Table]:
    return root.named_tables(name) if root.has(name) else {}


def _words_by_name(root: Table, name: str) -> dict[str, Words]:
    """A table of words alone: the lines of a file, the titles of printed documents."""
    table = root.table(name) if root.has(name) else Table({}, name, [])
    return {name: table.words(name) for name in table.content}


def _stages(root: Table, name: str, *, end: bool) -> tuple[Stage, ...]:
    table = root.table(name)
    return tuple(reader.read_stage(each, table, end=end) for each in table.content)
