"""The steps of a check before a promotion: shared by its tests and by the recorder."""

from datetime import date
from typing import Any

from sqlalchemy import select

from db.credit import ServiceCredit
from db.engine.base import Sessions
from db.engine.people import Person, RoleHolding
from services.credits import Claim, PromotionCheck
from services.engine.attachments import AttachmentDesk
from tests.builders.county import BUREAU, SINCE
from tests.workflows.inspections import EVIDENCE
from tests.workflows.office import Office

TITLES = "p-titles"
# Eleven months: from the first of January to the end of November, the year before last.
ELEVEN = (date(2038, 1, 1), date(2038, 11, 30))


async def settle_title_office(record: Sessions) -> None:
    """Somebody at the bureau answers for titles."""
    async with record.begin() as session:
        session.add(Person(id=TITLES, name="芮文波", email=f"{TITLES}@deqing.test", institution=BUREAU))
        await session.flush()
        session.add(RoleHolding(person=TITLES, role="R-13", institution=BUREAU, held_from=SINCE))


async def claim(office: Office, person: str, first: date, last: date, kind: str = "paired_assistance") -> str:
    await office.tell_time()
    return await office.credits.claim(Claim(person, kind, first, last, "派至青川县人民医院", "德卫12号"), by=person)


async def checked(office: Office, person: str = "p-doctor", target: str = "associate_senior", **facts: str) -> str:
    await office.tell_time()
    return (await office.credits.start(PromotionCheck("dq-a", person, target, **facts), by=person)).case_id


async def answered(office: Office, case: str, task: str, choice: str, *, form: dict[str, Any] | None = None) -> None:
    await office.answer(task, TITLES, choice, "已核对材料", form=form, case=case)


async def confirmed(office: Office, case: str, person: str = "p-doctor") -> None:
    """The title office counts every claim of the person."""
    await office.open_task("confirm_service", TITLES, case=case)
    pending = select(ServiceCredit.id).where(ServiceCredit.person == person, ServiceCredit.verdict == "")
    verdicts = [{"case": one, "verdict": "counted"} for one in await office.rows(pending)]
    await answered(office, case, "confirm_service", "settle_claims", form={"verdicts": verdicts})


async def excepted(office: Office, case: str) -> None:
    """The title office grants an exception with its evidence."""
    row = await office.open_task("promotion_exception", TITLES, case=case)
    digest = await AttachmentDesk(office.record, clock=office.clock).keep(row.id, TITLES, EVIDENCE)
    await answered(office, case, "promotion_exception", "grant_exception", form={"attachment": digest})
