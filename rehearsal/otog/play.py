"""Eighteen months of a banner: contracts from the need to the close, and how some end (policy.md 3.14)."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from db.engine.cases import CaseFile
from policies.engine.words import Words
from rehearsal.browser import Form
from rehearsal.cast import Asked, Cast, Habits, next_desk_hour, parts_of
from rehearsal.happenings import Happening
from rehearsal.otog import banner
from rehearsal.otog.answers import ANSWERS
from rehearsal.otog.happenings import Happenings
from rehearsal.otog.stories import CONTRACT, STORIES
from rehearsal.play import Moment, Play
from rehearsal.records import Records, cases_with
from rehearsal.replies import Reply, reply_by
from rehearsal.visitors import Visitors

RUNS = "active"
# The cases of one contract, each with the contract's own number behind its first word.
OF_A_CONTRACT = ("talent", "termination", "rescission", "assessment")
# Applications on the last day of the three months, or the working day after it; two are overtaken by another answer.
LATE_BY = {"last_day": 0, "day_late": 1, "rescinded": 0, "snow_proved": 0}
CHECK_IN_LATE_BY = 8


class BannerContracts(Play):
    """Experts at three hospitals."""

    stories = STORIES
    habits = Habits(
        prompt=(
            *("home_unit_consent", "practice_authority", "settle_excuse", "assessment_notice"),
            *("confirm_ground", "hold_payments", "recommend_termination", "expert_recommendation"),
            *("termination_application", "termination_review", "force_majeure_ground"),
            *("verify_cause", "expert_reply", "decide_rescission", "open_inquiry"),
        ),
        gathered=("fund_running",),
    )

    def __init__(self, people: int, seed: int, year: int) -> None:
        """So many experts, whose contracts begin in a year."""
        experts = banner.expert_ids(people)
        self.cast = Cast(seed, tuple(experts), parts_of(experts, seed, tuple(STORIES)))
        self._year = year
        self._seen: set[str] = set()

    async def settle(self, visitors: Visitors) -> None:
        """Institutions, people, and for each expert the case in which the need is named."""
        await visitors.call("POST", "/institutions/bulk", {"rows": banner.institutions()})
        await visitors.call("POST", "/people/bulk", {"rows": banner.people(len(self.cast.sent))})
        for expert in self.cast.sent:
            body = {"employer": banner.employer_of(expert), "person": expert}
            await visitors.call("POST", "/talent-contracts", body)

    def reply_to(self, asked: Asked, form: Form) -> Reply:
        """By the table."""
        return reply_by(ANSWERS, self.cast, asked, form)

    async def happens(self, moment: Moment) -> Iterable[Happening]:
        """The year's funds, and what will happen under the contracts that have come into force."""
        found = [] if self._seen else [self._funds(moment)]
        self._seen.add("")
        if RUNS not in moment.stages:
            return found
        query = select(CaseFile.id, CaseFile.subject)
        query = query.where(CaseFile.lifecycle == CONTRACT, CaseFile.stage == RUNS).order_by(CaseFile.id)
        async with moment.record() as session:
            contracts = [one for one in (await session.execute(query)).all() if one.id not in self._seen]
        for case, expert in contracts:
            self._seen.add(case)
            found.extend(Happenings(self.cast, moment.visitors, case, expert or "").since(moment.now, moment.calendar))
        return found

    def _funds(self, moment: Moment) -> Happening:
        """The commission begins the year of its funds."""

        async def begin() -> None:
            officer = f"{banner.COMMISSION}-officer"
            await moment.visitors.fill_in(officer, f"/fund-years/{self._year}", "begin", {})

        return Happening(next_desk_hour(moment.now, moment.calendar, days=1), "funds", begin)

    def apart(self, asked: Asked) -> str:
        """What is asked about one contract touches no other."""
        kind, *number = asked.case.split(".")
        return ".".join(number[:3]) if kind in OF_A_CONTRACT else ""

    def way(self, records: Records) -> Sequence[tuple[Words, int]]:
        """From the need to the close."""
        contracts = [case for case in records.cases if case.lifecycle == CONTRACT]
        return (
            (Words("提出需求", "needed"), len(contracts)),
            (Words("报送推荐", "nominated"), cases_with(records, "talent_nominated")),
            (Words("已备案", "filed"), cases_with(records, "talent_filed")),
            (Words("已签订", "signed"), cases_with(records, "contract_signed")),
            (Words("可以诊疗", "clinical work open"), cases_with(records, "clinical_work_open")),
            (Words("合同期满", "term ended"), cases_with(records, "contract_expired")),
            (Words("验收备案", "accepted"), cases_with(records, "talent_accepted")),
            (Words("履行完毕", "fulfilled"), sum(case.outcome == "closed" for case in contracts)),
        )

    def days_late(self, asked: Asked) -> int | None:
        """The applications of three stories, and one check-in."""
        part = self.cast.part_of.get(asked.subject, "")
        if asked.name == "termination_application":
            return LATE_BY.get(part)
        is_late = part == "late_check_in" and asked.name == "talent_check_in" and asked.role == "R-19"
        return CHECK_IN_LATE_BY if is_late and asked.refs.get("quarter") == "2040-09-30" else None
