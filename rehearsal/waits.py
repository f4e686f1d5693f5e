"""For what instants the running cases wait: read off their own timers, so that no lifecycle has to be known.

The workflow runner is the product's; it is only listened to.
"""

import threading
from datetime import UTC, datetime

from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.converter import SerializationContext, StorageDriverStoreContext
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails, WorkflowRunner
from temporalio.workflow import Info, _Definition

# What ends a run, and with it every timer that it has armed.
ENDINGS = (
    "complete_workflow_execution",
    "fail_workflow_execution",
    "cancel_workflow_execution",
    "continue_as_new_workflow_execution",
)


class Waits:
    """The timers that are armed, by workflow."""

    def __init__(self) -> None:
        # Workflows are activated on threads of their own.
        self._lock = threading.Lock()
        self._armed: dict[str, dict[int, datetime]] = {}

    def next(self) -> datetime | None:
        """The next instant at which any workflow wakes by itself."""
        with self._lock:
            return min((at for timers in self._armed.values() for at in timers.values()), default=None)

    def of(self, workflow: str) -> datetime | None:
        """When this workflow wakes by itself."""
        with self._lock:
            return min(self._armed.get(workflow, {}).values(), default=None)

    def forget(self, workflow: str) -> None:
        """A workflow has ended, or begins anew."""
        with self._lock:
            self._armed.pop(workflow, None)

    def follow(self, workflow: str, asked: WorkflowActivation, answered: WorkflowActivationCompletion) -> None:
        """Take from one workflow task which timers have fired, were armed and were taken back."""
        now = asked.timestamp.ToDatetime(UTC)
        with self._lock:
            timers = self._armed.setdefault(workflow, {})
            for job in asked.jobs:
                if job.HasField("fire_timer"):
                    timers.pop(job.fire_timer.seq, None)
            for command in answered.successful.commands:
                if command.HasField("start_timer"):
                    timer = command.start_timer
                    timers[timer.seq] = now + timer.start_to_fire_timeout.ToTimedelta()
                elif command.HasField("cancel_timer"):
                    timers.pop(command.cancel_timer.seq, None)
                elif command.WhichOneof("variant") in ENDINGS:
                    timers.clear()


class ListeningRunner(WorkflowRunner):
    """Runs workflows as another runner does, and tells what they wait for."""

    def __init__(self, runner: WorkflowRunner, waits: Waits) -> None:
        """Listen to what `runner` runs."""
        self._runner, self._waits = runner, waits

    def prepare_workflow(self, defn: _Definition) -> None:
        """As the other does."""
        self._runner.prepare_workflow(defn)

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """The other's instance, listened to."""
        workflow = det.info.workflow_id
        self._waits.forget(workflow)
        return _Listened(self._runner.create_instance(det), workflow, self._waits)


class _Listened(WorkflowInstance):
    def __init__(self, instance: WorkflowInstance, workflow: str, waits: Waits) -> None:
        self._instance, self._workflow, self._waits = instance, workflow, waits

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        answered = self._instance.activate(act)
        self._waits.follow(self._workflow, act, answered)
        return answered

    def get_serialization_context(self, command_info: object) -> SerializationContext | None:
        return None

    def get_external_store_context(self, command_info: object) -> StorageDriverStoreContext:
        return StorageDriverStoreContext(target=None)

    def get_info(self) -> Info:
        return self._instance.get_info()

    def get_thread_id(self) -> int | None:
        return self._instance.get_thread_id()
