"""A ground that is no longer there: the employer asks to withdraw the matter, and the commission agrees or does not.

A figure that was corrected asks the employer and withdraws nothing by itself; both figures stay in the file.
"""

from activities.engine.messages import CaseStart, Notice
from policies.engine.questions import Question
from policies.engine.tasks import Status, Task
from workflows.ends.matter import ContractEnd, Ended, MatterOver

FIGURE = ("OT-6.3g",)
RULE = ("OT-6.3k",)
FIGURE_CHANGED = "figure_changed"
# What the rule makes of a figure: a ground for people to confirm, none any more, or a question for the commission.
GROUND, NO_GROUND_ANY_MORE = "ground_to_confirm", ("no_ground", "early_warning")
ONLY_WITHOUT_FORCE_MAJEURE = "ask_force_majeure"
QUESTION, REVIEW, ASKED_OF_COMMISSION = "cured_question", "cured_review", "force_majeure_ground"


class CurableEnd(ContractEnd):
    """A matter whose ground may go away while it is open."""

    def __init__(self, start: CaseStart) -> None:
        super().__init__(start)
        self.figures = 0

    def has_news(self) -> bool:
        """A further figure, or an answer about whether the ground is still there."""
        changed = self.told(f"figure/{self.figures + 1}", FIGURE_CHANGED)
        return super().has_news() or changed or any(self.is_new(task) for task in self.state.tasks)

    def take_news(self) -> None:
        """Ask what follows from it; raises MatterOver when the commission has said that there is no ground."""
        super().take_news()
        while changed := self.take(f"figure/{self.figures + 1}", FIGURE_CHANGED):
            self.figures += 1
            self._judged_anew(changed)
        for task in self.state.tasks:
            if task.status is Status.SETTLED:
                self.weigh(task)

    async def withdrawal_weighed(self, wished: Task) -> None:
        """The employer holds that the ground is cured: the commission agrees, or the matter goes on."""
        (review,) = await self.ask(self._review_of(wished))
        self.weigh(review)

    def _judged_anew(self, changed: Notice) -> None:
        number, outcome = changed.refs["number"], changed.refs["outcome"]
        # What it takes back is taken back once: a run that starts again finds later questions open.
        is_new = self.once(f"figure/{number}")
        if is_new:
            self._say_judged(number, outcome)
        if outcome == ONLY_WITHOUT_FORCE_MAJEURE and changed.refs.get("unchanged") != "yes":
            self._ask_anew(number, is_new=is_new)
        if outcome in NO_GROUND_ANY_MORE:
            self.open(Question(f"cured/{number}", QUESTION, refs={"figure": number}))
            return
        for task in self.state.tasks if is_new else ():
            if task.name == QUESTION:
                self.withdraw(task)

    def _ask_anew(self, number: str, *, is_new: bool) -> None:
        """G-5: a figure of which the commission has said nothing yet; what it was asked about before is out of date."""
        for task in self.state.tasks if is_new else ():
            if task.name == ASKED_OF_COMMISSION:
                self.withdraw(task)
        self.open(Question(f"figure_asked/{number}", ASKED_OF_COMMISSION, refs={"figure": number}))

    def _say_judged(self, number: str, outcome: str) -> None:
        if outcome in NO_GROUND_ANY_MORE:
            self.note("figure_recovered", rule_ids=FIGURE, figure=number)
        elif outcome == GROUND:
            self.note("figure_still_below", rule_ids=FIGURE, figure=number)
        else:
            self.note("figure_unclear", rule_ids=FIGURE, figure=number)

    def weigh(self, task: Task) -> None:
        """What an answer about the ground means; said again without harm, as a restart does."""
        if task.name == QUESTION and task.outcome == "withdraw_matter":
            self.open(self._review_of(task))
        elif task.name == REVIEW and task.outcome == "agree_cured":
            raise MatterOver(Ended("cured", task.deciding.request))
        elif task.name == REVIEW and self.once(f"refused/{task.key}"):
            self.note("cured_refused", rule_ids=RULE, by_request=task.deciding.request)
        elif task.name == ASKED_OF_COMMISSION:
            self._answered(task)

    def _answered(self, task: Task) -> None:
        """G-5: the commission has said whether force majeure removes the ground; kept with the figure it is about."""
        if self.once(f"ruling/{task.key}"):
            refs = {"question": "force_majeure", "choice": task.outcome, "request": task.deciding.request}
            figure = task.refs.get("figure") or self.facts["figure"]
            self.write("keep_ruling", contract=self.facts["contract"], figure=figure, **refs)
        if task.outcome == "ground_not_found":
            self.ground_is_gone(task)
        elif self.once(f"stands/{task.key}"):
            self.note("ground_stands", rule_ids=FIGURE, by_request=task.deciding.request)

    def ground_is_gone(self, answered: Task) -> None:
        """The commission finds no ground: the matter is over, and its deadline with it. Raises MatterOver."""
        raise MatterOver(Ended("no_ground", answered.deciding.request))

    def has_gone(self, answered: Task) -> bool:
        """Whether that there is no ground has been taken already, and the matter still goes on."""
        return False

    def _review_of(self, wished: Task) -> Question:
        return Question(f"{REVIEW}/{wished.key}", REVIEW, refs={"of": wished.id})

    def is_new(self, task: Task) -> bool:
        """Whether an answer of this kind has not been weighed yet."""
        if task.status is not Status.SETTLED:
            return False
        if task.name == QUESTION:
            return task.outcome == "withdraw_matter" and self.task_of(self._review_of(task).key) is None
        if task.name == REVIEW:
            return task.outcome == "agree_cured" or f"once:refused/{task.key}" not in self.state.marks
        if task.name == ASKED_OF_COMMISSION:
            if task.outcome == "ground_not_found":
                return not self.has_gone(task)
            return f"once:stands/{task.key}" not in self.state.marks
        return False
