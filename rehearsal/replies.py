"""What a person answers: a button, words, and what is filled in; a script is a table of it by the name of the task.

A task that is not in the table is an error that names it: a new question of a lifecycle gets its line there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from rehearsal.browser import Form
from rehearsal.cast import Asked, Cast

AGREED = "同意。"
REASON = "已核实，按实际情况办理。"


class NoScript(Exception):
    """A task was asked for which the table has no answer."""


@dataclass(frozen=True)
class Reply:
    """One button, the words beside it, and the fields of the form that are filled in otherwise than they stand.

    scan: a sealed paper goes with it where the form takes one. otherwise: what is answered when this has been refused,
    as it must be.
    """

    choice: str
    words: str = REASON
    fields: Mapping[str, str] = field(default_factory=dict)
    scan: bool = False
    otherwise: "Reply | None" = None


Players = TypeVar("Players", bound=Cast)
Answer = Callable[[Players, Asked, Form], Reply]


def reply_by(answers: Mapping[str, Answer[Players]], cast: Players, asked: Asked, form: Form) -> Reply:
    """What this person answers. Raises NoScript with the names of task and role."""
    answer = answers.get(asked.name)
    if answer is None:
        raise NoScript(f"{asked.name} ({asked.role})")
    return answer(cast, asked, form)


def says(choice: str, words: str = REASON, **fields: str) -> Answer[Any]:
    """The same answer for everybody."""

    def answer(cast: Cast, asked: Asked, form: Form) -> Reply:
        return Reply(choice, words, fields)

    return answer


def with_scan(of: Answer[Any]) -> Answer[Any]:
    """The same with a sealed paper."""

    def answer(cast: Cast, asked: Asked, form: Form) -> Reply:
        return replace(of(cast, asked, form), scan=True)

    return answer


def by_part(part: str, then: Answer[Any], otherwise: Answer[Any]) -> Answer[Any]:
    """What somebody with a part answers, or what is answered about them, and what all others are."""

    def answer(cast: Cast, asked: Asked, form: Form) -> Reply:
        told = cast.plays(asked.person, part) or cast.plays(asked.subject, part)
        return (then if told else otherwise)(cast, asked, form)

    return answer


def today(choice: str, name: str) -> Answer[Any]:
    """An answer that names the day on which it is given."""

    def answer(cast: Cast, asked: Asked, form: Form) -> Reply:
        return Reply(choice, AGREED, {name: asked.today.isoformat()})

    return answer
