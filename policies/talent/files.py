"""六(二) One person, one file, and the report of what has ended (OT-6.2a, OT-6.2b)."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from policies.engine.finding import Finding, Value
from policies.engine.grounds import Grounds
from policies.engine.pack_parts import Pack
from policies.engine.words import Words

Reached = Literal["filed", "signed", "executing", "assessed"]
_STAGES: tuple[Reached, ...] = ("filed", "signed", "executing", "assessed")
_PARTS = ("file_from_filing", "file_from_signing", "file_from_execution", "file_from_assessment")


@dataclass(frozen=True)
class FileFacts:
    """The evaluation files of a contract, and what lies in them."""

    reached: Annotated[Reached, Words("已进行到的阶段", "how far the contract has come")]
    documents: Annotated[tuple[str, ...], Words("已归入的材料", "documents on file")]
    people: Annotated[int, Words("引进人数", "people of the contract")] = 1
    files: Annotated[int, Words("已建档案数", "files that were opened")] = 1
    team_cover: Annotated[bool, Words("团队是否另有总档", "whether a team has its cover file")] = False


@dataclass(frozen=True)
class ReportFacts:
    """A contract that was completed, rescinded or cannot go on, and its report to the commission.

    working_days: those after the day on which it ended, up to the report or to today, by the calendar of the office.
    """

    ended_on: Annotated[date, Words("结束日期", "day on which it ended")]
    working_days: Annotated[int, Words("其后的工作日天数", "working days since")]
    reported_on: Annotated[date | None, Words("报备案日期", "day of the report")] = None
    filed: Annotated[bool, Words("旗卫生健康委是否已备案", "whether the commission has filed it")] = False


def file_is_complete(facts: FileFacts, pack: Pack) -> Finding:
    """OT-6.2a One file a person, with what its stage brings (PD); what is missing bears on payments alone."""
    needed = _PARTS[: _STAGES.index(facts.reached) + 1]
    grounds = Grounds(pack, "OT-6.2a", facts, needed)
    if facts.files < facts.people or (facts.people > 1 and not facts.team_cover):
        return grounds.warned("file_missing", _FILE_MISSING.filled(people=facts.people, files=facts.files))
    documents = (each for name in needed for each in grounds[name].listed)
    missing = tuple(each for each in documents if each not in facts.documents)
    if missing:
        return grounds.warned("incomplete", _INCOMPLETE.filled(which="、".join(missing)), {"missing": missing})
    return grounds.met("complete", _COMPLETE)


def ending_is_reported(facts: ReportFacts, pack: Pack) -> Finding:
    """OT-6.2b Promptly means five working days (PD): a day late is late, and nothing else follows from it."""
    grounds = Grounds(pack, "OT-6.2b", facts, ("report_filing_days",))
    is_in_time = grounds["report_filing_days"].holds_for(facts.working_days)
    figures: dict[str, Value] = {"in_time": is_in_time, "working_days": facts.working_days}
    if facts.filed:
        return grounds.met("filed", _FILED if is_in_time else _FILED_LATE, figures)
    if facts.reported_on is not None:
        return grounds.unmet("reported", _REPORTED if is_in_time else _REPORTED_LATE, figures)
    if is_in_time:
        return grounds.unmet("to_report", _TO_REPORT.filled(days=grounds["report_filing_days"].whole), figures)
    return grounds.unmet("overdue", _OVERDUE.filled(days=grounds["report_filing_days"].whole), figures)


_FILE_MISSING = Words(
    "引进{people}人,已建档案{files}份;须一人一档,团队另有总档",
    "{people} people, {files} files: one for each, and a cover for a team",
)
_INCOMPLETE = Words("档案尚缺:{which}", "the file lacks: {which}")
_COMPLETE = Words("档案材料齐备", "the file is complete")
_FILED = Words("已备案", "filed")
_FILED_LATE = Words("已备案,报送逾期", "filed; the report was late")
_REPORTED = Words("已报送,待备案", "reported, to be filed")
_REPORTED_LATE = Words("已报送,逾期,待备案", "reported late, to be filed")
_TO_REPORT = Words(
    "须在{days}个工作日内报旗卫生健康委备案", "to be reported to the commission within {days} working days"
)
_OVERDUE = Words("已超过{days}个工作日,尚未报备案", "not reported, and {days} working days are over")
