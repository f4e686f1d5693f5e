"""The OpenAPI document is true: whatever is sent, no answer is a failure of ours or one that it does not name."""

import asyncio
import json
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.pool import NullPool
from temporalio.client import Client

from activities.engine.delivery import Delivery
from api.app import build
from db.engine.packs import PackShelf
from stack.temporal import TemporalServer
from tests.api.conftest import Town, desks_over
from tests.conftest import StandingClock
from vault.columns import give_keys
from vault.keyring import Keyring

Operation = APIOperation[Any, Any, Any, Any]
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
BOUNDED = settings(
    max_examples=6,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def try_operation(operation: Operation, mode: GenerationMode, bearer: str) -> None:
    """Send a bounded number of drawn requests to one operation and judge each answer."""

    @given(case=operation.as_strategy(generation_mode=mode))
    @BOUNDED
    def send(case: Case[Operation]) -> None:
        case.call_and_validate(headers={"Authorization": bearer}, checks=CHECKS)

    send()


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["fitting", "unfitting"])
async def test_whatever_is_sent_the_answer_is_one_that_the_document_names(
    town: Town,
    database_url: str,
    *,
    mode: GenerationMode,
    temporal: TemporalServer,
    clock: StandingClock,
    keyring: Keyring,
) -> None:
    # The client of the test runs every request in an event loop of its own: connections cannot be shared.
    engine = create_async_engine(database_url, poolclass=NullPool)
    give_keys(engine.dialect, keyring)
    record = async_sessionmaker(engine, expire_on_commit=False)
    delivery = Delivery(await Client.connect(temporal.address), record, task_queue="drawn")
    app = build(desks_over(record, delivery, clock=clock, keyring=keyring, shelf=PackShelf(record)))
    bearer = (await town.program())["Authorization"]

    def try_all() -> int:
        found = schemathesis.openapi.from_asgi("/openapi.json", app).get_all_operations()
        operations = [each.ok() for each in found if isinstance(each, Ok)]
        # Nothing can be sent wrongly to an address that takes nothing.
        takes = [each for each in operations if mode is GenerationMode.POSITIVE or not each.path.endswith("template")]
        for operation in takes:
            try_operation(operation, mode, bearer)
        return len(operations)

    assert await asyncio.to_thread(try_all) >= 20


async def test_the_document_is_openapi_31_with_examples_for_every_body(town: Town) -> None:
    document = (await town.http.get("/openapi.json")).json()

    schemas = document["components"]["schemas"]
    bodies = [
        "CycleIn",
        "ApplicationIn",
        "PersonIn",
        "InstitutionIn",
        "PersonChange",
        "InstitutionChange",
        "DecisionIn",
        "DepartureIn",
    ]
    assert document["openapi"].startswith("3.1")
    assert [name for name in bodies if not schemas[name].get("examples")] == []
    assert all(schemas[name]["additionalProperties"] is False for name in bodies)
    assert "/demand-cycles" in document["paths"]
    assert "application/problem+json" in json.dumps(document["paths"]["/people"]["post"]["responses"]["422"])


async def test_the_documents_can_be_read_without_a_script(town: Town) -> None:
    page = await town.http.get("http://town/api/docs")

    assert page.status_code == 200
    assert "发起年度需求周期 / start cycle" in page.text
    assert "POST /api/v1/tasks/{task_id}/decisions" in page.text
    assert "<script" not in page.text
