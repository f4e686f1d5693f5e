"""What the page of a case shows, part by part: plain values, already cut to what one viewer may read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from policies.engine.words import Words
from services.engine import said
from services.engine.permissions import Right


@dataclass(frozen=True)
class Stop:
    """One stage on the process map: done, here, or ahead."""

    label: Words
    state: str


@dataclass(frozen=True)
class Holder:
    """One person asked: by role and institution; the name only for those who may see it."""

    role: Words
    institution: Words
    name: str
    why: str


@dataclass(frozen=True)
class OpenTask:
    """A task of the case that waits for somebody."""

    task: str
    title: Words
    clause: said.Clause
    due: said.Due | None
    holders: tuple[Holder, ...]
    vacant: bool
    escalated: bool
    last_rung: str
    mine: bool
    may_urge: bool
    may_hand_over: bool
    may_record: bool


@dataclass(frozen=True)
class Moment:
    """One line of the file. `said` is its name by the pack, empty for what the engine itself wrote; `facts` are ids and
    codes of the line with the words that the pack has for them; `minutes` is the number of the meeting's minutes that
    a decision rests on.
    """

    number: int
    at: datetime
    event: str
    said: Words
    actor: str
    role: Words
    institution: Words
    title: Words
    facts: Mapping[str, Words]
    words: str
    minutes: str = ""


@dataclass(frozen=True)
class Timeline:
    """A piece of the file, the newest line first; how many lines stand before it, and whether any stand behind it."""

    moments: tuple[Moment, ...]
    older: int
    newer: bool


@dataclass(frozen=True)
class Refused:
    """An answer or act that was received and not counted."""

    at: datetime
    refusal: str
    title: Words
    name: str


@dataclass(frozen=True)
class Why:
    """A finding with what it rests on."""

    rules: tuple[said.Clause, ...]
    outcome: str
    explanation: Words
    quote: str
    default: bool
    defaults: tuple[str, ...]
    numbers: tuple[tuple[str, str], ...]
    at: datetime


@dataclass(frozen=True)
class CasePage:
    """Everything that a viewer may see of a case. `leaver` is the person whose departure they may record, or "".

    `bound`: the case has ended and its result goes on to bind the person, who cannot withdraw any more (DEF-14).
    `partial`: some of the case is not the viewer's. `gone_on`: the viewer was asked about something that the case has
    left; of its later ways nothing stands here.
    """

    case: str
    lifecycle: str
    title: Words
    programme: said.Programme
    state: str
    stage: Words
    outcome: Words
    institution: Words
    subject: str
    started_at: datetime
    rights: frozenset[Right]
    own: bool
    partial: bool
    gone_on: bool
    bound: bool
    leaver: str
    map: tuple[Stop, ...]
    tasks: tuple[OpenTask, ...]
    timeline: Timeline
    decisions: tuple[said.Opinion, ...]
    refused: tuple[Refused, ...]
    findings: tuple[Why, ...]
