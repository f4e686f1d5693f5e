"""The sandbox in which tests run workflows: Temporal's own, but our modules are loaded into it once."""

import threading
from dataclasses import dataclass, field

from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails
from temporalio.worker.workflow_sandbox._importer import Importer
from temporalio.worker.workflow_sandbox._restrictions import RestrictionContext
from temporalio.worker.workflow_sandbox._runner import _Instance
from temporalio.workflow import _Definition

from stack.runner import Runner


class _Context(threading.local, RestrictionContext):
    """Whether this thread runs a case or loads a module; cases run in several threads at once."""

    def __init__(self) -> None:
        RestrictionContext.__init__(self)


class _Sharing(_Instance):
    """A case in a sandbox that is not its own."""

    def __init__(self, details: WorkflowInstanceDetails, runner: "SharedSandbox") -> None:
        self.instance_details, self.runner_class, self.importer = details, runner.runner_class, runner.importer
        self._current_thread_id = None
        self.globals_and_locals = {"__file__": "workflow_sandbox.py"}
        self._create_instance()


@dataclass(frozen=True)
class SharedSandbox(Runner):
    """Runs all cases in one sandbox with these restrictions.

    Temporal loads our modules anew for each case, and for each type of case when a worker is made: more time and
    memory than the tests themselves. Here they are loaded once under the same restrictions, so that a stray clock
    call fails as it does there. What a case leaves behind in a module is there for the next one, as in production,
    where our modules pass through.
    """

    importer: Importer = field(init=False)
    prepared: set[type] = field(default_factory=set, init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "importer", Importer(self.restrictions, _Context()))

    def prepare_workflow(self, defn: _Definition) -> None:
        """A type of case is tried once."""
        if defn.cls not in self.prepared:
            super().prepare_workflow(defn)
            self.prepared.add(defn.cls)

    def sandboxed(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        return _Sharing(det, self)
