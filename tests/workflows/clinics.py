"""The steps of regular clinics: shared by their tests and by the recorder."""

from datetime import timedelta

from db.engine.base import Sessions
from db.engine.clock import Clock
from db.engine.packs import shelve
from db.engine.people import Person
from policies.engine.calendar import CHINA
from policies.engine.pack import Pack, parse_pack
from services.clinics import ClinicOrder
from tests.builders.county import HOSPITAL, OTHER_TOWNSHIP, TOWNSHIP
from tests.workflows.office import Office

GPS = (("p-gp", TOWNSHIP), ("p-gp-2", OTHER_TOWNSHIP), ("p-gp-3", TOWNSHIP))
OFF = "active = false\nmeaning = { zh = '高级职称全科医师定期坐诊"


async def turn_on(record: Sessions, pack: Pack, clock: Clock) -> None:
    """The programme owner has turned the option on, in a version of its own."""
    assert pack.text.count(OFF) == 1
    text = pack.text.replace(OFF, OFF.replace("false", "true")).replace(pack.version, f"{pack.version}-clinics", 1)
    async with record.begin() as session:
        await shelve(session, parse_pack(text, file="dq-a.toml"), clock)


async def settle_gps(record: Sessions) -> None:
    """Grassroots GPs with a senior title."""
    async with record.begin() as session:
        for person, place in GPS:
            one = {"id": person, "name": "席仲和", "email": f"{person}@deqing.test", "institution": place}
            facts = {"profession": "practising_physician", "professional_title": "associate_senior"}
            session.add(Person(**one, **facts, specialty="全科"))


def order(office: Office, person: str = "p-gp", *, clinics: int = 2, weeks: int = 2, number: str = "") -> ClinicOrder:
    first = office.clock.now().astimezone(CHINA).date() + timedelta(days=14)
    return ClinicOrder("dq-a", person, HOSPITAL, first, weeks, clinics, number)


async def proposed(office: Office, person: str = "p-gp", *, clinics: int = 2) -> str:
    """The coordinator proposes clinics every other week, from a fortnight on."""
    await office.tell_time()
    viewer = await office.sessions.viewer("p-coordinator")
    return (
        await office.clinics.start(order(office, person, clinics=clinics), by="p-coordinator", viewer=viewer)
    ).case_id


async def agreed(office: Office, case: str, hospital: str = "agree") -> None:
    await office.answer("agree_clinics_group", "p-coordinator", "agree", case=case)
    await office.answer("agree_clinics_hospital", "p-h1-head", hospital, "门诊排班已定", case=case)


async def held(office: Office, case: str, number: int, choice: str = "session_held") -> None:
    """The hospital records one clinic once its day has come."""
    await office.days_pass(15)
    row = await office.open_task(f"{case}.t{number + 2}", "p-h1-hr", case=case)
    await office.answer(row.id, "p-h1-hr", choice, "当日培训", case=case)
