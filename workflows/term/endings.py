"""Ending a filed term early: proposed by a side, the person or both, decided by both institutions (EXC-07, DEF-14).

A person's own wish needs the consent of the bureau, too, since the placement is filed.
"""

from datetime import date

from activities.engine.messages import Notice
from policies.engine.tasks import Task
from workflows.term.proposals import Proposals

BY_PERSON = "by_person"
SIDES, BUREAU = ("early_end_sending", "early_end_receiving"), "early_end_bureau"
AGREES = "agree_end"


class Endings(Proposals):
    """Every proposal to end the term early, one after the other."""

    kind, refuses, rules = "early_end", "refuse_end", ("DQ-3.1.3b",)

    def proposed(self, key: str, proposal: Notice) -> None:
        """In the file with its occasion, and to the person."""
        case, refs = self._case, proposal.refs
        occasion, last_day, said = refs["occasion"], refs["last_day"], proposal.request
        case.note("early_end_proposed", actor=refs["by"], occasion=occasion, last_day=last_day, by_request=said)
        case.tell("early_end_proposed", person=case.facts["person"])

    def tasks(self, key: str, proposal: Notice) -> list[Task]:
        """Both institutions; for a person's own wish the bureau, once both have agreed."""
        asked = [self.ask(key, name, proposal) for name in SIDES]
        if proposal.refs["occasion"] == BY_PERSON and all(task.outcome == AGREES for task in asked):
            asked.append(self.ask(key, BUREAU, proposal))
        return asked

    def settled(self, asked: list[Task]) -> bool:
        """Whether all who are asked have agreed."""
        return all(task.outcome == AGREES for task in asked)

    async def concluded(self, key: str, proposal: Notice, asked: list[Task]) -> date:
        """The proposed day, or that of the last agreement."""
        case, request = self._case, asked[-1].deciding.request
        refs = {"change": proposal.refs["change"], "request": request}
        last_day = await case.effect(f"{key}/agreed", "agree_early_end", **refs)
        if case.once(f"{key}/settled"):
            case.note("early_end_agreed", rule_ids=self.rules, last_day=last_day, by_request=request)
            self._parties.tell_all("early_end_agreed")
            self._parties.tell_above("early_end_agreed")
        return date.fromisoformat(last_day)

    def refused(self, proposal: Notice, *, side: str, request: str) -> None:
        """In the file; to who proposed it and the person."""
        self._case.note("early_end_refused", rule_ids=self.rules, side=side, by_request=request)
        self._parties.tell_asker("early_end_refused", proposal.refs["by"])
