"""Who may see and do what, by role: one table, the minimum of the role catalogue (policy.md section 6).

A role reaches the cases of its scope. Beyond them a person reaches only the cases that are their own or in which they
were asked.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, exists, or_
from sqlalchemy.orm import aliased

from db.engine.cases import CaseFile
from db.engine.tasks import SeatRow, TaskRow
from policies.engine.refusals import Refusal
from policies.engine.tasks import RECALLED


class NotForYou(Refusal):
    """Nobody of the person's roles reaches this page or act."""


class Scope(StrEnum):
    """How far a role reaches: nowhere, only what is recorded of who serves at its own institution, its own institution,
    or its institution and all below it.
    """

    NONE = "none"
    SERVING = "serving"
    BODY = "body"
    BELOW = "below"


class Right(StrEnum):
    """What a role may see or do within its scope."""

    MONITOR = "monitor"
    NAMES = "names"
    WORDS = "words"
    FINDINGS = "findings"
    URGE = "urge"
    NAME_SOMEONE = "name_someone"
    COMMENT = "comment"
    RECORD_PAPER = "record_paper"
    CHECK_PAPER = "check_paper"
    TAKE_BACK = "take_back"
    RECORD_DEPARTURE = "record_departure"
    SEE_DEPARTURE = "see_departure"
    KEEP_DOCUMENTS = "keep_documents"
    KEEP_DEPUTIES = "keep_deputies"
    RECORD_ABSENCE = "record_absence"
    PROPOSE_CHANGE = "propose_change"
    STAND_STILL = "stand_still"
    KEEP_ATTENDANCE = "keep_attendance"
    KEEP_MENTORS = "keep_mentors"
    OPERATE = "operate"
    INSPECT = "inspect"
    KEEP_YEAR = "keep_year"
    ARRANGE_CLINICS = "arrange_clinics"
    LEAD_FILINGS = "lead_filings"
    SEE_FILINGS = "see_filings"
    PAY = "pay"
    CONFIRM_PAY = "confirm_pay"
    KEEP_POOL = "keep_pool"
    OPEN_BALANCES = "open_balances"
    CALL_TALENTS = "call_talents"
    OPEN_CONTRACTS = "open_contracts"
    NOMINATE_TALENT = "nominate_talent"
    KEEP_SESSIONS = "keep_sessions"
    KEEP_OWN_SESSIONS = "keep_own_sessions"
    SEE_SIGNED = "see_signed"
    SETTLE_TALENT = "settle_talent"
    END_TALENT = "end_talent"
    KEEP_FUNDS = "keep_funds"
    SEE_FUNDS = "see_funds"
    REQUEST_FUNDS = "request_funds"


_SEE = frozenset({Right.MONITOR, Right.NAMES, Right.WORDS, Right.FINDINGS})
_OFFICE = _SEE | {Right.COMMENT, Right.RECORD_PAPER, Right.CHECK_PAPER, Right.KEEP_DOCUMENTS, Right.KEEP_DEPUTIES}
_HEAD = _SEE | {Right.COMMENT, Right.CHECK_PAPER}
_ATTENDANCE = frozenset({Right.RECORD_ABSENCE, Right.KEEP_ATTENDANCE})
_FUNDS = frozenset({Right.SEE_FUNDS, Right.REQUEST_FUNDS})
_FILINGS = frozenset({Right.LEAD_FILINGS, Right.SEE_FILINGS})
# Who checks a sheet reads its words, and the check makes it a decision: the HR monitor may neither (policy.md 6).
_WATCH = frozenset({Right.MONITOR, Right.NAMES, Right.URGE, Right.NAME_SOMEONE, Right.COMMENT, Right.KEEP_DEPUTIES})

REACH: Mapping[str, tuple[Scope, frozenset[Right]]] = {
    "R-01": (
        Scope.BODY,
        _OFFICE | _ATTENDANCE | {Right.RECORD_DEPARTURE, Right.SEE_DEPARTURE, Right.PROPOSE_CHANGE},
    ),
    "R-02": (Scope.BODY, _HEAD | {Right.TAKE_BACK, Right.SEE_DEPARTURE, Right.PROPOSE_CHANGE}),
    # A county hospital receives trainees, whose attendance and mentors it keeps.
    "R-03": (
        Scope.BODY,
        _OFFICE | _ATTENDANCE | {Right.RECORD_DEPARTURE, Right.SEE_DEPARTURE, Right.PROPOSE_CHANGE, Right.KEEP_MENTORS},
    ),
    "R-04": (Scope.BODY, _HEAD | {Right.SEE_DEPARTURE, Right.PROPOSE_CHANGE, Right.KEEP_MENTORS}),
    # Days and absences of those who serve there; it opens no case.
    "R-06": (Scope.SERVING, _ATTENDANCE),
    "R-07": (
        Scope.BELOW,
        _OFFICE
        | {Right.URGE, Right.TAKE_BACK, Right.SEE_DEPARTURE, Right.ARRANGE_CLINICS, Right.PROPOSE_CHANGE, *_FILINGS}
        | {Right.PAY, Right.CONFIRM_PAY, Right.KEEP_POOL, Right.STAND_STILL, Right.OPEN_BALANCES},
    ),
    "R-08": (Scope.BODY, _HEAD),
    "R-09": (
        Scope.BELOW,
        _OFFICE
        | {Right.URGE, Right.SEE_DEPARTURE, Right.INSPECT, Right.KEEP_YEAR, Right.SEE_FILINGS}
        | {Right.KEEP_POOL, Right.STAND_STILL, Right.CALL_TALENTS},
    ),
    "R-10": (
        Scope.BELOW,
        _HEAD
        | {Right.URGE, Right.SEE_DEPARTURE, Right.INSPECT, Right.KEEP_YEAR, Right.SEE_FILINGS, Right.STAND_STILL}
        # Where the group has no second person of its own (COR-06).
        | {Right.CONFIRM_PAY}
        | {Right.CALL_TALENTS},
    ),
    # Only methods and pay totals are asked of the other bureaus, so that their own place is all that they reach.
    "R-11": (Scope.BODY, (_OFFICE - {Right.KEEP_DOCUMENTS}) | {Right.SEE_FILINGS}),
    # Flexible-talent contracts: the employer's own, its departments' sessions, the commission over all of them.
    # SEE_SIGNED: what their hospital has signed as one of several employers (OT-2.1b).
    "R-19": (
        Scope.BODY,
        _OFFICE | {Right.NOMINATE_TALENT, Right.KEEP_SESSIONS, Right.SEE_SIGNED, Right.END_TALENT, *_FUNDS},
    ),
    "R-20": (Scope.BODY, _HEAD | {Right.TAKE_BACK, Right.NOMINATE_TALENT, Right.SEE_SIGNED, Right.END_TALENT, *_FUNDS}),
    # Only contracts of the own department: those whose head they are named (policy.md 6).
    "R-22": (Scope.SERVING, frozenset({Right.KEEP_OWN_SESSIONS})),
    # The contracts were filed with the commission, which therefore states those that run already (COR-17).
    "R-23": (
        Scope.BELOW,
        _OFFICE | {Right.URGE, Right.SETTLE_TALENT, Right.KEEP_FUNDS, Right.SEE_FUNDS, Right.OPEN_CONTRACTS},
    ),
    "R-24": (Scope.BELOW, _HEAD | {Right.URGE, Right.SETTLE_TALENT, Right.KEEP_FUNDS, Right.SEE_FUNDS}),
    "R-26": (Scope.BODY, (_OFFICE - {Right.KEEP_DOCUMENTS}) | {Right.SEE_FUNDS}),
    "R-27": (Scope.BELOW, _SEE | {Right.SEE_FUNDS}),
    "R-29": (Scope.BELOW, _WATCH | {Right.RECORD_DEPARTURE}),
    "R-30": (Scope.NONE, frozenset({Right.OPERATE})),
    "R-38": (Scope.BODY, _HEAD),
    "R-39": (Scope.BODY, _HEAD | {Right.SEE_DEPARTURE, Right.CONFIRM_PAY}),
}
# Auditor, HR monitor, administrator: they watch, and no task may be put into their hands (policy.md 6).
NEVER_DECIDE = ("R-27", "R-29", "R-30")
# What a person sees in their own case: decisions with their reasons, findings, and their own name.
OWN = frozenset({Right.NAMES, Right.WORDS, Right.FINDINGS, Right.COMMENT})
# Somebody who was asked in a case sees what the question rests on.
ASKED = frozenset({Right.NAMES, Right.WORDS, Right.FINDINGS, Right.COMMENT})
# Lines of a file about a person's leaving, and what in them not everybody may read who may open the case.
LEAVING: Mapping[str, frozenset[str]] = {"person_left": frozenset({"kind"})}
# What of a line about a judgement of a person says which.
JUDGED = frozenset({"choice", "outcome"})
# The ref that says what a question is about: the post for which a person is reviewed.
OBJECT = "post"
_NONE: tuple[Scope, frozenset[Right]] = (Scope.NONE, frozenset())


@dataclass(frozen=True)
class Held:
    """A role held at an institution today, with every institution that it reaches."""

    role: str
    institution: str
    reaches: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Viewer:
    """The signed-in person with what they may reach."""

    person: str
    name: str
    language: str
    institution: str
    roles: tuple[Held, ...] = ()
    sample: bool = False

    @property
    def reached(self) -> frozenset[str]:
        """Every institution whose cases one of the roles reaches."""
        opening = (held.reaches for held in self.roles if scope_of(held.role) is not Scope.SERVING)
        return frozenset().union(*opening)

    def may(self, right: Right, institutions: Iterable[str] | None = None) -> bool:
        """Whether a role gives the right, there or (without institutions) anywhere."""
        return right in self.rights(institutions)

    def rights(self, institutions: Iterable[str] | None = None) -> frozenset[Right]:
        """All that the roles give in a case that touches these institutions, or anywhere."""
        touched = None if institutions is None else set(institutions)
        given = [REACH.get(held.role, _NONE)[1] for held in self.roles if touched is None or touched & held.reaches]
        return frozenset().union(*given)

    def reached_for(self, right: Right) -> frozenset[str]:
        """The institutions in which a role gives this right."""
        giving = [held.reaches for held in self.roles if right in REACH.get(held.role, _NONE)[1]]
        return frozenset().union(*giving)


def reads_why_left(viewer: Viewer, *, subject: str, home: str, actor: str) -> bool:
    """Whether a viewer may read why a person left (retired, died, lost the licence) and what HR wrote to it.

    The person, whoever recorded it, and the roles that see the staff of the person's own institution or every case
    there (policy.md 6): not the other side, not somebody who was only asked, not who watches states and deadlines.
    """
    return viewer.person in (subject, actor) or viewer.may(Right.SEE_DEPARTURE, [home])


def scope_of(role: str) -> Scope:
    """How far a role reaches; a role that is not in the table reaches nothing."""
    return REACH.get(role, _NONE)[0]


def ensure(viewer: Viewer, right: Right, institutions: Iterable[str] | None = None) -> None:
    """Refuse with NotForYou what no role of the viewer gives."""
    if not viewer.may(right, institutions):
        raise NotForYou(right=right.value)


# Aliases: the query around may read tasks and seats of its own. Made once, they are what such a query costs most.
_ASKED, _LATER, _SEATED, _SEAT = aliased(TaskRow), aliased(TaskRow), aliased(TaskRow), aliased(SeatRow)


def touches(institutions: Iterable[str]) -> ColumnElement[bool]:
    """Cases that lie at one of these institutions, or in which one of them is asked: not those that have gone on from
    there to be reviewed for something else.
    """
    asked_there = exists().where(_ASKED.case_id == CaseFile.id, _ASKED.institution.in_(institutions), ~gone_on(_ASKED))
    return or_(CaseFile.institution.in_(institutions), asked_there.correlate(CaseFile))


def gone_on(task: type[TaskRow]) -> ColumnElement[bool]:
    """Whether the task's case was asked about another object since."""
    other = _LATER.refs[OBJECT].astext != task.refs[OBJECT].astext
    return exists().where(_LATER.case_id == task.case_id, _LATER.opened_at > task.opened_at, other).correlate(task)


def present_to(viewer: Viewer) -> ColumnElement[bool]:
    """The cases that stand on a person's lists: their own, those in which they are asked, those in their reach."""
    mine = or_(CaseFile.subject == viewer.person, _sat(viewer, ~gone_on(_SEATED)))
    return or_(mine, touches(viewer.reached)) if viewer.reached else mine


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """The cases that a person may open at all; of one that has gone on, `share_of` says how much."""
    asked_there = exists().where(_ASKED.case_id == CaseFile.id, _ASKED.institution.in_(viewer.reached))
    ways = [CaseFile.subject == viewer.person, _sat(viewer)]
    if viewer.reached:
        ways += [CaseFile.institution.in_(viewer.reached), asked_there.correlate(CaseFile)]
    return or_(*ways)


def _sat(viewer: Viewer, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Cases in which the person was asked in a task that fits."""
    seated = (_SEATED.case_id == CaseFile.id, _SEAT.task_id == _SEATED.id, _SEAT.person == viewer.person)
    return exists().where(*seated, _SEAT.why != RECALLED, *conditions).correlate(CaseFile)
