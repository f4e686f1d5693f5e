"""One person's way to a grassroots post: application, two-way review, match, filing (DQ-3.1.3a to c; stages 3 to 6).

Both institutions must agree (DQ-3.1.3b); one rejection ends the match and the person chooses again (EXC-02); a return
goes to the person and back, and keeps the other side's agreement (EXC-01). First and second choice, a second round,
then the group nominates and asks consent.
"""

from dataclasses import dataclass, field
from functools import partial

from temporalio import workflow

from activities.engine.messages import CaseStart, Notice
from policies.engine.questions import Question
from policies.engine.tasks import Task
from workflows.placing import Ended, Placing

BOTH_AGREE = ("DQ-3.1.3b",)
SIDES = ("sending_review", "receiving_review")
WISHES = ("first", "first_receiver", "second", "second_receiver", "reassign")
GONE = ("post_taken", "post_closed")


@dataclass
class Course:
    """How far the person has come, counted on the way. Nothing of it is kept: a run that starts again counts anew."""

    rounds: int
    round: int = 0
    attempt: int = 0
    nominations: int = 0
    post: str = ""
    wishes: dict[str, str] = field(default_factory=dict)
    receivers: dict[str, str] = field(default_factory=dict)
    tried: set[str] = field(default_factory=set)


@workflow.defn
class PostingCase(Placing):
    """One application of one person in one year."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start)
        self.course = Course(rounds=int(start.facts["rounds_of_choice"]))

    @workflow.run
    async def run(self, start: CaseStart) -> str:
        """From the invitation or the application to the filed placement."""
        try:
            await self._admitted()
            await self._placed()
        except Ended as ended:
            self.write("posting_ended", outcome=ended.outcome)
            return await self.close(ended.outcome)
        self.write("posting_ended", outcome="filed")
        self.tell("filed", person=self.facts["person"])
        return await self.close("filed", lasting=True)

    # Stage 3: application.

    async def _admitted(self) -> None:
        """Three full years at the planned start; else, or for another profession, people decide (DQ-3.1.1a, COR-21)."""
        self.enter("applied")
        asked = await self.effect("eligibility", "judge_eligibility")
        for name in asked.split():
            task = await self.answer(Question(name, name, refs={"finding": name}))
            if task.outcome != "admit":
                self.tell("not_admitted", person=self.facts["person"], by_request=task.deciding.request)
                raise Ended("rejected")

    async def _placed(self) -> None:
        """Choose, be agreed on by both sides, be filed; again from the start when the bureau's objection stands."""
        while True:
            self.course.post = await self._matched()
            verdict = await self.filed(self.course.post)
            if verdict == "file":
                return
            if verdict == "close_unmatched":
                raise Ended("not_matched")

    async def _matched(self) -> str:
        """The post on which both sides agree."""
        while True:
            post = await self._next_post()
            if await self._agreed(post) and await self._claimed(post):
                return post

    async def _next_post(self) -> str:
        """The post to try next: the choices of this round in their order, the next round, the group's nomination."""
        course = self.course
        while True:
            for post in (course.wishes.get("first"), course.wishes.get("second")):
                if post and post not in course.tried:
                    return post
            if course.round >= course.rounds:
                return await self._nominated()
            await self._choose()

    async def _choose(self) -> None:
        """One round of choosing; the first is skipped when the start already names the posts."""
        self.course.round += 1
        number = str(self.course.round)
        wishes = _wishes_in(self.facts) if number == "1" else {}
        if not wishes:
            self.enter("choosing")
            wishes = await self._wishes(number)
        self.course.wishes, self.course.tried = wishes, set()
        for place in ("first", "second"):
            self.course.receivers[wishes.get(place, "")] = wishes.get(f"{place}_receiver", "")
        if self.once(f"application/{number}"):
            self.write("record_application", round=number, **wishes)

    async def _wishes(self, number: str) -> dict[str, str]:
        """The person answers, or the application arrives from a hospital's own system as a fact."""
        key = f"choose/{number}"
        if number != "1" and self.once(f"round/{number}"):
            self.forget("application")
        task = self.open(Question(key, "choose_post", refs={"round": number}))
        await self.wait(lambda: not task.live or self.told(key, "application"))
        notice = None if task.outcome else self.take(key, "application")
        if notice:
            self._applied_elsewhere(task, notice)
            return _wishes_in(notice.refs)
        if task.outcome != "apply":
            raise Ended("declined")
        return _wishes_in(task.refs)

    def _applied_elsewhere(self, task: Task, notice: Notice) -> None:
        if self.once(task.key):
            self.withdraw(task)
            self.note("application_received", by_request=notice.request, rule_ids=("DQ-3.1.3a",))

    async def _nominated(self) -> str:
        """The group names an open post and asks consent, or closes the case unmatched (PD)."""
        while True:
            self.course.nominations += 1
            number = self.course.nominations
            self.enter("nominating")
            nomination = await self.answer(Question(f"nominate/{number}", "nominate"))
            if nomination.outcome != "nominate":
                self._say_not_matched(nomination)
                raise Ended("not_matched")
            post = nomination.refs["post"]
            self.course.receivers[post] = nomination.refs["receiver"]
            consent = await self.answer(Question(f"consent/{number}", "nomination_consent", refs={"post": post}))
            if consent.outcome == "consent":
                return post

    def _say_not_matched(self, task: Task) -> None:
        self.tell("not_matched", person=self.facts["person"], by_request=task.deciding.request)

    # Stage 4: two-way review.

    async def _agreed(self, post: str) -> bool:
        """Both sides in parallel; both must agree."""
        self.course.attempt += 1
        self.course.tried.add(post)
        if not await self._still_open(post):
            return False
        self.enter("under_two_way_review")
        version = dict.fromkeys(SIDES, 1)
        while True:
            reviews = [self._review(side, version[side], post) for side in SIDES]
            await self.wait(partial(self._heard_enough, post, reviews))
            if all(task.outcome == "agree" for task in reviews):
                return True
            # What a person has decided is told first, also when the post was taken in the same moment.
            rejected = next((task for task in reviews if task.outcome == "reject"), None)
            if rejected:
                return self._rejected(post, rejected, reviews)
            if self._gone(post):
                return self._lost(post, reviews)
            for task in reviews:
                if task.outcome == "return":
                    await self._corrected(task, version[task.name])
                    version[task.name] += 1

    async def _still_open(self, post: str) -> bool:
        """A first choice was open when it was made a moment ago; a second one, or a nomination, may be gone by now."""
        attempt = self.course.attempt
        if self.once(f"attempt/{attempt}"):
            self.forget(*GONE, post=post)
        if post == self.course.wishes.get("first"):
            return True
        answer = await self.effect(f"open/{attempt}", "still_open", post=post)
        if answer != "yes":
            self._say_gone(post, answer)
        return answer == "yes"

    def _review(self, side: str, version: int, post: str) -> Task:
        places = {"sending": self.facts["sending"], "receiving": self.course.receivers[post]}
        key = f"{side}/{self.course.attempt}.{version}"
        return self.open(Question(key, side, places=places, refs={"post": post}))

    def _heard_enough(self, post: str, reviews: list[Task]) -> bool:
        return self._gone(post) or _spoken(reviews)

    def _gone(self, post: str) -> bool:
        return self.told(f"gone/{self.course.attempt}", *GONE, post=post)

    def _lost(self, post: str, reviews: list[Task]) -> bool:
        for task in reviews:
            self.withdraw(task)
        notice = self.take(f"gone/{self.course.attempt}", *GONE, post=post)
        why = {"by_request": notice.refs["by_request"]} if notice and "by_request" in notice.refs else {}
        self._say_unavailable(post, notice.name if notice else "post_closed", **why)
        return False

    def _rejected(self, post: str, rejected: Task, reviews: list[Task]) -> bool:
        """EXC-02: the match ends, the person is told with the reason, the demand stays open."""
        for task in reviews:
            self.withdraw(task)
        if self.once(f"rejected/{self.course.attempt}"):
            request, person = rejected.deciding.request, self.facts["person"]
            self.note("review_rejected", rule_ids=BOTH_AGREE, side=rejected.name, post=post)
            self.tell("rejected_by_one_side", person=person, side=rejected.name, post=post, by_request=request)
        return False

    async def _corrected(self, task: Task, returns: int) -> None:
        """EXC-01: back to the person for five working days; after the second return the group is told (DEF-13)."""
        if returns >= int(self.facts["returns_before_escalation"]) and self.once(f"returned/{task.key}"):
            self.tell("returned_twice", role="R-07", place=self.facts["group"], side=task.name)
        refs = {"of": task.id, "post": task.refs["post"]}
        correction = self.open(Question(f"correct/{task.key}", "correct_application", refs=refs))
        await self.wait(lambda: not correction.live or self._gone(refs["post"]))
        if correction.live:
            self.withdraw(correction)
        elif correction.outcome != "resubmit":
            raise Ended("withdrawn")

    async def _claimed(self, post: str) -> bool:
        """A match is a unique row: of two that both sides agreed on in the same second, one is written."""
        answer = await self.effect(f"claim/{self.course.attempt}", "claim_post", post=post)
        if answer != "won":
            self._say_gone(post, answer)
            return False
        self.enter("matched")
        if self.once(f"matched/{self.course.attempt}"):
            self.note("matched", rule_ids=BOTH_AGREE, post=post)
            self.tell("matched", person=self.facts["person"], post=post)
        return True

    def _say_gone(self, post: str, answer: str) -> None:
        """Lost to another person, else closed; the request behind a closing, if there is one, has its reason."""
        why, _, request = answer.partition(" ")
        said = {"by_request": request} if request else {}
        self._say_unavailable(post, "post_taken" if why == "lost" else "post_closed", **said)

    def _say_unavailable(self, post: str, why: str, **said: str) -> None:
        if self.once(f"unavailable/{self.course.attempt}"):
            self.note(why, rule_ids=BOTH_AGREE, post=post, **said)
            self.tell(why, person=self.facts["person"], post=post, **said)

    # Stages 5 and 6: batch and filing.

    async def replanned(self, number: str) -> str:
        """An objection returns to the group, which plans anew; to choose again opens a round more."""
        task = await self.answer(Question(f"replan/{number}", "replan", refs={"post": self.course.post}))
        if task.outcome == "choose_again":
            self.course.rounds = self.course.round + 1
            self.course.wishes = {}
        if task.outcome == "close_unmatched":
            self._say_not_matched(task)
        return task.outcome


def _wishes_in(refs: dict[str, str]) -> dict[str, str]:
    """The choices of one application with their receiving institutions; empty when it names no post."""
    return {name: refs[name] for name in WISHES if refs.get(name)} if refs.get("first") else {}


def _spoken(reviews: list[Task]) -> bool:
    """Whether both sides have answered, or one has said something that does not wait for the other."""
    return all(not task.live for task in reviews) or any(task.outcome in ("reject", "return") for task in reviews)
