"""The API over a real record: programs with keys, people with sessions, and a Temporal that is there or is not."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from temporalio.client import Client

from activities.engine.delivery import Delivery
from api import mount
from db.engine.almanac import Almanac
from db.engine.base import Sessions
from db.engine.packs import PackShelf
from services.absences import AbsenceDesk
from services.accumulated import AccumulatedDesk
from services.attendance import AttendanceDesk
from services.case_reads import CaseReadDesk
from services.clinics import ClinicDesk
from services.credits import CreditDesk
from services.demand import CycleDesk
from services.engine.decisions import DecisionDesk
from services.engine.health import HealthDesk
from services.engine.idempotency import IdempotencyDesk
from services.engine.keys import SCOPES, KeyDesk
from services.engine.places import Places
from services.engine.sessions import SessionDesk
from services.engine.tasks import TaskDesk
from services.forms import FORMS
from services.fund_payments import FundPaymentDesk
from services.imports import ImportDesk
from services.inspection import InspectionDesk
from services.institutions import InstitutionDesk
from services.methods import MethodDesk
from services.pay_desks import PayDesks, pay_desks
from services.people import PeopleDesk
from services.post_board import PostBoard
from services.posting import ApplicationDesk
from services.talent_contracts import TalentContractDesk
from services.talent_funds import FundYearDesk
from services.talent_openings import ContractOpeningDesk
from services.talent_sessions import TalentSessionDesk
from services.talent_targets import TalentTargetDesk
from services.term_record import TermRecordDesk
from stack.ports import free_port
from stack.temporal import TemporalServer, prepare_namespace
from tests.builders.county import settle_county
from tests.conftest import StandingClock
from tests.workflows.memory import Memory
from tests.workflows.office import PRODUCTION, Office, opened_office
from vault.keyring import Keyring
from vault.payloads import data_converter


@dataclass(frozen=True)
class TownDesks:
    """The desks that the API calls, on the parts of a test."""

    sessions: SessionDesk
    keys: KeyDesk
    idempotency: IdempotencyDesk
    cycles: CycleDesk
    applications: ApplicationDesk
    case_reads: CaseReadDesk
    board: PostBoard
    tasks: TaskDesk
    decisions: DecisionDesk
    people: PeopleDesk
    institutions: InstitutionDesk
    imports: ImportDesk
    inspections: InspectionDesk
    credits: CreditDesk
    clinics: ClinicDesk
    methods: MethodDesk
    pay: PayDesks
    health: HealthDesk
    terms: TermRecordDesk
    accumulated: AccumulatedDesk
    absences: AbsenceDesk
    attendance: AttendanceDesk
    talent_contracts: TalentContractDesk
    contract_openings: ContractOpeningDesk
    talent_sessions: TalentSessionDesk
    talent_targets: TalentTargetDesk
    fund_years: FundYearDesk
    fund_payments: FundPaymentDesk


@dataclass(frozen=True)
class Town:
    """What a test says and sees."""

    http: httpx2.AsyncClient
    desks: TownDesks
    record: Sessions
    app: FastAPI

    async def program(self, *scopes: str) -> Mapping[str, str]:
        """The headers of a service account with these scopes."""
        issued = await self.desks.keys.issue("hr-system", scopes or SCOPES)
        return {"Authorization": f"Bearer {issued.secret}"}

    async def person(self, person: str) -> Mapping[str, str]:
        """The headers of a signed-in person."""
        return {"Cookie": f"pinyong={await self.desks.sessions.open(person)}"}

    async def seen(self, path: str, headers: Mapping[str, str]) -> list[dict[str, Any]]:
        """The entries of a list, waited for with a bound."""
        async with asyncio.timeout(20):
            while True:
                items: list[dict[str, Any]] = (await self.http.get(path, headers=headers)).json()["items"]
                if items:
                    return items
                await asyncio.sleep(0.02)


OpenTown = Callable[[Delivery], AbstractAsyncContextManager[Town]]


def desks_over(
    record: Sessions, delivery: Delivery, *, clock: StandingClock, keyring: Keyring, shelf: PackShelf
) -> TownDesks:
    places = Places(record, clock)
    people = PeopleDesk(record, clock=clock, keyring=keyring, shelf=shelf)
    institutions = InstitutionDesk(record)
    return TownDesks(
        sessions=SessionDesk(record, clock, places),
        keys=KeyDesk(record, clock=clock),
        idempotency=IdempotencyDesk(record, clock=clock),
        cycles=CycleDesk(record, delivery, clock=clock, shelf=shelf, almanac=Almanac(record, clock)),
        applications=ApplicationDesk(record, delivery, clock=clock, shelf=shelf),
        case_reads=CaseReadDesk(record, clock=clock),
        terms=TermRecordDesk(record, shelf=shelf, places=places, clock=clock),
        accumulated=AccumulatedDesk(record, delivery, clock=clock, shelf=shelf),
        absences=AbsenceDesk(record, delivery, clock=clock),
        attendance=AttendanceDesk(record, delivery, clock=clock, shelf=shelf),
        board=PostBoard(record, places=places),
        tasks=TaskDesk(record, keyring, shelf=shelf, clock=clock, places=places, readers={}),
        decisions=DecisionDesk(record, delivery, clock=clock, shelf=shelf, forms=FORMS),
        people=people,
        institutions=institutions,
        imports=ImportDesk(people, institutions),
        inspections=InspectionDesk(record, delivery, clock=clock, shelf=shelf, places=places),
        credits=CreditDesk(record, delivery, clock=clock, shelf=shelf),
        clinics=ClinicDesk(record, delivery, clock=clock, shelf=shelf, almanac=Almanac(record, clock)),
        methods=MethodDesk(record, delivery, clock=clock, shelf=shelf, places=places),
        pay=pay_desks(record, delivery, clock=clock, shelf=shelf, places=places),
        health=HealthDesk(record, delivery._client),
        talent_contracts=TalentContractDesk(record, delivery, clock=clock, shelf=shelf),
        contract_openings=ContractOpeningDesk(record, delivery, clock=clock, shelf=shelf, places=Places(record, clock)),
        talent_sessions=TalentSessionDesk(record, delivery, clock=clock),
        talent_targets=TalentTargetDesk(record, clock=clock, shelf=shelf, places=Places(record, clock)),
        fund_years=FundYearDesk(record, delivery, clock=clock, shelf=shelf),
        fund_payments=FundPaymentDesk(record, delivery, clock=clock, shelf=shelf),
    )


@asynccontextmanager
async def opened_town(
    delivery: Delivery, *, record: Sessions, clock: StandingClock, keyring: Keyring, shelf: PackShelf
) -> AsyncIterator[Town]:
    desks = desks_over(record, delivery, clock=clock, keyring=keyring, shelf=shelf)
    app = FastAPI()
    mount(app, desks)
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://town/api/v1") as http:
        yield Town(http, desks, record, app)


@pytest.fixture
async def open_town(record: Sessions, keyring: Keyring, clock: StandingClock, shelf: PackShelf) -> OpenTown:
    await settle_county(record)
    return partial(opened_town, record=record, clock=clock, keyring=keyring, shelf=shelf)


@pytest.fixture(scope="session")
def temporal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TemporalServer]:
    """A real server for the run; nobody works at its queues, so a case stands where its start left it."""
    server = TemporalServer(None, free_port(), log=tmp_path_factory.mktemp("temporal") / "temporal.log")
    asyncio.run(_ready(server))
    yield server
    asyncio.run(server.stop())


async def _ready(server: TemporalServer) -> None:
    await server.start()
    await prepare_namespace(await Client.connect(server.address))


@pytest.fixture
async def town(
    open_town: OpenTown, record: Sessions, temporal: TemporalServer, keyring: Keyring
) -> AsyncIterator[Town]:
    """A town whose Temporal keeps starts; no worker runs them."""
    client = await Client.connect(temporal.address, data_converter=data_converter(keyring))
    async with open_town(Delivery(client, record, task_queue=f"town-{id(record)}")) as opened:
        yield opened


@pytest.fixture
async def office(
    open_town: OpenTown,  # noqa: ARG001  # which settles the county
    record: Sessions,
    keyring: Keyring,
    clock: StandingClock,
    shelf: PackShelf,
    *,
    memory: Memory,
) -> AsyncIterator[Office]:
    """The desks and the worker behind a busy town."""
    async with opened_office(record, keyring, clock=clock, shelf=shelf, runner=PRODUCTION, memory=memory) as opened:
        yield opened


@pytest.fixture
async def busy_town(open_town: OpenTown, office: Office) -> AsyncIterator[Town]:
    """A town whose cases run."""
    async with open_town(office.delivery) as opened:
        yield opened
