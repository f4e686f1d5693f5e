"""The desks of talent in one value: calls for schemes, flexible-talent contracts and what is delivered under them."""

from dataclasses import dataclass

from activities.engine.delivery import Delivery
from db.engine.almanac import Almanac
from db.engine.base import Sessions
from db.engine.clock import Clock
from db.engine.packs import PackShelf
from services.contract_ends import EndDesk
from services.engine.places import Places
from services.fund_pages import FundPageDesk
from services.fund_payments import FundPaymentDesk
from services.talent_contracts import TalentContractDesk
from services.talent_files import TalentFileDesk
from services.talent_funds import FundYearDesk
from services.talent_hosts import TalentHostDesk
from services.talent_openings import ContractOpeningDesk
from services.talent_sessions import TalentSessionDesk
from services.talent_targets import TalentTargetDesk
from services.talent_trained import TalentTrainedDesk
from services.talent_views import TalentViewDesk
from services.talents import TalentDesk


@dataclass(frozen=True)
class TalentDesks:
    """What hospitals and authorities may ask about talent."""

    talents: TalentDesk
    talent_contracts: TalentContractDesk
    talent_sessions: TalentSessionDesk
    ends: EndDesk
    talent_views: TalentViewDesk
    talent_files: TalentFileDesk
    talent_hosts: TalentHostDesk
    contract_openings: ContractOpeningDesk
    talent_trained: TalentTrainedDesk
    talent_targets: TalentTargetDesk
    fund_years: FundYearDesk
    fund_pages: FundPageDesk
    fund_payments: FundPaymentDesk


def talent_desks(
    sessions: Sessions, delivery: Delivery, *, clock: Clock, shelf: PackShelf, places: Places
) -> TalentDesks:
    """Desks over the record."""
    almanac = Almanac(sessions, clock)
    return TalentDesks(
        talents=TalentDesk(sessions, delivery, clock=clock, shelf=shelf, places=places),
        talent_contracts=TalentContractDesk(sessions, delivery, clock=clock, shelf=shelf),
        talent_sessions=TalentSessionDesk(sessions, delivery, clock=clock),
        ends=EndDesk(sessions, delivery, clock=clock, shelf=shelf, almanac=almanac, places=places),
        talent_views=TalentViewDesk(sessions, clock=clock, shelf=shelf, places=places),
        talent_trained=TalentTrainedDesk(sessions, delivery, clock=clock),
        talent_targets=TalentTargetDesk(sessions, clock=clock, shelf=shelf, places=places),
        talent_hosts=TalentHostDesk(sessions, clock=clock),
        talent_files=TalentFileDesk(sessions, clock=clock),
        contract_openings=ContractOpeningDesk(sessions, delivery, clock=clock, shelf=shelf, places=places),
        fund_years=FundYearDesk(sessions, delivery, clock=clock, shelf=shelf),
        fund_payments=FundPaymentDesk(sessions, delivery, clock=clock, shelf=shelf),
        fund_pages=FundPageDesk(sessions, clock=clock, shelf=shelf, places=places),
    )
