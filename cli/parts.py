"""The parts of `pinyong up`, as the settings name them: what an outside address stands for is not started."""

import os
import re
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client
from temporalio.service import RPCError

import settings as entry
from cli.main import WORDS
from settings import PREFIX, Settings, environment_of
from stack.child import Command
from stack.ports import LOOPBACK, Wanted, answers, answers_http
from stack.postgres import PostgresServer
from stack.program import Program, run_once
from stack.supervisor import Part, Stage, Tell
from stack.temporal import TemporalServer, prepare_namespace

# A call to a server that is just being restarted would else hang.
PATIENCE = timedelta(seconds=2)
ROOT = Path(entry.__file__).resolve().parent
# Refused statements and cut connections are everyday life of a database and of a workflow server; these are not.
POSTGRES_ALARM = re.compile(
    r"\b(FATAL|PANIC):(?!.*(starting up|shutting down|not yet accepting|terminating connection))"
)
TEMPORAL_ALARM = re.compile(r"\blevel=(FATAL|PANIC)|^panic:|disk is full")


class Parts:
    """Servers and programs for one set of settings. The data folder must be held: a password is made in it."""

    def __init__(self, given: Settings, tell: Tell) -> None:
        self._given = given
        self._tell = tell
        logs = given.logs_folder
        logs.mkdir(parents=True, exist_ok=True)
        logs.chmod(0o700)
        self._postgres = PostgresServer(
            given.data_dir, given.postgres_port, bin_dir=given.postgres_bin, log=logs / "postgres.log"
        )
        self._temporal = TemporalServer(
            given.data_dir, given.temporal_port, ui_port=given.temporal_ui_port, log=logs / "temporal.log"
        )
        self.settings = given.model_copy(
            update={
                "database_url": given.database_url or self._postgres.url,
                "temporal_address": given.temporal_address or self._temporal.address,
                "smtp_host": given.smtp_host or LOOPBACK,
            }
        )
        self._began = datetime.now(UTC)

    def stages(self) -> tuple[Stage, ...]:
        """What is brought up, in order: the servers, then our own processes over a database that is up to date."""
        return (
            Stage(tuple(self._servers()), then=(self._migrate, self._prepare_namespace)),
            Stage((self._worker(), self._web()), then=(self._seed,)),
        )

    def _servers(self) -> list[Part]:
        given, parts = self._given, list[Part]()
        if given.database_url is None:
            parts.append(Part("postgres", self._postgres, POSTGRES_ALARM))
        if given.temporal_address is None:
            parts.append(Part("temporal", self._temporal, TEMPORAL_ALARM))
        if given.smtp_host is None:
            where = ("--port", str(given.smtp_port), "--folder", str(given.mailbox_folder))
            ready = partial(answers, LOOPBACK, given.smtp_port)
            parts.append(Part("mailbox", self._program("mailbox", ("-m", "stack.mailbox", *where), ready)))
        return parts

    def _worker(self) -> Part:
        return Part("worker", self._program("worker", ("worker.py",), self._worker_polls))

    def _web(self) -> Part:
        host = LOOPBACK if self.settings.web_host == "0.0.0.0" else self.settings.web_host  # noqa: S104  # only compared
        return Part(
            "web", self._program("web", ("web.py",), partial(answers_http, host, self.settings.web_port, "/readyz"))
        )

    def _program(self, name: str, arguments: Sequence[str], ready: Callable[[], Awaitable[bool]]) -> Program:
        return Program(self._command(arguments), ready, self._log(name))

    async def _migrate(self) -> None:
        self._tell("migrating")
        await run_once(self._command(("-m", "cli.main", "migrate")), self._log("migrate"))

    async def _prepare_namespace(self) -> None:
        if self._given.temporal_address is None:
            await prepare_namespace(await self._client())

    async def _seed(self) -> None:
        planted = self._given.data_dir / "seeded"
        if not self._given.demo or "seed" not in WORDS or planted.exists():
            return
        self._tell("seeding")
        await run_once(
            self._command(("-m", "cli.main", "seed")),
            self._log("seed"),
            hear=lambda line: self._tell("step", step=line),
        )
        planted.touch()

    async def _worker_polls(self) -> bool:
        """Whether a worker has asked for work since we began; the server also remembers workers of earlier runs."""
        kind = TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW
        client = await self._client()
        request = DescribeTaskQueueRequest(
            namespace=client.namespace, task_queue=TaskQueue(name=self.settings.task_queue), task_queue_type=kind
        )
        try:
            found = await client.workflow_service.describe_task_queue(request, timeout=PATIENCE)
        except (RPCError, RuntimeError):  # refused, or no server to connect to
            return False
        return any(poller.last_access_time.ToDatetime(UTC) > self._began for poller in found.pollers)

    async def _client(self) -> Client:
        return await Client.connect(
            str(self.settings.temporal_address), namespace=self.settings.temporal_namespace, lazy=True
        )

    def _command(self, arguments: Sequence[str]) -> Command:
        outside = {name: value for name, value in os.environ.items() if not name.upper().startswith(PREFIX)}
        environment = outside | environment_of(self.settings) | {"PYTHONUNBUFFERED": "1"}
        return Command((sys.executable, *arguments), environment=environment, cwd=ROOT)

    def _log(self, name: str) -> Path:
        return self._given.logs_folder / f"{name}.log"


def wanted_ports(settings: Settings) -> list[Wanted]:
    """The ports that the parts to be started will listen on."""
    wanted = [Wanted("web", settings.web_port, "web_port", settings.web_host)]
    if settings.database_url is None:
        wanted.append(Wanted("postgres", settings.postgres_port, "postgres_port"))
    if settings.temporal_address is None:
        wanted.append(Wanted("temporal", settings.temporal_port, "temporal_port"))
        wanted.append(Wanted("temporal-ui", settings.temporal_ui_port, "temporal_ui_port"))
    if settings.smtp_host is None:
        wanted.append(Wanted("mailbox", settings.smtp_port, "smtp_port"))
    return wanted
