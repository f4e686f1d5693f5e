"""The web process: settings → collaborators → desks → one FastAPI application, served by uvicorn.

It starts and serves while Temporal or the database is away; what cannot be done then is said on the page.
"""

import logging
import os
import sys

import structlog
import uvicorn
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

import api
import console
from activities.engine.bell import CourierBell
from activities.engine.delivery import Delivery
from console.guards import RouteLog, SameOrigin, SecurityHeaders, SizeLimit
from db.engine.almanac import Almanac
from db.engine.base import Sessions, connect, sessions
from db.engine.clock import Clock, SystemClock
from db.engine.packs import PackShelf
from services.absences import AbsenceDesk
from services.accumulated import AccumulatedDesk
from services.attendance import AttendanceDesk
from services.attendance_board import AttendanceBoard
from services.case_reads import CaseReadDesk
from services.certificates import CertificateDesk
from services.clinics import ClinicDesk
from services.credits import CreditDesk
from services.demand import CycleDesk
from services.desks import Desks, TermDesks
from services.engine.acts import ActDesk
from services.engine.attachments import AttachmentDesk
from services.engine.cases import CaseDesk
from services.engine.decisions import DecisionDesk
from services.engine.deputies import DeputyDesk
from services.engine.health import HealthDesk
from services.engine.idempotency import IdempotencyDesk
from services.engine.keys import KeyDesk
from services.engine.monitor import MonitorDesk
from services.engine.paper import PaperDesk
from services.engine.places import Places
from services.engine.sessions import SessionDesk
from services.engine.sign_in import SignInDesk
from services.engine.tasks import TaskDesk
from services.first_days import FirstDayDesk
from services.forms import FORMS, READERS
from services.imports import ImportDesk
from services.inspection import InspectionDesk
from services.institutions import InstitutionDesk
from services.leaves import LeaveDesk
from services.mentors import MentorDesk
from services.methods import MethodDesk
from services.official.desk import DocumentDesk
from services.official.pdf import Press
from services.opening_balances import OpeningDesk
from services.pay_desks import pay_desks
from services.people import PeopleDesk
from services.post_board import PostBoard
from services.posting import ApplicationDesk
from services.programmes import ProgrammeDesk
from services.roads import ROADS
from services.standstills import StandstillDesk
from services.summaries import SummaryDesk
from services.talent_desks import talent_desks
from services.term_changes import ChangeDesk
from services.term_record import TermRecordDesk
from settings import Settings, SettingsRefused, read_settings
from stack import process
from stack.mailbox import Mailbox, NoSuchMessage
from stack.ports import LOOPBACK
from vault.keyring import Keyring, KeysFileUnusable
from vault.payloads import data_converter

GRACE = 3
REFUSED = 2


def build_desks(
    record: Sessions, client: Client, keyring: Keyring, *, clock: Clock, task_queue: str, press: Press | None = None
) -> Desks:
    """Every desk over one record and one Temporal client; `press` knows the fonts of PDFs."""
    delivery = Delivery(client, record, task_queue=task_queue, bell=CourierBell(client, task_queue=task_queue))
    return desks_with(delivery, record, client, keyring, clock=clock, press=press or Press())


def desks_with(
    delivery: Delivery, record: Sessions, client: Client, keyring: Keyring, *, clock: Clock, press: Press
) -> Desks:
    """Every desk, with the delivery that brings to the cases what the desks take; its bell wakes the courier."""
    places, shelf, almanac = Places(record, clock), PackShelf(record), Almanac(record, clock)
    decisions = DecisionDesk(record, delivery, clock=clock, shelf=shelf, forms=FORMS)
    people, institutions = PeopleDesk(record, clock=clock, keyring=keyring, shelf=shelf), InstitutionDesk(record)
    return Desks(
        **vars(_of_terms(record, delivery, clock=clock, shelf=shelf, almanac=almanac, places=places)),
        decisions=decisions,
        tasks=TaskDesk(record, keyring, shelf=shelf, clock=clock, places=places, readers=READERS),
        cases=CaseDesk(record, shelf=shelf, clock=clock, places=places, roads=ROADS),
        monitor=MonitorDesk(record, shelf=shelf, clock=clock, places=places),
        deputies=DeputyDesk(record, clock=clock),
        acts=ActDesk(record, delivery, clock=clock, shelf=shelf, filled=FORMS),
        paper=PaperDesk(record, decisions, shelf=shelf, clock=clock, readers=READERS),
        sign_in=SignInDesk(record, keyring, clock=clock, places=places, wrote=delivery.wake_courier),
        sessions=SessionDesk(record, clock, places),
        board=PostBoard(record, places=places),
        places=places,
        health=HealthDesk(record, client),
        people=people,
        institutions=institutions,
        keys=KeyDesk(record, clock=clock),
        idempotency=IdempotencyDesk(record, clock=clock),
        cycles=CycleDesk(record, delivery, clock=clock, shelf=shelf, almanac=almanac),
        applications=ApplicationDesk(record, delivery, clock=clock, shelf=shelf),
        case_reads=CaseReadDesk(record, clock=clock),
        imports=ImportDesk(people, institutions),
        documents=DocumentDesk(record, keyring, shelf=shelf, clock=clock, places=places, press=press),
        terms=TermRecordDesk(record, shelf=shelf, places=places, clock=clock),
        inspections=InspectionDesk(record, delivery, clock=clock, shelf=shelf, places=places),
        attachments=AttachmentDesk(record, clock=clock),
        summaries=SummaryDesk(record, delivery, clock=clock, shelf=shelf, places=places),
        clinics=ClinicDesk(record, delivery, clock=clock, shelf=shelf, almanac=almanac),
        methods=MethodDesk(record, delivery, clock=clock, shelf=shelf, places=places),
        certificates=CertificateDesk(record, places=places),
        pay=pay_desks(record, delivery, clock=clock, shelf=shelf, places=places),
        programmes=ProgrammeDesk(shelf),
        **vars(talent_desks(record, delivery, clock=clock, shelf=shelf, places=places)),
    )


def _of_terms(
    record: Sessions, delivery: Delivery, *, clock: Clock, shelf: PackShelf, almanac: Almanac, places: Places
) -> TermDesks:
    return TermDesks(
        absences=AbsenceDesk(record, delivery, clock=clock),
        attendance=AttendanceDesk(record, delivery, clock=clock, shelf=shelf),
        attendance_board=AttendanceBoard(record, shelf=shelf, almanac=almanac, clock=clock, places=places),
        leaves=LeaveDesk(record, delivery, clock=clock),
        accumulated=AccumulatedDesk(record, delivery, clock=clock, shelf=shelf),
        changes=ChangeDesk(record, delivery, clock=clock),
        mentors=MentorDesk(record, delivery, clock=clock),
        standstills=StandstillDesk(record, delivery, clock=clock),
        first_days=FirstDayDesk(record, delivery, clock=clock, places=places),
        credits=CreditDesk(record, delivery, clock=clock, shelf=shelf),
        openings=OpeningDesk(record, delivery, clock=clock, shelf=shelf, places=Places(record, clock)),
    )


def build_app(desks: Desks, setting: console.Setting, *, clock: Clock) -> FastAPI:
    """The application: the API, the pages, the health of the parts, and the guards before all of them."""
    app = FastAPI(title="Pinyong", docs_url=None, redoc_url=None, openapi_url=None, telemetry=api.SILENT)
    api.mount(app, desks)
    console.mount(app, desks, setting, now=clock.now)
    _add_health(app, desks)
    app.add_middleware(SizeLimit)
    app.add_middleware(SameOrigin)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(RouteLog, log=structlog.get_logger("web").info)
    return app


def _add_health(app: FastAPI, desks: Desks) -> None:
    @app.get("/healthz", include_in_schema=False)
    async def healthz() -> dict[str, str]:
        """The process answers."""
        return {"status": "ok"}

    @app.get("/readyz", include_in_schema=False)
    async def readyz() -> JSONResponse:
        """Every part that this process needs, by name."""
        parts = await desks.health.parts()
        named = {name: "ok" if well else "unreachable" for name, well in parts.items()}
        return JSONResponse(named, status_code=200 if all(parts.values()) else 503)


def setting_of(settings: Settings) -> console.Setting:
    """What the console is told of the settings."""
    embedded_mailbox = settings.smtp_host in (None, LOOPBACK)
    return console.Setting(
        language=settings.language,
        secure=settings.base_url.startswith("https://"),
        demo=settings.demo,
        mailbox=Mailbox(settings.mailbox_folder) if settings.demo and embedded_mailbox else None,
        no_mail=NoSuchMessage,
        temporal_ui=f"http://{LOOPBACK}:{settings.temporal_ui_port}" if settings.demo else "",
    )


async def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT."""
    clock, keyring = SystemClock(), Keyring.load(settings.keys_file)
    engine: AsyncEngine = connect(settings.database_url or "", keyring)
    client = await Client.connect(
        settings.temporal_address or "",
        namespace=settings.temporal_namespace,
        data_converter=data_converter(keyring),
        lazy=True,
    )
    press = Press(settings.fonts_folder)
    desks = build_desks(sessions(engine), client, keyring, clock=clock, task_queue=settings.task_queue, press=press)
    app = build_app(desks, setting_of(settings), clock=clock)
    config = uvicorn.Config(
        app,
        host=settings.web_host,
        port=settings.web_port,
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=GRACE,
        lifespan="off",
    )
    await uvicorn.Server(config).serve()
    await engine.dispose()


def main() -> int:
    """Run the process; the exit code."""
    try:
        settings = read_settings()
        set_up_logs(settings.log_level)
        process.run(serve(settings))
    except (SettingsRefused, KeysFileUnusable) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return REFUSED
    return 0


def set_up_logs(level: str) -> None:
    """One JSON line a record on standard output; Chinese as it is."""
    least = logging.getLevelNamesMapping()[level.upper()]
    logging.basicConfig(level=max(least, logging.WARNING), format="%(levelname)s %(name)s %(message)s")
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(least),
    )


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # Temporal's native threads may abort the interpreter on its way out; everything of ours is closed by now.
    os._exit(code)
