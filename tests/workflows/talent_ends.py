"""The three ends of a running contract, each through its own matter, with the contract itself at work (G-10)."""

from sqlalchemy import select

from db.engine.cases import CaseFile
from db.engine.packs import PackShelf
from policies.engine.pack import Pack
from services.end_wishes import CauseWish, StopWish
from services.talent_contracts import TalentContractDesk
from services.talent_sessions import TalentSessionDesk
from tests.builders.banner import settle_banner
from tests.builders.county import publish_calendar
from tests.workflows import contract_ends as ends
from tests.workflows import talent_life as life
from tests.workflows.office import OPENS, Office


async def rescinded(office: Office, contract: str) -> None:
    """Falsification, verified, answered by the expert, decided by the employer's leader."""
    case = await ends.raised_by(office, contract, life.HR, CauseWish("c", "病历造假"))
    await ends.verified(office, case)
    await office.answer("expert_reply", life.EXPERT, "give_reply", "系录入错误", case=case)
    await ends.decided(office, case, "rescind")


async def cannot_continue(office: Office, contract: str) -> None:
    """The licence is lost; reported and filed."""
    wish = StopWish("licence_lost", ends.today(office), "资格被注销")
    case = await ends.raised_by(office, contract, life.HR, wish)
    await office.answer("confirm_cannot_continue", life.LEADER, "cannot_continue", case=case)
    await office.answer("ended_report", life.HR, "report_end", case=case)
    await office.answer("ended_filing", life.OFFICER, "file_end", "已阅", case=case)


async def terminated(office: Office, contract: str) -> None:
    """Too little working time at the end of the first quarter, confirmed, applied for, consented to and filed."""
    await life.cleared(office, contract)
    book = TalentSessionDesk(office.record, office.delivery, clock=office.clock)
    await life.passes_to(office, "2040-09-30")
    await book.store(life.sessions(contract, ["2040-09-30"], units="17"), keeper=life.keeper())
    await life.passes_to(office, "2040-10-01")
    beside = CaseFile.facts["contract"].astext == contract
    matter = await office.seen(select(CaseFile).where(CaseFile.lifecycle == "ContractTermination", beside))
    await ends.confirmed(office, matter.id)
    await ends.applied(office, matter.id)
    await ends.reviewed(office, matter.id, "consent_termination")


async def live_through_ends(office: Office, _pack: Pack) -> None:
    """One contract for each end, one after the other."""
    await settle_banner(office.record)
    for year in (OPENS.year + 1, OPENS.year + 2):
        await publish_calendar(office.record, year)
    desk = TalentContractDesk(office.record, office.delivery, clock=office.clock, shelf=PackShelf(office.record))
    for number, end in enumerate((rescinded, cannot_continue, terminated)):
        contract = await life.in_force(office, desk, number=f"E{number}")
        await end(office, contract)
        await life.ended(office, contract)
    # The last one ran for a quarter of which nothing was assessed.
    part = str(await office.seen(select(CaseFile.id).where(CaseFile.facts["asks"].astext == "part")))
    await office.answer("assessment_part", life.OFFICER, "leave_part", "不足六个月", case=part)
    await life.ended(office, part)
