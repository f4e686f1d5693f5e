"""Transferring a person to another receiving institution (EXC-08).

The three institutions and the person agree, side by side; the group sets the days; the bureau files it and says whether
the months at one fixed site start again, as they do unless it says otherwise. Then this term ends as a segment, with an
opinion and without a grade, and the next one goes on from it.
"""

from datetime import date

from activities.engine.messages import Notice
from policies.engine.tasks import Task
from workflows.term.proposals import Proposals

AGREEING = ("transfer_sending", "transfer_receiving", "transfer_destination", "transfer_person")
DAYS, FILING = "transfer_days", "transfer_filing"
AGREES = "agree_transfer"
SITE_MONTHS = {"file_restart": "restart", "file_continue": "continue"}


class Transfers(Proposals):
    """Every proposal to go on at another institution, one after the other."""

    kind, refuses, rules = "transfer", "refuse_transfer", ("DQ-3.1.3b", "DQ-3.1.3c")

    def proposed(self, key: str, proposal: Notice) -> None:
        """In the file with the place and the day; to the person and both institutions."""
        refs, said = proposal.refs, proposal.request
        there, last_day = refs["destination"], refs["last_day"]
        self._case.note("transfer_proposed", actor=refs["by"], destination=there, last_day=last_day, by_request=said)
        self._parties.tell_all("transfer_proposed")

    def tasks(self, key: str, proposal: Notice) -> list[Task]:
        """The three institutions and the person; then the group; then the bureau."""
        there = proposal.refs["destination"]
        places = {"transfer_destination": {"receiving": there}}
        asked = [self.ask(key, name, proposal, **places.get(name, {})) for name in AGREEING]
        if all(task.outcome == AGREES for task in asked):
            asked.append(self.ask(key, DAYS, proposal))
            if asked[-1].outcome == "set_transfer_days":
                asked.append(self.ask(key, FILING, proposal))
        return asked

    def settled(self, asked: list[Task]) -> bool:
        """Whether the bureau has filed it; not after the term was certified in the same moment."""
        filed = asked[-1].name == FILING and asked[-1].outcome in SITE_MONTHS
        return filed and not any(task.outcome == "certify" for task in self._case.state.tasks)

    async def concluded(self, key: str, proposal: Notice, asked: list[Task]) -> date:
        """The last day that the group has set, or the day of the filing."""
        case, (days, filing) = self._case, asked[-2:]
        request = filing.deciding.request
        refs = {"change": proposal.refs["change"], "request": request, "site_months": SITE_MONTHS[filing.outcome]}
        refs |= {name: days.refs[name] for name in ("last_day", "starts_on")}
        last_day, starts_on = (await case.effect(f"{key}/agreed", "file_transfer", **refs)).split()
        # Whether the term is met is judged where it goes on.
        for task in case.state.tasks:
            if task.name == "certify_term":
                case.withdraw(task)
        if case.once(f"{key}/settled"):
            case.note(
                "transfer_filed",
                rule_ids=self.rules,
                last_day=last_day,
                starts_on=starts_on,
                site_months=refs["site_months"],
                by_request=request,
            )
            self._tell_filed("transfer_filed", proposal)
        return date.fromisoformat(last_day)

    def held(self) -> None:
        """The last day has passed, and something keeps the person here nevertheless."""
        if self.agreed:
            self._case.once(self._held(self.agreed))

    async def left(self) -> date:
        """The last day here; whom the filed days were told is told where they became others."""
        case, agreed = self._case, self.agreed
        if agreed is None:
            raise RuntimeError("nobody has filed a transfer")
        held = {"held": "yes"} if f"once:{self._held(agreed)}" in case.state.marks else {}
        answer = await case.effect("left_here", "leave_segment", change=agreed.refs["change"], **held)
        last_day, *moved = answer.split()
        if moved and case.once("left_here/moved"):
            case.note("transfer_moved", rule_ids=self.rules, last_day=last_day, starts_on=moved[0])
            self._tell_filed("transfer_moved", agreed)
        return date.fromisoformat(last_day)

    def _held(self, agreed: Notice) -> str:
        return f"held/{agreed.refs['change']}"

    def _tell_filed(self, kind: str, proposal: Notice) -> None:
        """The person, all three institutions, the group and the bureau."""
        self._parties.tell_all(kind)
        self._parties.tell_above(kind)
        self._case.tell(kind, **self._parties.receiving_at(proposal.refs["destination"]))

    def refused(self, proposal: Notice, *, side: str, request: str) -> None:
        """In the file; to who proposed it and the person."""
        self._case.note("transfer_refused", rule_ids=self.rules, side=side, by_request=request)
        self._parties.tell_asker("transfer_refused", proposal.refs["by"])

    def fell(self, proposal: Notice) -> None:
        """To the institutions and those above that were told of it; the person has left, or knows."""
        self._parties.tell_sides("transfer_fell")
        self._case.tell("transfer_fell", **self._parties.receiving_at(proposal.refs["destination"]))
        if self.agreed:
            self._parties.tell_above("transfer_fell")
