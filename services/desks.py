"""Every desk of the web process in one value, made by `web.py` and given to the API and the console."""

from dataclasses import dataclass

from services.absences import AbsenceDesk
from services.accumulated import AccumulatedDesk
from services.attendance import AttendanceDesk
from services.attendance_board import AttendanceBoard
from services.case_reads import CaseReadDesk
from services.certificates import CertificateDesk
from services.clinics import ClinicDesk
from services.credits import CreditDesk
from services.demand import CycleDesk
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
from services.imports import ImportDesk
from services.inspection import InspectionDesk
from services.institutions import InstitutionDesk
from services.leaves import LeaveDesk
from services.mentors import MentorDesk
from services.methods import MethodDesk
from services.official.desk import DocumentDesk
from services.opening_balances import OpeningDesk
from services.pay_desks import PayDesks
from services.people import PeopleDesk
from services.post_board import PostBoard
from services.posting import ApplicationDesk
from services.programmes import ProgrammeDesk
from services.standstills import StandstillDesk
from services.summaries import SummaryDesk
from services.talent_desks import TalentDesks
from services.term_changes import ChangeDesk
from services.term_record import TermRecordDesk


@dataclass(frozen=True)
class TermDesks:
    """What is recorded and asked of a term of service beside its tasks."""

    absences: AbsenceDesk
    attendance: AttendanceDesk
    attendance_board: AttendanceBoard
    leaves: LeaveDesk
    accumulated: AccumulatedDesk
    changes: ChangeDesk
    mentors: MentorDesk
    standstills: StandstillDesk
    first_days: FirstDayDesk
    openings: OpeningDesk
    credits: CreditDesk


@dataclass(frozen=True)
class Desks(TermDesks, TalentDesks):
    """What people and clients may ask of the product."""

    decisions: DecisionDesk
    tasks: TaskDesk
    cases: CaseDesk
    monitor: MonitorDesk
    acts: ActDesk
    deputies: DeputyDesk
    paper: PaperDesk
    sign_in: SignInDesk
    sessions: SessionDesk
    board: PostBoard
    places: Places
    health: HealthDesk
    people: PeopleDesk
    institutions: InstitutionDesk
    keys: KeyDesk
    idempotency: IdempotencyDesk
    cycles: CycleDesk
    applications: ApplicationDesk
    case_reads: CaseReadDesk
    imports: ImportDesk
    documents: DocumentDesk
    terms: TermRecordDesk
    inspections: InspectionDesk
    summaries: SummaryDesk
    clinics: ClinicDesk
    attachments: AttachmentDesk
    methods: MethodDesk
    certificates: CertificateDesk
    pay: PayDesks
    programmes: ProgrammeDesk
