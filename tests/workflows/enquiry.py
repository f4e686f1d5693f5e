"""A small lifecycle for proofs about the engine, and the pack with a task of every kind that it asks."""

from temporalio import workflow

from activities.engine.messages import CaseStart
from policies.engine.pack import Pack, parse_pack
from policies.engine.questions import Question
from workflows.engine.case import Case

TASK = """
[tasks.{name}]
title = {{ zh = '{name}', en = '{name}' }}
ask = {{ zh = '请答复。', en = 'Please answer.' }}
rule = "DQ-3.1.3b"
side = "{side}"
kind = "{kind}"
days = "review_days"
grave = false
ladder = "standard"
form = "reason"
"""
STEP = """
[[tasks.{name}.steps]]
name = "{step}"
role = "{role}"
at = "{at}"
choices = ["agree", "reject"]
"""
HEADS = STEP.format(name="{name}", step="answer", role="R-02", at="receiving")


def enquiry_pack(text: str) -> Pack:
    """The programme's text under another name, with a task for any, for all, for a quorum and for a chain."""
    text = text.replace('id = "dq-a"', 'id = "dq-t"', 1)
    for name, kind in (("for_any", "any"), ("for_all", "all"), ("for_quorum", "quorum")):
        text += TASK.format(name=name, side="receiving", kind=kind) + ("quorum = 2\n" if kind == "quorum" else "")
        text += HEADS.format(name=name)
    text += TASK.format(name="for_chain", side="bureau", kind="in_turn")
    for step, role in (("draft", "R-09"), ("review", "R-38"), ("approve", "R-39")):
        text += STEP.format(name="for_chain", step=step, role=role, at="bureau")
    return parse_pack(text, file="dq-t.toml")


@workflow.defn
class Enquiry(Case):
    """Asks what its start names, one after the other or all at once, and ends by the last answer."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start)

    def may_withdraw(self) -> bool:
        return "kept" not in self.facts

    @workflow.run
    async def run(self, start: CaseStart) -> str:
        self.enter("under_two_way_review")
        questions = [Question(f"{name}/1", name) for name in self.facts["ask"].split()]
        if "together" in self.facts:
            await self.ask(*questions)
        else:
            for number, question in enumerate(questions):
                await self.ask(question)
                if "withdrawn" in self.state.marks:
                    break
                if self.once(f"noted/{number}"):
                    self.note("matched", number=str(number))
        last = self.task_of(questions[-1].key)
        if "withdrawn" in self.state.marks or last is None:
            return await self.close("withdrawn")
        return await self.close("matched" if last.outcome == "agree" else "rejected")
