"""A bureau's call for a talent scheme: who is recommended first, and who is told (DQ-3.5.2b)."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.engine.scene import EffectFunction, Scene
from db.engine.cases import CaseFile
from db.engine.opening import NewCase
from db.evaluation import Certificate, Grade, frozen
from db.talents import TALENT_LISTED, TalentListed
from policies.engine.pack import Pack
from policies.vocabulary import TRAINEE

LIFECYCLE = "TalentCall"
# Trainees come from townships, whose HR officer recommends.
SENDING_HR = "R-01"


def talent_case(pack: Pack, bureau: str, serial: int, *, name: str, closes_on: date, words: str, by: str) -> NewCase:
    """One case for each call; the same name and closing day are the same call. What was called stands in its facts."""
    return NewCase(
        id=f"talents.{pack.id}.{bureau}.{serial}",
        lifecycle=LIFECYCLE,
        pack=pack,
        tasks=(),
        facts={"bureau": bureau, "name": name, "closes_on": closes_on.isoformat(), "words": words},
        key=f"talents.{pack.id}.{bureau}.{closes_on.isoformat()}.{name}",
        institution=bureau,
        started_by=by,
    )


async def chosen(session: AsyncSession, bureau: str) -> Sequence[CaseFile]:
    """The trainings of this bureau's county that put somebody on the list: excellent, with a certificate in force."""
    query = (
        select(CaseFile)
        .join(Certificate, Certificate.case_id == CaseFile.id)
        .join(Grade, Grade.case_id == CaseFile.id)
        .where(Grade.programme == TRAINEE, Certificate.priority, ~frozen(Certificate.case_id))
        .where(CaseFile.facts["bureau"].astext == bureau)
    )
    return (await session.scalars(query.order_by(CaseFile.id))).all()


async def remind_talents(scene: Scene, refs: Mapping[str, str]) -> str:
    """Keep the list as it is today; everybody on it and the HR officers who sent them get one letter each. No letter
    says why somebody is on the list (DEF-19).
    """
    page, places = f"/talents/{scene.case.id}", set()
    for term in await chosen(scene.session, scene.case.facts["bureau"]):
        row = {
            "call": scene.case.id,
            "term": term.id,
            "person": str(term.facts["person"]),
            "sending": str(term.facts["sending"]),
        }
        scene.session.add(TalentListed(**row))
        scene.name_row(TALENT_LISTED, row)
        scene.tell("talent_call", person=row["person"], page=page)
        places.add(row["sending"])
    for place in sorted(places):
        scene.tell("talent_call_for_staff", role=SENDING_HR, place=place, page=page)
    return ""


EFFECTS: Mapping[str, EffectFunction] = {remind_talents.__name__: remind_talents}
