"""Rows of attendance judged in memory against what is on record: each whole, or refused with its reasons."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from db.attendance_reads import Held
from policies.days import KINDS
from services.engine.permissions import Right, Viewer
from services.facts import CHANGED, CREATED, REFUSED, UNCHANGED, RowResult
from services.field_problems import FieldProblem
from services.serving import Serving

LONGEST_WORDS = 2000
Halves = tuple[str, str]


@dataclass(frozen=True)
class DayEntry:
    """One local day by its halves; `field` names where it stands in the row, for what is wrong with it."""

    day: date
    morning: str
    afternoon: str
    field: str = "kind"


@dataclass(frozen=True)
class AttendanceRow:
    """Days of one person, whom the term's case or the person's id names; a name that is given must be theirs.

    `faults` were found before, in a sheet's cells.
    """

    days: tuple[DayEntry, ...] = ()
    term: str = ""
    person: str = ""
    name: str = ""
    words: str = ""
    faults: tuple[FieldProblem, ...] = ()


@dataclass(frozen=True)
class Keeper:
    """Who records, and by which way: api, import or page. Without a viewer it is a service account, for everybody."""

    by: str
    channel: str
    viewer: Viewer | None = None

    def may_keep(self, term: Serving) -> bool:
        """Whether the term lies at an institution whose attendance they keep."""
        return self.viewer is None or self.viewer.may(Right.KEEP_ATTENDANCE, [term.receiving])


@dataclass(frozen=True)
class Fresh:
    """A day to be added: what stood before, if anything."""

    case: str
    entry: DayEntry
    before: Held | None
    words: str

    @property
    def revision(self) -> int:
        """The number of the new row."""
        return self.before.revision + 1 if self.before else 1


@dataclass
class Book:
    """What is known of the terms that the rows speak of, and what the rows add to it."""

    terms: Sequence[Serving]
    known: Mapping[str, Mapping[date, Held]]
    keeper: Keeper
    today: date
    fresh: list[Fresh] = field(default_factory=list)
    _said: dict[tuple[str, date], Halves] = field(default_factory=dict)

    def take(self, row: AttendanceRow) -> RowResult:
        """Judge one row, and add its days when all of it is good."""
        term, problems = self._meant(row)
        problems = [*row.faults, *problems, *_plain(row)]
        if term is not None:
            problems += [found for entry in row.days for found in self._faults(term, entry)]
        if term is None or problems:
            return RowResult(REFUSED, term.case if term else "", tuple(dict.fromkeys(problems)))
        return RowResult(self._written(term, row), term.case)

    def _meant(self, row: AttendanceRow) -> tuple[Serving | None, list[FieldProblem]]:
        """Which running term the row speaks of; without its case the only one of the person. Terms whose attendance the
        keeper does not keep are as good as none: nobody learns who serves elsewhere.
        """
        field = "term" if row.term else "person"
        if not (row.term or row.person):
            return None, [FieldProblem("term", "missing")]
        kept = [each for each in self.terms if self.keeper.may_keep(each)]
        found = [each for each in kept if row.term in ("", each.case) and row.person in ("", each.person)]
        running = _of_those_days([each for each in found if each.runs], row)
        if not running:
            return None, [FieldProblem(field, "term_not_running" if found else "term_unknown")]
        if len(running) > 1:
            return None, [FieldProblem("term", "term_ambiguous")]
        if running[0].person == self.keeper.by:
            return running[0], [FieldProblem(field, "own_days")]
        misnamed = row.name and row.name != running[0].name
        return running[0], [FieldProblem("name", "name_other")] if misnamed else []

    def _faults(self, term: Serving, entry: DayEntry) -> Iterator[FieldProblem]:
        where = entry.field if entry.field != "kind" else "day"
        if {entry.morning, entry.afternoon} - set(KINDS):
            yield FieldProblem(entry.field, "day_kind_unknown")
        elif self._said.get((term.case, entry.day), _halves(entry)) != _halves(entry):
            yield FieldProblem(where, "day_repeated")
        if entry.day > self.today:
            yield FieldProblem(where, "date_future")
        elif term.first_day and entry.day < term.first_day:
            yield FieldProblem(where, "day_before_service", (("first_day", term.first_day.isoformat()),))
        elif term.last_day and entry.day > term.last_day:
            yield FieldProblem(where, "day_after_service", (("last_day", term.last_day.isoformat()),))

    def _written(self, term: Serving, row: AttendanceRow) -> str:
        outcomes = {self._entered(term, entry, row.words.strip()) for entry in row.days}
        return next((outcome for outcome in (CREATED, CHANGED) if outcome in outcomes), UNCHANGED)

    def _entered(self, term: Serving, entry: DayEntry, words: str) -> str:
        at = (term.case, entry.day)
        before, repeated = self.known[term.case].get(entry.day), at in self._said
        self._said[at] = _halves(entry)
        if repeated or (before and (before.recorded.morning, before.recorded.afternoon) == _halves(entry)):
            return UNCHANGED
        self.fresh.append(Fresh(term.case, entry, before, words))
        return CHANGED if before else CREATED


def _of_those_days(terms: Sequence[Serving], row: AttendanceRow) -> Sequence[Serving]:
    """Of several terms of one service the one to which all the days of a row belong, else where the person is now."""
    if len(terms) == 1:
        return terms
    then = [each for each in terms if row.days and all(each.has(entry.day) for entry in row.days)]
    return then or [each for each in terms if each.later is None]


def _plain(row: AttendanceRow) -> Iterator[FieldProblem]:
    """What a row lacks, or has too much of, whoever it speaks of."""
    if not row.days and not row.faults:
        yield FieldProblem("day", "missing")
    if len(row.words) > LONGEST_WORDS:
        yield FieldProblem("words", "too_long", (("limit", str(LONGEST_WORDS)),))
    twice = {entry.day: _halves(entry) for entry in row.days}
    if any(twice[entry.day] != _halves(entry) for entry in row.days):
        yield FieldProblem("day", "day_repeated")


def _halves(entry: DayEntry) -> Halves:
    return entry.morning, entry.afternoon
