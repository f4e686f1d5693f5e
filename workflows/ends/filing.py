"""The employer reports an end to the commission, which files it: no consent is needed (OT-6.2b)."""

from policies.engine.questions import SUBMITTER, Question
from policies.engine.tasks import Task
from workflows.engine.case import Case


async def filed(case: Case) -> Task:
    """Report and filing, as often as the commission returns it; the task that filed it."""
    number = 0
    while True:
        number += 1
        (report,) = await case.ask(Question(f"report/{number}", "ended_report"))
        refs = {"of": report.id, SUBMITTER: report.deciding.person}
        (filing,) = await case.ask(Question(f"filing/{number}", "ended_filing", refs=refs))
        if filing.outcome == "file_end":
            return filing
