"""What an audit finds, and over what it looked."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Damage:
    """Where the record is not as it was written.

    what: gone, cut_off, replaced, unsealed (a case against the seals), seal_missing, seal_altered, seal_unknown (the
    register), line_missing, line_altered, end_of_file, case_row, decision, scan, pack, or the kind of a row beside the
    file. number: of a line, 0 for the file as a whole; of missing seals the last one. which: a decision's request, a
    scan's hash, a pack and its version, a row's key. how: of a row: altered, missing, added. seal, at: the seal that
    says otherwise, or the first one missing, and its instant (UTC).
    """

    what: str
    case_id: str = ""
    number: int = 0
    which: str = ""
    how: str = ""
    seal: int = 0
    at: datetime | None = None


@dataclass
class Tally:
    """What an audit has looked at.

    sealed_until: the instant of the newest seal; what was written after it, `waiting` cases, no seal protects yet.
    unnamed: rows of files that were begun before rows were named in them; `named_since`: when the first file was begun
    that names them all.
    """

    cases: int = 0
    lines: int = 0
    seals: int = 0
    newest_seal: int = 0
    code: str = ""
    sealed_until: datetime | None = None
    waiting: int = 0
    unnamed: int = 0
    named_since: datetime | None = None
