"""One person's way to a grassroots post: application, two-way review, match, filing (DQ-3.1.3a to c; stages 3 to 6).

Both institutions must agree (DQ-3.1.3b); one rejection ends the match and the person chooses again (EXC-02); a
return goes to the person and back, and keeps the other side's agreement (EXC-01). First and second choice, a second
round, then the group nominates and asks consent.
"""

from collections.abc import Callable

from temporalio import workflow

from activities.engine.messages import CaseStart
from policies.engine.questions import Question
from policies.engine.tasks import Task
from workflows.engine.case import Case

BOTH_AGREE = ("DQ-3.1.3b",)
RETURNS_BEFORE_ESCALATION = 2
ROUNDS = 2
WISHES = ("first", "first_receiver", "second", "second_receiver", "reassign")


class Ended(Exception):
    """The case has come to an end from the inside: withdrawn, declined, refused."""

    def __init__(self, outcome: str) -> None:
        super().__init__(outcome)
        self.outcome = outcome


@workflow.defn
class PostingCase(Case):
    """One application of one person in one year."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start)

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

    def may_withdraw(self) -> bool:
        """Freely until filing is done (DEF-14), also when the word of it has only just come."""
        told = any(n.name == "verdict" and n.refs["verdict"] == "file" for n in self.state.notices)
        return not told and self.state.stage != "filed" and "withdrawn" not in self.state.marks

    # Stage 3: application.

    async def _admitted(self) -> None:
        """Three full years at the planned start; below that, or for another profession, people decide (DQ-3.1.1a,
        COR-21).
        """
        self.enter("applied")
        asked = await self.effect("eligibility", "judge_eligibility")
        for name in asked.split():
            task = await self._answer(Question(name, name, refs={"finding": name}))
            if task.outcome != "admit":
                self.tell("not_admitted", person=self.facts["person"], by_request=task.answers[-1].request)
                raise Ended("rejected")

    async def _placed(self) -> None:
        """Choose, be agreed on by both sides, be filed; again from the start when the bureau's objection stands."""
        while True:
            post = await self._matched()
            verdict = await self._filed(post)
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
        """The post to try next: the choices of this round in their order, then the next round, then the group's
        nomination.
        """
        while True:
            for post in (self._wish("first"), self._wish("second")):
                if post and not self._mark(f"tried:{post}"):
                    return post
            if self._round < ROUNDS or (self._round == ROUNDS and self.state.marks.get("again")):
                await self._choose()
            else:
                return await self._nominated()

    @property
    def _round(self) -> int:
        return int(self.state.marks.get("round", "0"))

    def _wish(self, place: str) -> str:
        return self.state.marks.get(place, "")

    def _mark(self, name: str) -> str:
        return self.state.marks.get(name, "")

    async def _choose(self) -> None:
        """One round of choosing; the first is skipped when the start already names the posts."""
        self.state.marks["round"] = str(self._round + 1)
        self.state.marks.pop("again", None)
        number = self.state.marks["round"]
        wishes = {name: self.facts[name] for name in WISHES if self.facts.get(name)}
        if number != "1" or "first" not in wishes:
            self.enter("choosing")
            wishes = await self._wishes(Question(f"choose/{number}", "choose_post", refs={"round": number}))
        self._remember(wishes)
        self.enter("applied")
        self.write("record_application", round=number, **wishes)

    async def _wishes(self, question: Question) -> dict[str, str]:
        """The person answers, or the application arrives from a hospital's own system as a fact."""
        task = self.open(question)
        await self._until(lambda: not task.live or self._has("application"))
        notice = self.take_notice("application")
        if notice:
            self.withdraw(task)
            self.note("application_received", by_request=notice.request, rule_ids=("DQ-3.1.3a",))
            return dict(notice.refs)
        if task.outcome != "apply":
            raise Ended("declined")
        return {name: task.refs[name] for name in WISHES if task.refs.get(name)}

    def _remember(self, wishes: dict[str, str]) -> None:
        for name in WISHES:
            self.state.marks[name] = wishes.get(name, "")
        for place in ("first", "second"):
            self.state.marks[f"receiver:{wishes.get(place, '')}"] = wishes.get(f"{place}_receiver", "")
        for mark in [name for name in self.state.marks if name.startswith("tried:")]:
            del self.state.marks[mark]

    async def _nominated(self) -> str:
        """The group names an open post and asks consent, or closes the case unmatched (PD)."""
        number = str(int(self.state.marks.get("nominations", "0")) + 1)
        self.state.marks["nominations"] = number
        self.enter("nominating")
        nomination = await self._answer(Question(f"nominate/{number}", "nominate"))
        if nomination.outcome != "nominate":
            self.tell("not_matched", person=self.facts["person"], by_request=nomination.answers[-1].request)
            raise Ended("not_matched")
        post = nomination.refs["post"]
        self.state.marks[f"receiver:{post}"] = nomination.refs["receiver"]
        consent = await self._answer(Question(f"consent/{number}", "nomination_consent", refs={"post": post}))
        if consent.outcome != "consent":
            return await self._nominated()
        return post

    # Stage 4: two-way review.

    async def _agreed(self, post: str) -> bool:
        """Both sides in parallel; both must agree."""
        self.state.marks[f"tried:{post}"] = "yes"
        if (
            post == self._wish("second")
            and await self.effect(f"open/{post}/{self._round}", "still_open", post=post) == "no"
        ):
            self._say_unavailable(post)
            return False
        self.enter("under_two_way_review")
        places = {"sending": self.facts["sending"], "receiving": self.state.marks[f"receiver:{post}"]}
        version = {"sending_review": 1, "receiving_review": 1}
        while True:
            reviews = {name: self._review(name, version[name], post=post, places=places) for name in version}
            done = await self._first_word(post, list(reviews.values()))
            if done == "gone":
                return self._lost(post, list(reviews.values()))
            if all(task.outcome == "agree" for task in reviews.values()):
                return True
            rejected = next((task for task in reviews.values() if task.outcome == "reject"), None)
            if rejected:
                return self._rejected(post, rejected, list(reviews.values()))
            for name, task in reviews.items():
                if task.outcome == "return":
                    await self._corrected(task, version[name], post)
                    version[name] += 1

    def _review(self, name: str, version: int, *, post: str, places: dict[str, str]) -> Task:
        key = f"{name}/{self._round}.{self.state.marks.get('nominations', '0')}/{post}/{version}"
        return self.open(Question(key, name, places=places, refs={"post": post}))

    async def _first_word(self, post: str, reviews: list[Task]) -> str:
        """Until both have answered, or one has rejected or returned, or the post is gone."""

        def heard() -> bool:
            return (
                self._post_gone(post)
                or all(not task.live for task in reviews)
                or any(task.outcome in ("reject", "return") for task in reviews)
            )

        await self._until(heard)
        return "gone" if self._post_gone(post) else "heard"

    def _post_gone(self, post: str) -> bool:
        return any(n.name in ("post_taken", "post_closed") and n.refs["post"] == post for n in self.state.notices)

    def _lost(self, post: str, reviews: list[Task]) -> bool:
        for task in reviews:
            self.withdraw(task)
        for name in ("post_taken", "post_closed"):
            if self.take_notice(name):
                self._say_unavailable(post, why=name)
        return False

    def _rejected(self, post: str, rejected: Task, reviews: list[Task]) -> bool:
        """EXC-02: the match ends, the person is told with the reason, the demand stays open."""
        for task in reviews:
            self.withdraw(task)
        self.note("review_rejected", rule_ids=BOTH_AGREE, side=rejected.name, post=post)
        self.tell(
            "rejected_by_one_side",
            person=self.facts["person"],
            side=rejected.name,
            post=post,
            by_request=rejected.answers[-1].request,
        )
        self.state.marks["again"] = "yes"
        return False

    async def _corrected(self, task: Task, returns: int, post: str) -> None:
        """EXC-01: back to the person for five working days; after the second return the group is told (DEF-13)."""
        if returns >= RETURNS_BEFORE_ESCALATION:
            self.tell("returned_twice", role="R-07", place=self.facts["group"], side=task.name)
        correction = await self._answer(
            Question(f"correct/{task.key}", "correct_application", refs={"of": task.id, "post": post})
        )
        if correction.outcome != "resubmit":
            raise Ended("withdrawn")

    async def _claimed(self, post: str) -> bool:
        """A match is a unique row: of two that both sides agreed on in the same second, one is written."""
        answer = await self.effect(f"claim/{post}/{self._round}.{self._mark('nominations')}", "claim_post", post=post)
        if answer == "won":
            self.enter("matched")
            self.note("matched", rule_ids=BOTH_AGREE, post=post)
            self.tell("matched", person=self.facts["person"], post=post)
            return True
        self._say_unavailable(post, why="post_taken")
        return False

    def _say_unavailable(self, post: str, *, why: str = "post_closed") -> None:
        self.note(why, rule_ids=BOTH_AGREE, post=post)
        self.tell(why, person=self.facts["person"], post=post)
        self.state.marks["again"] = "yes"

    # Stages 5 and 6: batch and filing.

    async def _filed(self, post: str) -> str:
        """Through the bureau: "file", "choose_again" or "close_unmatched". The match itself put the person into the
        group's batch.
        """
        while True:
            number = str(int(self.state.marks.get("filings", "0")) + 1)
            self.state.marks["filings"] = number
            if number != "1":
                await self.effect(f"enrol/{number}", "enrol_in_batch", number=number)
            verdict = await self._verdict()
            if verdict == "file":
                self.enter("filed")
                return "file"
            self.enter("matched")
            if verdict == "object":
                verdict = await self._replanned(post, number)
            if verdict in ("choose_again", "close_unmatched"):
                self.write("release_post", post=post)
                return verdict

    async def _verdict(self) -> str:
        while True:
            await self._until(lambda: self._has("submitted") or self._has("verdict"))
            if self.take_notice("submitted"):
                self.enter("submitted_for_filing")
                continue
            notice = self.take_notice("verdict")
            if notice:
                self.note("verdict", rule_ids=("DQ-3.1.3c",), **notice.refs)
                return notice.refs["verdict"]

    async def _replanned(self, post: str, number: str) -> str:
        """An objection returns to the group, which plans anew."""
        self.enter("replanning")
        task = await self._answer(Question(f"replan/{number}", "replan", refs={"post": post}))
        if task.outcome == "choose_again":
            self.state.marks["again"] = "yes"
            self.state.marks["round"] = str(ROUNDS - 1)
        self.enter("matched")
        return task.outcome

    # Waiting that a withdrawal, or the person's leaving, ends.

    async def _answer(self, question: Question) -> Task:
        task = self.open(question)
        await self._until(lambda: not task.live)
        return task

    async def _until(self, done: Callable[[], bool]) -> None:
        await self.until(lambda: done() or self._has_ended())
        if "withdrawn" in self.state.marks:
            raise Ended("withdrawn")
        if self.take_notice("person_left"):
            raise Ended("ended_early")

    def _has_ended(self) -> bool:
        return "withdrawn" in self.state.marks or self._has("person_left")

    def _has(self, name: str) -> bool:
        return any(notice.name == name for notice in self.state.notices)
