"""Cases that began under an older version go on: their histories replay with today's code."""

import inspect
import re
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

from tests.replay.keys import published_keyring
from tests.replay.reordered import WaitsBeforeItCommits
from tests.workflows.office import FULL, LIFECYCLES
from vault.payloads import data_converter
from workflows.engine.case import Case

ENDS = re.compile(r'(?:close|Ended)\("(\w+)"(?: if \w+ else "(\w+)")?')
HISTORIES = sorted((Path(__file__).parent / "histories").glob("*.json"))


def replayer(*lifecycles: type) -> Replayer:
    return Replayer(
        workflows=lifecycles,
        data_converter=data_converter(published_keyring()),
        workflow_runner=FULL,
    )


def history(path: Path) -> WorkflowHistory:
    return WorkflowHistory.from_json(path.stem, path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", HISTORIES, ids=lambda path: path.stem)
async def test_a_recorded_case_replays(path: Path) -> None:
    await replayer(*LIFECYCLES).replay_workflow(history(path))


async def test_a_change_in_the_order_of_two_commands_is_found() -> None:
    (path,) = [path for path in HISTORIES if path.stem == "HospitalSupply.balanced"]
    with pytest.raises(NondeterminismError):
        await replayer(WaitsBeforeItCommits).replay_workflow(history(path))


def ends_of(lifecycle: type) -> set[str]:
    """The outcomes with which the code of a lifecycle closes, its bases' code included."""
    sources = [inspect.getsource(inspect.getmodule(base) or base) for base in _own_bases(lifecycle)]
    said = (found for source in sources for found in ENDS.finditer(source))
    return {end for found in said for end in found.groups() if end}


def _own_bases(lifecycle: type) -> list[type]:
    return [base for base in lifecycle.__mro__ if issubclass(base, Case) and base is not Case]


def test_every_lifecycle_and_end_state_has_a_recorded_history() -> None:
    # A term's history says its grade behind its end.
    recorded = {".".join(path.stem.split(".")[:2]) for path in HISTORIES}
    expected = {f"{lifecycle.__name__}.{end}" for lifecycle in LIFECYCLES for end in ends_of(lifecycle)}
    assert recorded == expected
