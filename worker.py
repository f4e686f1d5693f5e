"""The worker process: runs the cases and their effects, sends letters, keeps house. Started as `python worker.py`."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import structlog
from sqlalchemy.exc import SQLAlchemyError
from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.runtime import (
    LogForwardingConfig,
    LoggingConfig,
    Runtime,
    TelemetryConfig,
    TelemetryFilter,
)
from temporalio.service import RPCError
from temporalio.worker import PollerBehaviorAutoscaling, Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from activities.cycle import CycleOpener
from activities.engine.bell import CourierBell
from activities.engine.caretaker import Caretaker
from activities.engine.casebook import Casebook
from activities.engine.correspondence import Secretary
from activities.engine.courier import Courier, Pace
from activities.engine.delivery import Delivery
from activities.engine.outage import OutageWatch
from activities.engine.sealing import Sealer
from activities.engine.upkeep import CARETAKER, CARETAKER_ID, upkeep_queue
from activities.registry import EFFECTS
from activities.year_end import YearEndOpener
from db.engine.almanac import Almanac
from db.engine.base import Sessions, connect, sessions
from db.engine.clock import Clock, SystemClock
from db.engine.pack_files import read_pack, read_packs
from db.engine.packs import PackChanged, PackShelf, shelve
from mail.post_office import PostOffice
from policies.engine.pack import PackError
from services.yearly import keep_schedules
from settings import Settings, SettingsRefused, read_settings
from stack import process
from stack.runner import Runner
from vault.keyring import Keyring, KeysFileUnusable
from vault.payloads import data_converter
from workflows.annual_exchange import AnnualExchange
from workflows.annual_summary import AnnualSummary
from workflows.assessment_method_filing import AssessmentMethodFiling
from workflows.balancing import Balancing
from workflows.caretaker import Caretaker as CaretakerCase
from workflows.contract_cannot_continue import ContractCannotContinue
from workflows.contract_rescission import ContractRescission
from workflows.contract_termination import ContractTermination
from workflows.courier import Courier as CourierCase
from workflows.demand_cycle import DemandCycle
from workflows.filing_batch import FilingBatch
from workflows.fund_year import FundYear
from workflows.grade_batch import GradeBatch
from workflows.hospital_supply import HospitalSupply
from workflows.inspection_rectification import InspectionRectification
from workflows.institution_demand import InstitutionDemand
from workflows.pay_total import PayTotal
from workflows.posting import PostingCase
from workflows.promotion_service_gate import PromotionServiceGate
from workflows.senior_gp_clinic import SeniorGpClinic
from workflows.service_term import ServiceTerm
from workflows.talent_assessment import AnnualTalentAssessment
from workflows.talent_call import TalentCall
from workflows.talent_contract import TalentContract
from workflows.talent_payment import TalentPayment
from workflows.training_placement import TrainingPlacement
from workflows.year_end import YearEnd
from workflows.yearly_cycles import YearlyCycles

LIFECYCLES = (
    DemandCycle,
    InstitutionDemand,
    HospitalSupply,
    Balancing,
    PostingCase,
    TrainingPlacement,
    FilingBatch,
    ServiceTerm,
    GradeBatch,
    InspectionRectification,
    PromotionServiceGate,
    AnnualSummary,
    AnnualExchange,
    TalentCall,
    SeniorGpClinic,
    AssessmentMethodFiling,
    PayTotal,
    TalentContract,
    ContractTermination,
    ContractRescission,
    ContractCannotContinue,
    FundYear,
    AnnualTalentAssessment,
    TalentPayment,
)
PACKS = Path(__file__).resolve().parent / "policies" / "packs"
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# Pure modules of ours pass through the sandbox: it still refuses clock calls at run time, for a third less of our time.
PURE = SandboxRestrictions.default.with_passthrough_modules("policies", "activities", "workflows")
RETRY_AFTER = 1.0
# Below the supervisor's ten seconds, after which it kills.
GRACE = timedelta(seconds=6)
REFUSED = 2

log = structlog.get_logger("worker")
Made = TypeVar("Made")


class CannotStart(Exception):
    """Something that only a person can put right; its words are one line."""


async def run(settings: Settings, *, runtime: Runtime) -> None:
    """Wait for the database and Temporal, then work until asked to end."""
    ending = _listen_for_endings()
    keyring = Keyring.load(settings.keys_file)
    engine = connect(str(settings.database_url), keyring)
    record, clock = sessions(engine), SystemClock()
    start = asyncio.create_task(_started(settings, record, keyring, clock=clock, runtime=runtime))
    asked = asyncio.create_task(ending.wait())
    await asyncio.wait({start, asked}, return_when=asyncio.FIRST_COMPLETED)
    if start.done():
        async with AsyncExitStack() as stack:
            client = await start
            for worker in _workers(settings, client, record, keyring=keyring, clock=clock):
                await stack.enter_async_context(worker)
            await _patiently(lambda: _start_upkeep(client, settings), "temporal")
            log.info("ready", task_queue=settings.task_queue, build=settings.build_id)
            await ending.wait()
            log.info("stopping")
    start.cancel()
    asked.cancel()
    await engine.dispose()


async def _started(settings: Settings, record: Sessions, keyring: Keyring, *, clock: Clock, runtime: Runtime) -> Client:
    """The packs on their shelf and a connected client; both are waited for."""
    await _patiently(lambda: _shelve_packs(record, clock), "database")
    return await _patiently(lambda: _connected(settings, keyring, runtime), "temporal")


async def _patiently(work: Callable[[], Awaitable[Made]], part: str) -> Made:
    said = False
    while True:
        try:
            return await work()
        except (OSError, SQLAlchemyError, RPCError, RuntimeError) as away:
            if not said:
                log.warning("waiting", part=part, problem=type(away).__name__)
            said = True
            await asyncio.sleep(RETRY_AFTER)


async def _shelve_packs(record: Sessions, clock: Clock) -> None:
    for path in sorted(PACKS.glob("*.toml")):
        try:
            pack = read_pack(path)
            async with record.begin() as session:
                await shelve(session, pack, clock)
        except PackError as faulty:
            raise CannotStart(str(faulty)) from faulty
        except PackChanged as changed:
            raise CannotStart(
                f"{path.name}: 规则内容已改而版本号未改，请另立版本号 / "
                f"the text of version {pack.version} was changed; give it a new version"
            ) from changed


async def _connected(settings: Settings, keyring: Keyring, runtime: Runtime) -> Client:
    return await Client.connect(
        str(settings.temporal_address),
        namespace=settings.temporal_namespace,
        data_converter=data_converter(keyring),
        runtime=runtime,
    )


def _workers(
    settings: Settings, client: Client, record: Sessions, *, keyring: Keyring, clock: Clock
) -> tuple[Worker, Worker]:
    """One for the cases, one for the upkeep."""
    bell = CourierBell(client, task_queue=settings.task_queue)
    delivery = Delivery(client, record, task_queue=settings.task_queue, bell=bell)
    almanac = Almanac(record, clock)
    casebook = Casebook(record, keyring, almanac=almanac, effects=EFFECTS, delivery=delivery)
    courier = Courier(
        record,
        PackShelf(record),
        secretary=Secretary(keyring, base_url=settings.base_url),
        office=_post_office(settings),
        clock=clock,
        pace=Pace(settings.mail_per_minute),
        bell=bell,
    )
    sealer = Sealer(record, keyring, clock=clock)
    caretaker = Caretaker(client, record, delivery=delivery, sealer=sealer, clock=clock)
    opener = CycleOpener(record, shelf=PackShelf(record), almanac=almanac, delivery=delivery)
    year_end = YearEndOpener(record, shelf=PackShelf(record), almanac=almanac, delivery=delivery)
    watch = OutageWatch()
    return (
        _worker(client, settings.task_queue, LIFECYCLES, (casebook.commit, delivery.start_opened), watch=watch),
        _worker(
            client,
            upkeep_queue(settings.task_queue),
            (CourierCase, CaretakerCase, YearlyCycles, YearEnd),
            (
                courier.send_letters,
                caretaker.keep_house,
                opener.open_cycles,
                year_end.open_summaries,
                year_end.open_exchanges,
                year_end.open_pay_totals,
                year_end.open_fund_years,
            ),
            watch=watch,
        ),
    )


def _worker(
    client: Client,
    queue: str,
    workflows: tuple[type, ...],
    activities: tuple[Callable[..., object], ...],
    *,
    watch: OutageWatch | None = None,
    runner: type[SandboxedWorkflowRunner] = Runner,
) -> Worker:
    return Worker(
        client,
        task_queue=queue,
        workflows=workflows,
        activities=activities,
        interceptors=[watch] if watch else [],
        workflow_runner=runner(restrictions=PURE),
        workflow_task_poller_behavior=PollerBehaviorAutoscaling(),
        activity_task_poller_behavior=PollerBehaviorAutoscaling(),
        max_cached_workflows=1000,
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=5),
        graceful_shutdown_timeout=GRACE,
    )


def _post_office(settings: Settings) -> PostOffice:
    password = settings.smtp_password
    return PostOffice(
        str(settings.smtp_host),
        settings.smtp_port,
        settings.mail_from,
        user=settings.smtp_user,
        password=password.get_secret_value() if password else None,
        encryption="starttls" if settings.smtp_starttls else "none",
        timeout=timedelta(seconds=10),
    )


async def _start_upkeep(client: Client, settings: Settings) -> None:
    """Courier, caretaker and the yearly schedules, unless they run; what has been closed is started again."""
    await keep_schedules(client, read_packs(PACKS), task_queue=upkeep_queue(settings.task_queue))
    CourierBell(client, task_queue=settings.task_queue).ring()
    await client.start_workflow(
        CARETAKER,
        id=CARETAKER_ID,
        task_queue=upkeep_queue(settings.task_queue),
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
    )


def _listen_for_endings() -> asyncio.Event:
    ending = asyncio.Event()
    for one in ENDINGS:
        # Under nohup a closed terminal is to be survived.
        if one is signal.SIGHUP and signal.getsignal(one) is signal.SIG_IGN:
            continue
        asyncio.get_running_loop().add_signal_handler(one, ending.set)
    return ending


def _write_logs(level: str) -> Runtime:
    """JSON lines on standard output, Temporal's core among them: its warnings only, and never on its own."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    render = structlog.stdlib.ProcessorFormatter(
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        foreign_pre_chain=shared,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(render)
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    forwarding = LogForwardingConfig(logger=logging.getLogger("temporal.core"))
    only_warnings = TelemetryFilter(core_level="WARN", other_level="ERROR")
    return Runtime(telemetry=TelemetryConfig(logging=LoggingConfig(filter=only_warnings, forwarding=forwarding)))


def main() -> int:
    """Run until asked to end; 2 when a person has to put something right first."""
    try:
        settings = read_settings()
        runtime = _write_logs(settings.log_level)
        process.run(run(settings, runtime=runtime))
    except (SettingsRefused, KeysFileUnusable, CannotStart) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return REFUSED
    return 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # The interpreter's own way out aborts now and then in the threads of Temporal's core.
    os._exit(code)
