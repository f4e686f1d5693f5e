"""Grades beside their cap: by group and year, both kinds of staff together (DQ-3.3.3d, COR-11)."""

from dataclasses import dataclass

from policies.engine.pack import Pack
from policies.grading import cap_of
from rehearsal.records import Records

EXCELLENT = "excellent"


@dataclass(frozen=True)
class Cohort:
    """The graded people of one group and year beside what the cap allows (DQ-3.3.3d)."""

    group: str
    year: int
    graded: int
    proposed: int
    excellent: int
    cap: int


def cohorts(records: Records, pack: Pack) -> list[Cohort]:
    """Every group and year in which somebody was graded."""
    found = []
    for group, year in sorted({(one.group, one.year) for one in records.grades}):
        settled = [one for one in records.grades if (one.group, one.year, one.state) == (group, year, "settled")]
        excellent = sum(one.grade == EXCELLENT for one in settled)
        proposed = sum(one.proposed == EXCELLENT for one in settled)
        cap = cap_of(len(settled), pack.parameters["excellent_share"])
        found.append(Cohort(group, year, len(settled), proposed, excellent, cap))
    return found
