"""The yearly cycle of one health group: collect, balance, publish posts, see them filled (DQ-3.1.2a to d).

It holds no tasks: each report, the balancing and each application is a case of its own, so that a thousand
institutions are a thousand small histories and not one large one.
"""

from datetime import datetime
from itertools import count

from temporalio import workflow

from activities.engine.messages import CaseStart
from workflows.engine.case import Case

NOBODY = "0"


@workflow.defn
class DemandCycle(Case):
    """One group, one year."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: CaseStart) -> str:
        """From the opening of the window to the end of the last application."""
        await self._opened()
        self.enter("reporting")
        if self.once("window"):
            self.note("window_opened", rule_ids=("DQ-3.1.2a", "DQ-3.1.2c"), closes_on=self.facts["closes_on"])
        await self.effect("reports", "open_reports")
        await self._started("reports")
        await self.hear("all_in", "all_in")
        self.enter("balancing")
        await self.effect("balancing", "open_balancing")
        await self.hear("published", "published")
        self.enter("post_published")
        if await self.effect("invitations", "invite_applicants") != NOBODY:
            await self._started("invitations")
            await self._filled()
        return await self.close("published")

    async def _opened(self) -> None:
        """A cycle may be started before its window; nobody is asked until it opens."""
        opens = datetime.fromisoformat(self.facts["opens_at"])
        if workflow.now() < opens:
            self.enter("announced")
            await self.until(lambda: False, latest=opens)

    async def _started(self, what: str) -> None:
        """Once per run is enough: the caretaker starts what a cut left unstarted."""
        if self.once(f"started/{what}"):
            await self.start_opened()

    async def _filled(self) -> None:
        """Until every application has ended; meanwhile an institution may take a post back (EXC-04)."""
        for number in count(1):
            notice = await self.hear(f"while_filling/{number}", "all_ended", "cancel_post")
            if notice.name == "all_ended":
                return
            post = notice.refs["post"]
            answer = await self.effect(f"cancel/{number}", "cancel_post", post=post, request=notice.request)
            if self.once(f"cancelled/{number}"):
                by, said = notice.refs.get("by", ""), notice.request
                self.note("post_cancelled" if answer == "closed" else "post_kept", actor=by, by_request=said, post=post)
