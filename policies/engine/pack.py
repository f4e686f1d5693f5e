"""A policy pack: one programme's parameters, clauses, tasks, choices, stages, ladders and roles, parsed from TOML text.

The text is given, no file is opened here. A pack is immutable; its sha256 over the text is carried by every case that
was started under it (DEF-20).
"""

import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal

from policies.engine import pack_reader as reader
from policies.engine.pack_checks import faults_between
from policies.engine.pack_faults import Fault, PackError
from policies.engine.pack_parts import Pack, Stage
from policies.engine.pack_tables import Table
from policies.engine.words import Words

__all__ = ["Pack", "PackError", "parse_pack"]

_AT_LINE = re.compile(r"\(at line (\d+)")
_STATUSES = ("consultation_draft", "issued", "secondary_source", "unknown")


def parse_pack(text: str, *, file: str) -> Pack:
    """The pack in a TOML text; `file` only names it in messages. Raises PackError with every fault found."""
    root = Table(_toml(text, file), "", [])
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
