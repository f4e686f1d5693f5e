"""What a case costs in Temporal over all its runs, and what can be read there by who has the keys (design.md 14)."""

from collections.abc import Iterable, Sequence

from temporalio.api.history.v1 import HistoryEvent

from tests.workflows.office import Office
from tests.workflows.test_histories import payloads_in
from vault.payloads import SealedPayloads

MOST_PAYLOAD = 200_000
History = Sequence[HistoryEvent]


async def runs_of(office: Office, case: str) -> list[History]:
    """The histories of every run of a case, the newest first."""
    found: list[History] = []
    run: str | None = None
    while run != "":
        handle = office.env.client.get_workflow_handle(case, run_id=run)
        events = list((await handle.fetch_history()).events)
        found.append(events)
        run = events[0].workflow_execution_started_event_attributes.continued_execution_run_id
    return found


def payload_of(run: History) -> int:
    """The bytes of every payload of a run."""
    return sum(len(one.data) for event in run for one in payloads_in(event))


def told_of(office: Office, runs: Sequence[History], words: Iterable[str], *, knows: str) -> set[str]:
    """Which of these words stand in the histories once they are opened; `knows` must, or the walk finds nothing."""
    codec = SealedPayloads(office.keyring)
    plain = "\n".join(codec.opened(one).data.decode() for run in runs for event in run for one in payloads_in(event))
    assert knows in plain, "the walk must find what is sealed"
    return {word for word in words if word in plain}
