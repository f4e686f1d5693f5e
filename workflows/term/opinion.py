"""The receiving institution's opinion after the service, or after the part of it that was served (DQ-3.3.3a).

The person's own summary comes first and their comment after (COR-19); neither is a condition: who is silent is
neither praised nor blamed for it, and the opinion goes on when the time for them has ended.
"""

from policies.engine.questions import Question
from policies.engine.tasks import Task
from workflows.engine.case import Case

RULE = ("DQ-3.3.3a",)
# A grade is proposed for a whole term; for a part of one, that ended early or went on elsewhere, none is (EXC-07, 08).
WHOLE, PART = "whole", "part"


class Opinion:
    """Summary, opinion on the five dimensions, comment."""

    def __init__(self, case: Case, *, part: str = WHOLE) -> None:
        self._case, self._part = case, part

    async def given(self) -> Task:
        """The opinion as the head of the receiving institution has given it, with what the person said to it."""
        case = self._case
        summary = await self._while_in_time(Question("summary", "term_summary"))
        if summary.live and case.once("summary/missing"):
            case.note("summary_missing", rule_ids=RULE)
        (opinion,) = await case.ask(Question("opinion", "term_opinion", refs={"part": self._part}))
        # A summary that comes after the opinion could no longer be weighed.
        case.withdraw(summary)
        request = opinion.deciding.request
        if case.once("opinion/given"):
            case.write("keep_opinion", request=request)
            case.note("opinion_given", rule_ids=RULE, by_request=request)
        comment = await self._while_in_time(Question("comment", "opinion_comment", refs={"of": opinion.id}))
        case.withdraw(comment)
        return opinion

    async def _while_in_time(self, question: Question) -> Task:
        """Until the person has answered, or their time has ended."""
        case = self._case
        task = case.open(question)
        await case.until(lambda: not task.live or task.due is not None)
        if task.live:
            await case.until(lambda: not task.live, latest=task.due)
        return task
