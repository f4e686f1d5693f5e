import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client

from stack.child import holds
from stack.ports import LOOPBACK, answers, free_port
from stack.temporal import RETENTION, SEARCH_ATTRIBUTES, SearchAttributeMistyped, TemporalServer, prepare_namespace


@pytest.fixture
async def server(folder: Path) -> AsyncIterator[TemporalServer]:
    made = TemporalServer(folder, free_port())
    await made.start()
    yield made
    await made.stop()


async def retention_of(client: Client) -> int:
    found = await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=client.namespace))
    return found.config.workflow_execution_retention_ttl.seconds


async def attributes_of(client: Client) -> dict[str, IndexedValueType.ValueType]:
    request = ListSearchAttributesRequest(namespace=client.namespace)
    return dict((await client.operator_service.list_search_attributes(request)).custom_attributes)


async def test_the_namespace_keeps_closed_cases_and_knows_the_search_attributes(server: TemporalServer) -> None:
    client = await Client.connect(server.address)
    assert await retention_of(client) < RETENTION.total_seconds()
    await prepare_namespace(client)
    await prepare_namespace(client)
    assert await retention_of(client) == RETENTION.total_seconds()
    assert dict(SEARCH_ATTRIBUTES).items() <= (await attributes_of(client)).items()


async def test_a_namespace_of_another_name_is_made(server: TemporalServer) -> None:
    client = await Client.connect(server.address, namespace="pinyong-trial")
    await prepare_namespace(client)
    assert await retention_of(client) == RETENTION.total_seconds()


async def test_an_attribute_of_another_type_is_refused_by_name(server: TemporalServer) -> None:
    client = await Client.connect(server.address)
    number = {"PinyongCycle": IndexedValueType.INDEXED_VALUE_TYPE_INT}
    request = AddSearchAttributesRequest(namespace=client.namespace, search_attributes=number)
    await client.operator_service.add_search_attributes(request)
    with pytest.raises(SearchAttributeMistyped, match="PinyongCycle"):
        await prepare_namespace(client)


async def test_a_port_that_is_taken_while_it_starts_is_tried_again(folder: Path) -> None:
    with socket.create_server((LOOPBACK, free_port())) as taken:
        server = TemporalServer(folder, taken.getsockname()[1])
        starting = asyncio.create_task(server.start())

        async def ended() -> bool:
            return server.exit_code is not None

        assert await holds(ended, within=30.0)
    await starting
    await prepare_namespace(await Client.connect(server.address))
    await server.stop()


async def test_a_kill_loses_nothing_that_was_registered(server: TemporalServer) -> None:
    await prepare_namespace(await Client.connect(server.address))
    server.kill()
    await server.start()
    client = await Client.connect(server.address)
    assert await retention_of(client) == RETENTION.total_seconds()
    assert "PinyongLifecycle" in await attributes_of(client)


async def test_in_memory_it_leaves_no_file_and_its_pages_are_on_where_a_port_is_named(folder: Path) -> None:
    ui_port = free_port()
    server = TemporalServer(None, free_port(), ui_port=ui_port, log=folder / "temporal.log")
    await server.start()

    async def shows_pages() -> bool:
        return await answers("127.0.0.1", ui_port)

    assert await holds(shows_pages, within=10)
    await server.stop()
    assert [path.name for path in folder.iterdir()] == ["temporal.log"]
