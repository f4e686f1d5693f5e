"""A test's office: real record, casebook and desks, a Temporal whose time can be skipped, and people who answer at the real desk."""

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import select
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from activities import demand, filing, posting
from activities.engine.casebook import Casebook
from activities.engine.delivery import CYCLE, INSTITUTION, LIFECYCLE, PROGRAMME, Delivery
from db.engine.almanac import Almanac
from db.engine.base import Sessions
from db.engine.cases import CaseFile, EventRow
from db.engine.packs import PackShelf
from db.engine.post import LetterRow
from db.engine.tasks import InboxRow, SeatRow, TaskRow
from services.demand import CycleDesk
from services.engine.decisions import Answer, DecisionDesk, Receipt
from services.forms import FORMS
from services.posting import ApplicationDesk
from tests.conftest import StandingClock
from vault.keyring import Keyring
from vault.payloads import data_converter
from workflows.balancing import Balancing
from workflows.demand_cycle import DemandCycle
from workflows.filing_batch import FilingBatch
from workflows.hospital_supply import HospitalSupply
from workflows.institution_demand import InstitutionDemand
from workflows.posting import PostingCase

QUEUE = "office"
LIFECYCLES = [DemandCycle, InstitutionDemand, HospitalSupply, Balancing, PostingCase, FilingBatch]
BOUND = 20.0
# Third parties come in as they are; ours stays in the full sandbox, so that a stray clock call in a rule fails here.
THIRD_PARTIES = SandboxRestrictions.default.with_passthrough_modules("sqlalchemy", "asyncpg", "cryptography", "chinese_calendar")


@dataclass
class Office:
    """What a test says and sees."""

    env: WorkflowEnvironment
    record: Sessions
    clock: StandingClock
    delivery: Delivery
    decisions: DecisionDesk
    cycles: CycleDesk
    applications: ApplicationDesk
    requests: "count[int]"

    async def answer(
        self, task: str, person: str, choice: str, words: str = "", *, form: Mapping[str, Any] | None = None
    ) -> Receipt:
        """The person answers the open task with this name, or this id; the clock stands at the case's own time."""
        row = await self.open_task(task, person)
        await self.tell_time()
        return await self.decisions.answer(
            Answer(f"r{next(self.requests)}", row.id, person, row.revision, choice, words, form or {})
        )

    async def tell_time(self) -> None:
        self.clock.instant = await self.env.get_current_time()

    async def open_task(self, task: str, person: str) -> TaskRow:
        """Waits until the person is asked."""
        query = (
            select(TaskRow)
            .join(SeatRow, SeatRow.task_id == TaskRow.id)
            .where(TaskRow.status == "open", SeatRow.open, SeatRow.person == person)
            .where((TaskRow.name == task) | (TaskRow.id == task))
            .order_by(TaskRow.opened_at, TaskRow.id)
        )
        row: TaskRow = await self.seen(query)
        return row

    async def seen(self, query: Any) -> Any:
        """The first row of a query, waited for with a bound."""
        async with asyncio.timeout(BOUND):
            while True:
                async with self.record() as session:
                    found = await session.scalar(query)
                if found is not None:
                    return found
                await asyncio.sleep(0.02)

    async def stands(self, case_id: str, stage: str) -> CaseFile:
        """Waits until the case stands at a stage."""
        case: CaseFile = await self.seen(select(CaseFile).where(CaseFile.id == case_id, CaseFile.stage == stage))
        return case

    async def days_pass(self, days: float) -> None:
        with self.env.auto_time_skipping_disabled():
            await self.env.sleep(timedelta(days=days))
        await self.tell_time()

    async def open_tasks(self, name: str) -> list[TaskRow]:
        async with self.record() as session:
            query = select(TaskRow).where(TaskRow.status == "open", TaskRow.name == name).order_by(TaskRow.id)
            return list(await session.scalars(query))

    async def events(self, case_id: str) -> list[str]:
        """The bodies of a case's file."""
        async with self.record() as session:
            query = select(EventRow.body).where(EventRow.case_id == case_id).order_by(EventRow.number)
            return list(await session.scalars(query))

    async def letters(self, kind: str) -> list[LetterRow]:
        async with self.record() as session:
            query = select(LetterRow).where(LetterRow.kind == kind).order_by(LetterRow.created_at, LetterRow.id)
            return list(await session.scalars(query))

    async def inbox(self) -> list[InboxRow]:
        async with self.record() as session:
            return list(await session.scalars(select(InboxRow).order_by(InboxRow.received_at)))

    def workflow(self, case_id: str) -> WorkflowHandle[Any, Any]:
        return self.env.client.get_workflow_handle(case_id)


def program(name: str) -> str:
    """A program of this environment."""
    beside = Path(sys.executable).with_name(name)
    return str(beside) if beside.exists() else str(shutil.which(name))


@asynccontextmanager
async def opened_office(
    record: Sessions, keyring: Keyring, *, clock: StandingClock, shelf: PackShelf, workflows: list[type] | None = None
) -> AsyncIterator[Office]:
    """An office with a time-skipping server of its own: one global clock, so one test one server."""
    env = await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=program("temporal-test-server"), data_converter=data_converter(keyring)
    )
    async with env:
        keyword = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD
        names = [key.name for key in (LIFECYCLE, PROGRAMME, INSTITUTION, CYCLE)]
        await env.client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(namespace="default", search_attributes=dict.fromkeys(names, keyword))
        )
        clock.instant = await env.get_current_time()
        almanac = Almanac(record, clock)
        delivery = Delivery(env.client, record, task_queue=QUEUE)
        effects = {**demand.EFFECTS, **posting.EFFECTS, **filing.EFFECTS}
        casebook = Casebook(record, keyring, almanac=almanac, effects=effects, delivery=delivery)
        worker = Worker(
            env.client,
            task_queue=QUEUE,
            workflows=workflows or LIFECYCLES,
            activities=[casebook.commit, delivery.start_opened],
            workflow_runner=SandboxedWorkflowRunner(restrictions=THIRD_PARTIES),
        )
        async with worker:
            yield Office(
                env,
                record,
                clock,
                delivery,
                DecisionDesk(record, delivery, clock=clock, shelf=shelf, forms=FORMS),
                CycleDesk(record, delivery, clock=clock, shelf=shelf, almanac=almanac),
                ApplicationDesk(record, delivery, clock=clock, shelf=shelf),
                count(1),
            )
