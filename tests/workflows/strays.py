"""Lifecycles of a rule that reads the machine's clock, and of one that does not."""

from datetime import UTC, datetime, timedelta

from temporalio import workflow


def working(days: int) -> datetime:
    """A rule that does what none may."""
    return datetime.now(UTC) + timedelta(days=days)


@workflow.defn(name="Stray")
class Stray:
    @workflow.run
    async def run(self) -> str:
        await workflow.sleep(1)
        return working(3).isoformat()


@workflow.defn(name="Steady")
class Steady:
    @workflow.run
    async def run(self) -> str:
        await workflow.sleep(1)
        return (workflow.now() + timedelta(days=3)).isoformat()
