"""How the worker runs workflows: in Temporal's sandbox, but without entering it for what our converter never asks."""

from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.converter import SerializationContext, StorageDriverStoreContext
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner
from temporalio.workflow import Info


class Runner(SandboxedWorkflowRunner):
    """Temporal's sandboxed runner whose instances answer for the contexts of payloads themselves.

    For every payload of every task Temporal asks the instance six times in which context it stands, and each question
    enters the sandbox: a sixth of the worker's time. Our payloads are sealed alike everywhere and none is stored
    outside of Temporal, so that the answer is always: in none.
    """

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """A sandboxed instance, asked only for what it must run."""
        return _WithoutContexts(self.sandboxed(det))

    def sandboxed(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """An instance in a sandbox of its own."""
        return super().create_instance(det)


class _WithoutContexts(WorkflowInstance):
    def __init__(self, sandboxed: WorkflowInstance) -> None:
        self._sandboxed = sandboxed

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        return self._sandboxed.activate(act)

    def get_serialization_context(self, command_info: object) -> SerializationContext | None:
        return None

    def get_external_store_context(self, command_info: object) -> StorageDriverStoreContext:
        return StorageDriverStoreContext(target=None)

    def get_info(self) -> Info:
        return self._sandboxed.get_info()

    def get_thread_id(self) -> int | None:
        return self._sandboxed.get_thread_id()
