"""An inspection by the county health bureau and what is put right after it (DQ-3.2.3a to c, DQ-4.3c).

The bureau records what it found: nothing, an order, or a referral. An order goes to the head of the institution, who
answers with evidence; the bureau verifies it, sends it back with its reason, or refers the matter. A referral is
recorded and nothing else: how serious a matter is, and what follows, is decided by the bodies that the clause names.
"""

from temporalio import workflow

from activities.engine.messages import CaseStart
from policies.engine.questions import Question
from policies.engine.tasks import Task
from workflows.engine.case import Case

INSPECTED, ORDERED, REFERRED = ("DQ-3.2.3a",), ("DQ-3.2.3b",), ("DQ-3.2.3c",)
# Whom the order asks, by what kind of institution it is, with the role of its head.
ANSWERED_BY = {
    "grassroots": ("rectify_grassroots", "R-02"),
    "hospital": ("rectify_hospital", "R-04"),
    "group": ("rectify_group", "R-39"),
}


@workflow.defn
class InspectionRectification(Case):
    """One inspection of one institution, or of one person there."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: CaseStart) -> str:
        """From the opening to what came of it."""
        if self.once("opened"):
            about = {name: self.facts[name] for name in ("occasion", "inspected_on", "concerns") if self.facts[name]}
            self.note("inspection_opened", rule_ids=INSPECTED, inspected=self.facts["institution"], **about)
        await self._freeze()
        self.enter("inspecting")
        (findings,) = await self.ask(Question("findings", "inspection_findings"))
        if findings.outcome == "no_issue":
            await self._settle_certificate()
            return await self.close("no_issue")
        if findings.outcome == "refer":
            return await self._referred(findings)
        return await self._put_right(findings)

    async def _put_right(self, ordered: Task) -> str:
        """Order, answer and verification, until the bureau is satisfied or refers the matter."""
        number = 0
        while True:
            number += 1
            self._say_ordered(ordered, number)
            self.enter("rectifying")
            (answered,) = await self.ask(self._order(ordered, number))
            self.enter("verifying")
            refs = {"of": answered.id, "ordered": ordered.id}
            (verified,) = await self.ask(Question(f"verify/{number}", "verify_rectification", refs=refs))
            if verified.outcome == "verified":
                return await self._rectified(verified)
            if verified.outcome == "refer":
                return await self._referred(verified)
            ordered = verified

    def _order(self, ordered: Task, number: int) -> Question:
        """Due on the day that the bureau has set, else after the pack's working days."""
        until = ordered.refs.get("until", "")
        refs = {"of": ordered.id} | ({"due_on": until} if until else {})
        task, _ = ANSWERED_BY[self.facts["answered_by"]]
        return Question(f"rectify/{number}", task, refs=refs)

    def _say_ordered(self, ordered: Task, number: int) -> None:
        if not self.once(f"ordered/{number}"):
            return
        until, request = ordered.refs.get("until", ""), ordered.deciding.request
        refs = {"by_request": request} | ({"until": until} if until else {})
        if number > 1:
            self.note("rectification_sent_back", rule_ids=ORDERED, **refs)
            return
        self.note("rectification_ordered", rule_ids=ORDERED, **refs)
        if person := self.facts["person"]:
            self.tell("rectification_ordered", person=person, by_request=request)

    async def _rectified(self, verified: Task) -> str:
        await self._settle_certificate()
        request = verified.deciding.request
        self.note("rectification_verified", rule_ids=ORDERED, by_request=request)
        _, head = ANSWERED_BY[self.facts["answered_by"]]
        self.tell("rectified", role=head, place=self.facts["institution"], by_request=request)
        if person := self.facts["person"]:
            self.tell("rectified", person=person, by_request=request)
        return await self.close("rectified")

    async def _freeze(self) -> None:
        """EXC-11: the certificate of the term that the matter concerns is frozen while people look, never revoked."""
        concerns = self.facts["concerns"]
        frozen = concerns and await self.effect("frozen", "freeze_certificate", concerns=concerns)
        if frozen and self.once("frozen"):
            self.note("certificate_frozen", rule_ids=ORDERED, concerns=concerns)

    async def _settle_certificate(self) -> None:
        """Whether it is valid again is for the bureau's leader to say; a referral leaves it frozen."""
        if not self.state.marks.get("effect:frozen"):
            return
        (settled,) = await self.ask(Question("certificate", "settle_certificate"))
        if self.once("certificate/settled"):
            lifts, request = settled.outcome == "lift_freeze", settled.deciding.request
            self.write("settle_hold", state="lifted" if lifts else "frozen", request=request)
            self.note("certificate_valid" if lifts else "certificate_kept", rule_ids=ORDERED, by_request=request)

    async def _referred(self, decided: Task) -> str:
        self.note("referral_recorded", rule_ids=REFERRED, by_request=decided.deciding.request)
        return await self.close("referred")
