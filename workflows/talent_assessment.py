"""The annual assessment of one flexible-talent contract (OT-6.1a, d, OT-S1 to S12; policy.md 3.14 stage 8).

Three raters are heard, the employer's panel enters what the rules need, the commission alone gives item 11, settles
each gap of the table and confirms or dismisses a veto. No total becomes a grade: the employer's leader concludes with
reasons, the expert may comment or appeal, the commission consents and files or returns (COR-01, G-1).
"""

from temporalio import workflow

from activities.engine.messages import CaseStart
from policies.engine.questions import SUBMITTER, Question
from policies.engine.tasks import Task
from workflows.engine.case import Case
from workflows.talent import falsification
from workflows.talent.base import EMPLOYER_HR, EMPLOYER_LEADER, request_of

OPENED, SCORED, SETTLED = ("OT-6.1a",), ("OT-E2",), ("OT-E4",)
VETOED, CONCLUDED = ("OT-S12",), ("OT-6.1d",)
PERIOD = ("OT-E1", "OT-6.1a")
# What the fact `asks` of a start says: whether it is assessed at all is asked first.
PART = "part"
RATINGS = ("mentees_rating", "department_rating", "self_rating")
BESIDE = ("capacity_score", "veto_medical")


@workflow.defn
class AnnualTalentAssessment(Case):
    """One year of one contract."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start)
        self._sheets = 0

    @workflow.run
    async def run(self, start: CaseStart) -> str:
        """From the ratings to the filing; of a contract that ended early only if people say that it is assessed."""
        if self.facts.get("asks") == PART and not await self._part_is_assessed():
            return await self.close("assessment_not_held")
        if self.once("opened"):
            period = {name: self.facts[name] for name in ("year", "first_day", "last_day")}
            self.note("assessment_opened", rule_ids=OPENED, contract=self.facts["contract"], **period)
        self.enter("assessment_due")
        beside = [*(self.open(Question(name, name)) for name in BESIDE), self.open(self._from_committee())]
        ratings = await self.ask(*(Question(name, name) for name in RATINGS))
        heard = (*ratings, *beside)
        panel, turn = await self._scored(heard), 0
        while True:
            turn += 1
            concluded = await self._asked(f"conclusion/{turn}", "assessment_conclusion", of=panel.id)
            if concluded.outcome == "return":
                panel = await self._scored(heard)
            elif not await self._reopened(turn, concluded):
                consent = await self._weighed(turn, concluded)
                if consent.outcome == "consent":
                    return await self._filed(concluded, consent)
                self._say_returned(turn, consent)

    async def _part_is_assessed(self) -> bool:
        """G-9: the text says nothing of the part of a year that is left when a contract ends early; silence decides
        nothing.
        """
        days = {name: self.facts[name] for name in ("first_day", "last_day")}
        if self.once("part_asked"):
            self.note("part_asked", rule_ids=PERIOD, contract=self.facts["contract"], **days)
        self.enter("assessment_due")
        await self.effect("part", "weigh_part")
        settled = await self._asked("part", "assessment_part")
        held = settled.outcome == "assess_part"
        if self.once("part_settled"):
            self.note("part_settled", rule_ids=PERIOD, by_request=request_of(settled))
            if not held:
                self.tell("part_left", role=EMPLOYER_HR, place=self.facts["employer"])
                self.tell("part_left", person=self.facts["person"])
        return held

    async def _scored(self, heard: tuple[Task, ...]) -> Task:
        """A sheet on which nothing is open any more; the panel's answer."""
        self._sheets += 1
        number = self._sheets
        panel = await self._asked(f"panel/{number}", "assessment_panel")
        await self.until(lambda: not any(task.live for task in heard))
        said = {task.name: request_of(task) for task in (*heard, panel)}
        found = await self.effect(f"scores/{number}", "score_sheet", **said)
        if self.once(f"scores/{number}"):
            self.note("sheet_scored", rule_ids=SCORED, sheet=str(number), by_request=request_of(panel))
        items, _, veto = found.partition("|")
        asked = [
            Question(f"gap/{number}/{item}", "table_gap", refs={"item": item, "of": panel.id}) for item in items.split()
        ]
        if asked:
            gaps = await self.ask(*asked)
            rulings = " ".join(f"{task.refs['item']}={request_of(task)}" for task in gaps)
            await self.effect(f"ruled/{number}", "score_sheet", **said, rulings=rulings)
            if self.once(f"ruled/{number}"):
                self.note("gaps_settled", rule_ids=SETTLED, sheet=str(number))
        await self._weigh_veto(number, veto, panel)
        return panel

    async def _weigh_veto(self, number: int, veto: str, panel: Task) -> None:
        """A candidate is no veto before the commission's leader has confirmed it; what is unknown is asked first."""
        if veto == "ask":
            asked = await self._asked(f"veto_question/{number}", "veto_question", of=panel.id)
            veto = "candidate" if asked.outcome == "raise_candidate" else "none"
        if veto == "none":
            await self.effect(f"veto/{number}", "clear_veto")
            return
        decided = await self._asked(f"veto/{number}", "veto_decision", of=panel.id)
        refs = {"request": request_of(decided), "choice": decided.outcome}
        await self.effect(f"veto/{number}", "decide_veto", **refs)
        if self.once(f"veto/{number}"):
            self.note("veto_decided", rule_ids=VETOED, by_request=request_of(decided))

    async def _reopened(self, turn: int, concluded: Task) -> bool:
        """Whether the expert appeals in time and the commission's leader has the employer conclude anew (DEF-16)."""
        notice = self.open(Question(f"notice/{turn}", "assessment_notice", refs={"of": concluded.id}))
        await self.until(lambda: not notice.live or notice.due is not None)
        if notice.live and not await self.until(lambda: not notice.live, latest=notice.due):
            self.withdraw(notice)
            self.note("comment_time_ended", rule_ids=CONCLUDED)
        if notice.outcome != "appeal_result":
            return False
        refs = {"of": concluded.id, "objected": notice.id, SUBMITTER: concluded.deciding.person}
        review = await self._asked(f"appeal/{turn}", "assessment_appeal", **refs)
        reopened = review.outcome == "conclude_anew"
        if self.once(f"appeal/{turn}"):
            self.note("appeal_decided", rule_ids=CONCLUDED, by_request=request_of(review))
            self.tell("appeal_decided", person=self.facts["person"], by_request=request_of(review))
        return reopened

    async def _weighed(self, turn: int, concluded: Task) -> Task:
        """The commission's word on the conclusion; what it finds falsified is settled before it gives one (OT-E3)."""
        key, number = f"consent/{turn}", 0
        while True:
            consent = await self._asked(key, "assessment_consent", of=concluded.id)
            if consent.outcome != falsification.FOUND:
                return consent
            number += 1
            await falsification.settled(self, f"{turn}.{number}", consent)
            key = f"consent/{turn}.{number}"

    def _say_returned(self, turn: int, consent: Task) -> None:
        if self.once(f"returned/{turn}"):
            self.note("assessment_returned", rule_ids=CONCLUDED, by_request=request_of(consent))

    async def _filed(self, concluded: Task, consent: Task) -> str:
        refs = {"concluded": request_of(concluded), "choice": concluded.outcome, "consent": request_of(consent)}
        result = await self.effect("filed", "file_assessment", **refs)
        if self.once("filed"):
            self.note("assessment_filed", rule_ids=CONCLUDED, by_request=request_of(consent))
            for role in (EMPLOYER_HR, EMPLOYER_LEADER):
                self.tell("assessment_filed", role=role, place=self.facts["employer"])
            self.tell("assessment_filed", person=self.facts["person"])
            over = {name: self.facts[name] for name in ("year", "last_day")}
            self.inform(self.facts["contract"], "assessment_over", case=self.start.case_id, result=result, **over)
        return await self.close("assessment_filed")

    def _from_committee(self) -> Question:
        """The mediation committee answers for itself; where none is here, the commission states what it has from it."""
        if committee := self.facts["mediation"]:
            return Question("veto_mediation", "veto_mediation", places={"commission": committee})
        return Question("veto_mediation_stated", "veto_mediation_stated")

    async def _asked(self, key: str, name: str, **refs: str) -> Task:
        (task,) = await self.ask(Question(key, name, refs=refs))
        return task
