"""The yearly cycle of one health group: collect demand and supply, balance, publish posts, see them filled (DQ-3.1.2a
to d).

It holds no tasks: each report, the balancing and each application is a case of its own, so that a thousand
institutions are a thousand small histories and not one large one.
"""

from temporalio import workflow

from activities.engine.messages import CaseStart
from workflows.engine.case import Case


@workflow.defn
class DemandCycle(Case):
    """One group, one year."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: CaseStart) -> str:
        """From the opening of the window to the end of the last application."""
        self.enter("reporting")
        self.note("window_opened", rule_ids=("DQ-3.1.2a", "DQ-3.1.2c"), closes_on=self.facts["closes_on"])
        await self.effect("reports", "open_reports")
        await self.start_opened()
        await self._told("all_in")
        self.enter("balancing")
        await self.effect("balancing", "open_balancing")
        await self._told("published")
        self.enter("post_published")
        await self.effect("invitations", "invite_applicants")
        await self.start_opened()
        await self._filled()
        return await self.close("published")

    async def _told(self, name: str) -> None:
        await self.until(lambda: any(notice.name == name for notice in self.state.notices))
        self.take_notice(name)

    async def _filled(self) -> None:
        """Until every application has ended; meanwhile an institution may take a post back (EXC-04)."""
        while True:
            await self.until(lambda: bool(self.state.notices))
            if self.take_notice("all_ended"):
                return
            notice = self.take_notice("cancel_post")
            if notice:
                post = notice.refs["post"]
                answer = await self.effect(f"cancel/{post}", "cancel_post", post=post, request=notice.request)
                self.note("post_cancelled" if answer == "closed" else "post_kept", request=notice.request, post=post)
            else:
                self.state.notices.clear()
