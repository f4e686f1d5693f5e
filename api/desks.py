"""The desks that the API calls: whatever has these attributes can be mounted."""

from typing import Protocol

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
from services.engine.keys import KeyDesk
from services.engine.sessions import SessionDesk
from services.engine.tasks import TaskDesk
from services.fund_payments import FundPaymentDesk
from services.imports import ImportDesk
from services.inspection import InspectionDesk
from services.institutions import InstitutionDesk
from services.methods import MethodDesk
from services.pay_desks import PayDesks
from services.people import PeopleDesk
from services.post_board import PostBoard
from services.posting import ApplicationDesk
from services.talent_contracts import TalentContractDesk
from services.talent_funds import FundYearDesk
from services.talent_openings import ContractOpeningDesk
from services.talent_sessions import TalentSessionDesk
from services.talent_targets import TalentTargetDesk
from services.term_record import TermRecordDesk


class ApiDesks(Protocol):
    """Read-only attributes, so that the frozen dataclass of all desks fits."""

    @property
    def sessions(self) -> SessionDesk:
        """Who sits at a browser."""
        ...

    @property
    def keys(self) -> KeyDesk:
        """Which service account shows a key."""
        ...

    @property
    def idempotency(self) -> IdempotencyDesk:
        """Answers kept under idempotency keys."""
        ...

    @property
    def cycles(self) -> CycleDesk:
        """Starts of cycles."""
        ...

    @property
    def applications(self) -> ApplicationDesk:
        """Starts of applications."""
        ...

    @property
    def case_reads(self) -> CaseReadDesk:
        """Cases for programs."""
        ...

    @property
    def board(self) -> PostBoard:
        """Published posts."""
        ...

    @property
    def tasks(self) -> TaskDesk:
        """What is asked of a person."""
        ...

    @property
    def decisions(self) -> DecisionDesk:
        """Answers of people."""
        ...

    @property
    def people(self) -> PeopleDesk:
        """People and their roles."""
        ...

    @property
    def institutions(self) -> InstitutionDesk:
        """Institutions."""
        ...

    @property
    def health(self) -> HealthDesk:
        """Which parts answer."""
        ...

    @property
    def methods(self) -> MethodDesk:
        """Assessment methods."""
        ...

    @property
    def pay(self) -> PayDesks:
        """Performance pay."""
        ...

    @property
    def imports(self) -> ImportDesk:
        """Sheets."""
        ...

    @property
    def terms(self) -> TermRecordDesk:
        """What terms of service have on record."""
        ...

    @property
    def accumulated(self) -> AccumulatedDesk:
        """Recording accumulated service."""

    @property
    def absences(self) -> AbsenceDesk:
        """Absences without leave."""
        ...

    @property
    def attendance(self) -> AttendanceDesk:
        """Days of terms."""
        ...

    @property
    def inspections(self) -> InspectionDesk:
        """Inspections."""
        ...

    @property
    def credits(self) -> CreditDesk:
        """The service ledger."""
        ...

    @property
    def clinics(self) -> ClinicDesk:
        """Regular clinics."""
        ...

    @property
    def talent_contracts(self) -> TalentContractDesk:
        """Starts of flexible-talent contracts."""
        ...

    @property
    def contract_openings(self) -> ContractOpeningDesk:
        """Imports of flexible-talent contracts that are running."""
        ...

    @property
    def fund_years(self) -> FundYearDesk:
        """Years of funds for flexible talent."""
        ...

    @property
    def fund_payments(self) -> FundPaymentDesk:
        """Requests for them."""
        ...

    @property
    def talent_targets(self) -> TalentTargetDesk:
        """The goal of a year for flexible talent."""
        ...

    @property
    def talent_sessions(self) -> TalentSessionDesk:
        """Working time under them."""
        ...
