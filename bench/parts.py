"""The parts of `pinyong up` on free ports in a folder of their own, with the bench's workflow in the worker."""

import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

from activities.engine.delivery import Delivery
from bench.machine import cpu_ms
from cli.parts import Parts
from db.engine.base import Sessions, connect, sessions
from settings import Settings, read_settings
from stack.lock import held
from stack.ports import free_port
from stack.program import Program
from stack.supervisor import Part, Server, Stage
from vault.keyring import Keyring
from vault.payloads import data_converter

PORTS = ("web_port", "postgres_port", "temporal_port", "temporal_ui_port", "smtp_port")
WHOLE_STACK = ("temporal", "postgres", "worker", "web")


@dataclass(frozen=True)
class Stand:
    """Running parts by name, the ways to them. `client` seals like the product, `bare` has the default converter."""

    settings: Settings
    servers: dict[str, Server]
    record: Sessions
    keyring: Keyring
    client: Client
    bare: Client

    @property
    def delivery(self) -> Delivery:
        """Starts and answers as the web process brings them to a case."""
        return Delivery(self.client, self.record, task_queue=self.settings.task_queue)

    def pid(self, name: str) -> int:
        """The process id of a part."""
        found: int = getattr(self.servers[name], "pid")  # noqa: B009  # every server of ours has one, the protocol does not say so
        return found

    def kill(self, *names: str) -> None:
        """End parts at once, as a power cut would."""
        for name in names:
            self.servers[name].kill()

    async def start(self, *names: str) -> None:
        """Start parts again, in the order in which `pinyong up` does."""
        for name, server in self.servers.items():
            if name in names:
                await server.start()

    async def stop(self, *names: str) -> None:
        """Stop parts, the last one first."""
        for name in reversed(self.servers):
            if name in names:
                await self.servers[name].stop()

    def cpu_ms(self) -> dict[str, float]:
        """What every part has used so far."""
        return {name: cpu_ms(self.pid(name)) for name in self.servers}


def chosen(folder: Path) -> Settings:
    """Settings on ports that are free now."""
    return read_settings(data_dir=folder, **{name: free_port() for name in PORTS})


@asynccontextmanager
async def stand(settings: Settings, *, floor: bool = False) -> AsyncIterator[Stand]:
    """Start everything, and stop it at the end. Raises NotReady with the end of the log of what did not start."""
    with held(settings.data_dir):
        keyring = Keyring.load_or_create(settings.keys_file)
        parts = Parts(settings, _say_nothing)
        servers: dict[str, Server] = {}
        try:
            await _bring_up(parts.stages(), servers)
            if floor:
                servers["floor"] = _floor(parts.settings)
                await servers["floor"].start()
            engine = connect(str(parts.settings.database_url), keyring, pool=20)
            yield await _stand(parts.settings, servers, keyring, engine)
            await engine.dispose()
        finally:
            for server in reversed(servers.values()):
                await server.stop()


def _say_nothing(sentence: str, /, **facts: object) -> None:
    pass


async def _bring_up(stages: Sequence[Stage], servers: dict[str, Server]) -> None:
    for stage in stages:
        for part in stage.parts:
            servers[part.name] = _with_bench_workflow(part)
            await servers[part.name].start()
        for step in stage.then:
            await step()


def _with_bench_workflow(part: Part) -> Server:
    """The product's worker with one workflow more; every other part as it is."""
    if not isinstance(part.server, Program) or part.name != "worker":
        return part.server
    command = replace(part.server.command, argv=(sys.executable, "-m", "bench.worker"))
    return Program(command, part.server.ready, part.server.log)


def _floor(settings: Settings) -> Program:
    from stack.child import Command

    async def ready() -> bool:
        return True

    argv = (sys.executable, "-m", "bench.floor", str(settings.temporal_address), str(settings.database_url))
    environment = dict(os.environ) | {"PYTHONUNBUFFERED": "1"}
    command = Command(argv, environment=environment, cwd=Path(__file__).parents[1])
    return Program(command, ready, settings.logs_folder / "floor.log")


async def _stand(settings: Settings, servers: dict[str, Server], keyring: Keyring, engine: AsyncEngine) -> Stand:
    address = str(settings.temporal_address)
    client = await Client.connect(address, data_converter=data_converter(keyring))
    return Stand(settings, servers, sessions(engine), keyring, client, await Client.connect(address))
