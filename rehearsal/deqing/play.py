"""The year of a county: demand and supply, applications or trainings, service, grades (policy.md 3.1, 3.2)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import select

from db.engine.cases import CaseFile
from i18n import N_
from policies.engine.words import Words
from rehearsal.browser import Form
from rehearsal.cast import Asked, Habits
from rehearsal.deqing.answers import ANSWERS
from rehearsal.deqing.cast import CountyCast, cast_of
from rehearsal.deqing.county import GROUP
from rehearsal.deqing.happenings import Happenings
from rehearsal.happenings import Happening
from rehearsal.play import Moment, Play
from rehearsal.records import Records, cases_with
from rehearsal.replies import Reply, reply_by
from rehearsal.stories import Ends, Story
from rehearsal.visitors import Visitors

# The county's year is one: trainees are listed beside the demand, in the cycle of the first programme.
CYCLE = "dq-a"
IN_SERVICE = "in_service"
# Cases in which an answer changes nothing for the others.
ALONE = ("term.", "demand.", "supply.")
# A person's way to a place, and how they say that they will go.
PLACEMENTS = ("PostingCase", "TrainingPlacement")
AGREES = ("apply", "consent")
STORIES: Mapping[str, Story] = {
    "wanted": Story(N_("与他人竞争同一岗位，排在前面"), ("DQ-3.1.3b",), (Ends("PostingCase", "filed"),))
} | {
    part: Story(words)
    for part, words in {
        "rival": N_("与他人竞争同一岗位，排在后面"),
        "absent": N_("四次未履行请假手续不在岗"),
        "late_start": N_("执业备案迟迟未办"),
        "declines": N_("本人不参加"),
        "returned": N_("报名被退回补充"),
        "rejected": N_("首次报名被接收单位拒绝"),
        "on_leave": N_("服务期内休假"),
        "leaves": N_("服务期内离职"),
        "newcomer": N_("执业未满三年"),
        "nurse": N_("非执业医师"),
        "objected": N_("县局提出异议"),
        "sent_back": N_("县局退回补充"),
        "appeals": N_("对考核结果提出异议"),
        "unqualified": N_("考核结果为不合格"),
        "mentor_declines": N_("首位带教老师不能带教"),
        "stays": N_("期满后申请留任"),
    }.items()
}


class CountyYear(Play):
    """Doctors go down, or trainees up."""

    habits = Habits(
        prompt=("credit_void", "grade_notice"),
        # What grows while one waits is done on its last day.
        gathered=("compile_batch", "close_grades", "public_notice"),
    )
    stories = STORIES
    cast: CountyCast

    def __init__(self, people: int, seed: int, year: int, *, trains: bool = False) -> None:
        """A county with so many people to be sent in a year."""
        self.cast = cast_of(people, seed, year, trains=trains)
        self._year = year
        self._seen: set[str] = set()

    async def settle(self, visitors: Visitors) -> None:
        """Institutions, people and the cycle."""
        county = self.cast.county
        await visitors.call("POST", "/institutions/bulk", {"rows": county.institutions})
        await visitors.call("POST", "/people/bulk", {"rows": county.people})
        body = {"pack": CYCLE, "group": GROUP, "year": self._year}
        await visitors.call("POST", "/demand-cycles", body | {"planned_start": date(self._year, 7, 1).isoformat()})

    def reply_to(self, asked: Asked, form: Form) -> Reply:
        """By the table."""
        return reply_by(ANSWERS, self.cast, asked, form)

    async def happens(self, moment: Moment) -> Iterable[Happening]:
        """What befalls those whose term has begun."""
        if IN_SERVICE not in moment.stages:
            return ()
        query = select(CaseFile.id, CaseFile.subject, CaseFile.institution)
        query = query.where(CaseFile.lifecycle == "ServiceTerm", CaseFile.stage == IN_SERVICE).order_by(CaseFile.id)
        async with moment.record() as session:
            terms = [term for term in (await session.execute(query)).all() if term.id not in self._seen]
        self._seen.update(term.id for term in terms)
        of_term = Happenings(self.cast, moment.visitors).of_term
        return [
            one
            for case, person, place in terms
            for one in of_term(case, person or "", place or "", moment.now, moment.calendar)
        ]

    def apart(self, asked: Asked) -> str:
        """Terms and reports are by themselves; applications and batches meet."""
        return asked.case if asked.case.startswith(ALONE) else ""

    def way(self, records: Records) -> Sequence[tuple[Words, int]]:
        """From the application to the archive."""
        postings = {case.id for case in records.cases if case.lifecycle in PLACEMENTS}
        filed = sum(case.id in postings and case.outcome == "filed" for case in records.cases)
        return (
            (Words("列入安排", "invited"), len(postings)),
            (Words("本人愿意", "willing"), cases_with(records, "decided", *({"choice": each} for each in AGREES))),
            (Words("双方同意", "agreed by both"), cases_with(records, "matched")),
            (Words("已报备", "filed"), filed),
            (Words("已到岗", "started"), cases_with(records, "service_started")),
            (Words("服务期满", "term certified"), cases_with(records, "term_certified")),
            (Words("已定等次", "graded"), sum(one.state == "settled" for one in records.grades)),
            (Words("已归档", "archived"), cases_with(records, "archived")),
        )

    def days_late(self, asked: Asked) -> int | None:
        """One report of demand, and the filing of who starts late."""
        if asked.person == self.cast.tardy and asked.name == "demand_report":
            return 4
        return 14 if asked.name == "practice_filing" and self.cast.plays(asked.subject, "late_start") else None
