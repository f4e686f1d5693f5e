"""An official document as a model: facts, clauses, tables, boxes. Page, PDF and Word are made from this alone.

Its words are Chinese whoever prints it: it is filed with Chinese offices. A form is one function from rows to a
`Document`; what stands here is already cut to what its reader may read.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

LANGUAGE = "zh-CN"


@dataclass(frozen=True)
class Fact:
    """One labelled value; an empty value is a box to be filled in by hand."""

    label: str
    value: str = ""


@dataclass(frozen=True)
class Facts:
    """Labelled values, two in a line."""

    facts: tuple[Fact, ...]
    caption: str = ""
    kind: str = field(default="facts", init=False)


@dataclass(frozen=True)
class Clause:
    """On what the document rests: rule and place in the text, its exact words, how binding they are."""

    rule: str
    place: str
    quote: str
    mark: str
    source: str
    kind: str = field(default="clause", init=False)


@dataclass(frozen=True)
class Column:
    """A column of a table; `width` is its share of the line, 1 for one that holds a short number."""

    title: str
    width: int = 2


@dataclass(frozen=True)
class Table:
    """A list. Without rows it says `empty`."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str = "无"
    kind: str = field(default="table", init=False)


@dataclass(frozen=True)
class Box:
    """Where one office says its opinion, signs and seals: filled with what is recorded, else left to be filled in.

    `signer` is the person who decided, `day` the day on which it was decided, `notes` how it came into the record.
    """

    heading: str
    opinion: str = ""
    signer: str = ""
    day: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Boxes:
    """The offices in the order in which they decide."""

    boxes: tuple[Box, ...]
    caption: str = ""
    kind: str = field(default="boxes", init=False)


@dataclass(frozen=True)
class Passage:
    """Running text under a caption."""

    caption: str
    words: str
    kind: str = field(default="passage", init=False)


Part = Facts | Clause | Table | Boxes | Passage


@dataclass(frozen=True)
class Document:
    """A whole document. `official` are the facts that an office gives it (文号 and so on), blank until recorded.

    `foot` says what it was printed from: our own number of it is no 文号.
    """

    title: str
    issuer: str
    official: tuple[Fact, ...]
    parts: tuple[Part, ...]
    foot: tuple[str, ...]


def numbered(rows: Iterable[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """The rows of a list with their running number before them."""
    return tuple((str(number), *row) for number, row in enumerate(rows, start=1))
