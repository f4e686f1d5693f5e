"""A trainee's way to a county hospital: checked, assigned, consented to, accepted, filed (DQ-3.1.1b, DQ-3.1.2b,
DQ-3.1.3d; programme 3.2, stages 1 to 3).

The township has listed the trainee beside its demand. The text has no procedure for trainees, so the way is ours: the
group assigns a hospital, the trainee consents, the hospital accepts, group and bureau file as for staff sent down.
Whoever declines may come next year.
"""

from temporalio import workflow

from activities.engine.messages import CaseStart
from policies.engine.questions import Question
from policies.engine.tasks import Task
from workflows.placing import Ended, Placing

TRAINS, CLINICS = ("DQ-3.1.1b",), ("DQ-3.1.1c",)
TWO_WAY = ("DQ-3.1.3d",)


@workflow.defn
class TrainingPlacement(Placing):
    """One trainee of one year's list."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start)
        self._attempts = 0

    @workflow.run
    async def run(self, start: CaseStart) -> str:
        """From the township's list to the filed placement."""
        try:
            await self._admitted()
            await self._placed()
        except Ended as ended:
            self.write("training_ended", outcome=ended.outcome)
            return await self.close(ended.outcome)
        self.write("training_ended", outcome="filed")
        self.tell("filed", person=self.facts["person"])
        return await self.close("filed", lasting=True)

    async def _admitted(self) -> None:
        """A practising physician with an intermediate title trains; a senior GP sits clinics; else people decide."""
        self.enter("trainee_listed")
        found = await self.effect("eligibility", "judge_trainee")
        if found == "clinic_schedule":
            self._to_clinics()
        if found == "ask":
            task = await self.answer(Question("eligibility", "training_ask"))
            if task.outcome != "admit":
                self._tell_both("not_admitted", task.deciding.request)
                raise Ended("rejected")

    def _to_clinics(self) -> None:
        """DQ-3.1.1c has a way of its own for senior general practitioners: the group is pointed to it."""
        self.note("trainee_to_clinics", rule_ids=CLINICS)
        self.tell("trainee_to_clinics", role="R-07", place=self.facts["group"])
        self._tell_township("trainee_to_clinics")
        raise Ended("to_clinics")

    async def _placed(self) -> None:
        """Until filed; an objection that stands opens another assignment or ends the case."""
        while True:
            place = await self._matched()
            verdict = await self.filed(place)
            if verdict == "file":
                return
            if verdict == "close_unmatched":
                raise Ended("not_matched")

    async def _matched(self) -> str:
        """The training place on which the group, the trainee and the hospital agree."""
        while True:
            self._attempts += 1
            number = self._attempts
            hospital, place = await self._assigned(number)
            if not await self._consented(number, place):
                raise Ended("declined")
            if await self._accepted(number, hospital, place) and await self._taken(number, place):
                return place

    async def _assigned(self, number: int) -> tuple[str, str]:
        self.enter("placing")
        task = await self.answer(Question(f"assign/{number}", "assign_hospital"))
        if task.outcome != "assign_hospital":
            self._tell_both("not_matched", task.deciding.request)
            raise Ended("not_matched")
        request = task.deciding.request
        return task.refs["hospital"], await self.effect(f"place/{number}", "open_training_place", request=request)

    async def _consented(self, number: int, place: str) -> bool:
        """Nobody trains against their will; a refusal holds for this year."""
        self.enter("training_consent")
        task = await self.answer(Question(f"consent/{number}", "training_consent", refs={"post": place}))
        if task.outcome != "consent" and self.once("declined"):
            request = task.deciding.request
            self.note("training_declined", rule_ids=TWO_WAY, by_request=request)
            self.tell("training_declined", role="R-07", place=self.facts["group"], by_request=request)
            self._tell_township("training_declined", by_request=request)
        return task.outcome == "consent"

    async def _accepted(self, number: int, hospital: str, place: str) -> bool:
        """The hospital says yes or no; after a no the group assigns another."""
        self.enter("hospital_review")
        places = {"receiving": hospital}
        question = Question(f"hospital/{number}", "training_review", places=places, refs={"post": place})
        task = await self.answer(question)
        if task.outcome == "reject" and self.once(f"rejected/{number}"):
            self._say_rejected(task, place)
        return task.outcome == "agree"

    def _say_rejected(self, task: Task, place: str) -> None:
        request = task.deciding.request
        self.note("review_rejected", rule_ids=TWO_WAY, side=task.name, post=place)
        told = {"side": task.name, "post": place, "by_request": request}
        self.tell("rejected_by_one_side", person=self.facts["person"], **told)

    async def _taken(self, number: int, place: str) -> bool:
        """The match is a unique row, and puts the trainee into the group's batch."""
        if await self.effect(f"claim/{number}", "claim_post", post=place) != "won":
            return False
        self.enter("matched")
        if self.once(f"matched/{number}"):
            self.note("matched", rule_ids=TWO_WAY, post=place)
            self.tell("matched", person=self.facts["person"], post=place)
        return True

    async def replanned(self, number: str) -> str:
        """An objection returns to the group, which assigns another hospital, submits again or closes."""
        task = await self.answer(Question(f"replan/{number}", "replan"))
        if task.outcome == "close_unmatched":
            self._tell_both("not_matched", task.deciding.request)
        return task.outcome

    def _tell_both(self, kind: str, request: str) -> None:
        """The trainee and the township that has listed them."""
        self.tell(kind, person=self.facts["person"], by_request=request)
        self._tell_township(kind, by_request=request)

    def _tell_township(self, kind: str, **details: str) -> None:
        self.tell(kind, role="R-01", place=self.facts["sending"], **details)
