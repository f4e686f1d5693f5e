"""A matter that may end a contract: what it tells the contract, and what becomes of it when the contract ends first.

Two of them may be open at once (decision 0017): whichever ends the contract, the other has lost its object.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from temporalio import workflow

from activities.engine.messages import CaseStart
from policies.engine.questions import Question
from workflows.engine.case import Case

CONTRACT_OVER, STATED = "contract_over", "ground_stated"
LOST = "lost_object"


@dataclass(frozen=True)
class Ended:
    """How a matter ended: its end state, and the request of the answer that ended it, "" for none."""

    outcome: str
    request: str = ""


class MatterOver(Exception):
    """The matter ends here, whatever it was waiting for."""

    def __init__(self, ended: Ended) -> None:
        super().__init__(ended.outcome)
        self.ended = ended


class ContractEnd(Case):
    """One matter beside one contract."""

    def __init__(self, start: CaseStart) -> None:
        super().__init__(start)
        self.employer, self.commission = self.facts["employer"], self.facts["commission"]
        self.person = self.facts["person"]
        self.dismissed_by_employer = self.sent_back = False
        self.ends_contract = False

    async def until(self, done: Callable[[], bool], *, latest: datetime | None = None) -> bool:
        """What reaches the matter while it waits is taken at once; raises MatterOver when that ends it."""
        while not done():
            self.take_news()
            alarm = self.alarm()
            first = min((one for one in (latest, alarm) if one), default=None)
            if await super().until(lambda: done() or self.has_news(), latest=first):
                continue
            if alarm and workflow.now() >= alarm:
                await self.alarmed()
            else:
                return False
        return True

    def has_news(self) -> bool:
        """Whether something waits to be taken."""
        lost = not self.ends_contract and self.told("over", CONTRACT_OVER)
        return lost or any(one.name == STATED for one in self.state.notices)

    def take_news(self) -> None:
        """Take it; raises MatterOver when it ends the matter."""
        if (stated := self.take("stated", STATED)) and self.once("stated"):
            self.note("ground_stated", actor=stated.refs.get("by", ""), by_request=stated.request)
        if not self.ends_contract and self.take("over", CONTRACT_OVER):
            raise MatterOver(Ended("lost_object"))

    def alarm(self) -> datetime | None:
        """An instant (UTC) at which the matter has something to say of itself."""
        return None

    async def alarmed(self) -> None:
        """That instant has come."""

    def hold_payments(self) -> None:
        """G-11: whether new payments are held is asked of a person, once; nothing is held by itself."""
        self.open(Question("payments", "hold_payments"))

    def tell_all(self, kind: str, *, request: str = "") -> None:
        """A letter to the expert, the employer's leader and HR, and the commission's officer."""
        details = {"by_request": request} if request else {}
        self.tell(kind, person=self.person, **details)
        for role, place in (("R-19", self.employer), ("R-20", self.employer), ("R-23", self.commission)):
            self.tell(kind, role=role, place=place, **details)

    def tell_finance(self, kind: str) -> None:
        """The finance bureau, where the contract has one."""
        if finance := self.facts.get("finance"):
            self.tell(kind, role="R-26", place=finance)

    def pursued_to_the_end(self) -> None:
        """It is this matter that ends the contract: that the contract is over does not take its object away."""
        self.ends_contract = True

    def say_lost(self) -> None:
        """The contract has ended otherwise: the people of the matter see that nothing is asked of them any more."""
        if self.once("lost"):
            self.note("end_lost_object", rule_ids=("OT-6.2b",))
            self.tell_all("end_lost_object")

    def ensure_object(self) -> None:
        """An answer that came together with the end of the contract ends nothing a second time."""
        if self.told("over", CONTRACT_OVER):
            raise MatterOver(Ended("lost_object"))

    async def inform_contract(self, notice: str, ended: Ended) -> None:
        """How the matter ended, and on which local day: the day of the decision, also of one on paper."""
        ended_on = await self.effect("ended_on", "day_of_end", request=ended.request)
        if self.once("informed_contract"):
            refs = {"case": self.start.case_id, "outcome": ended.outcome, "ended_on": ended_on}
            self.inform(self.facts["contract"], notice, **refs)
