"""Every matter beside the posting brought to each of its ends: what histories are recorded of."""

from datetime import date

from sqlalchemy import func, select

from db.engine.cases import CaseFile
from policies.engine.pack import Pack
from tests.builders.county import HOSPITAL
from tests.workflows.clinics import agreed, held, proposed, settle_gps, turn_on
from tests.workflows.inspections import found, open_inspection, ordered, put_right, verified
from tests.workflows.office import Office
from tests.workflows.promotions import ELEVEN, answered, checked, claim, confirmed, excepted, settle_title_office
from tests.workflows.year_ends import (
    HELD,
    collected,
    exchange_missed,
    summaries_open,
    summed_up,
)


async def live_through_side_matters(office: Office, pack: Pack) -> None:
    """Inspections, checks before promotions, summaries and an exchange."""
    await _inspections(office)
    await _promotions(office)
    await _year_end(office)
    await _clinics(office, pack)
    running = select(func.count()).select_from(CaseFile).where(CaseFile.state != "closed")
    await office.seen(running.having(func.count() == 0))


async def _inspections(office: Office) -> None:
    clean, serious, put = [await open_inspection(office, code) for code in (HOSPITAL, HOSPITAL, "dq-t01")]
    await found(office, clean, "no_issue", "未发现问题")
    await found(office, serious, "refer", "已移送有关机关")
    await ordered(office, put)
    await office.days_pass(20)
    await put_right(office, put)
    await verified(office, put, "not_yet")
    await put_right(office, put)
    await verified(office, put, "verified")


async def _promotions(office: Office) -> None:
    await settle_title_office(office.record)
    await claim(office, "p-doctor", *ELEVEN)
    case = await checked(office, "p-doctor")
    await confirmed(office, case)
    await excepted(office, case)
    case = await checked(office, "p-doctor-2")
    await answered(office, case, "promotion_exception", "let_warning_stand")
    case = await checked(office, "p-doctor-3")
    await office.open_task("promotion_exception", "p-titles", case=case)
    await office.act("withdraw", "p-doctor-3", case, words="明年再申报")
    await claim(office, "p-doctor-3", date(2037, 1, 1), date(2037, 12, 31))
    await confirmed(office, await checked(office, "p-doctor-3"), "p-doctor-3")


async def _year_end(office: Office) -> None:
    (exchange,) = await exchange_missed(office)
    await office.answer("record_exchange", "p-bureau-officer", "record_exchange", form=HELD, case=exchange)
    for case in await summaries_open(office):
        code = case.split(".")[2]
        who = f"p-{code[3]}{code[-1]}"
        task = "summary_hospital" if code.startswith("dq-h") else "summary_grassroots"
        await summed_up(office, case, who, task)
        await collected(office, case=case)


async def _clinics(office: Office, pack: Pack) -> None:
    await settle_gps(office.record)
    await turn_on(office.record, pack, office.clock)
    whole, refused, left = [await proposed(office, person) for person in ("p-gp", "p-gp-2", "p-gp-3")]
    await agreed(office, refused, "reject")
    await agreed(office, left)
    await office.act("withdraw", "p-gp-3", left, words="另有安排")
    await agreed(office, whole)
    await held(office, whole, 1)
    await held(office, whole, 2)
