"""A small county with fixed people: a bureau, a group, two county hospitals, two township hospitals."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import delete

from db.engine.access import CalendarDay
from db.engine.base import Sessions
from db.engine.people import Institution, Person, RoleHolding
from policies.engine.calendar import Source, inferred_day

BUREAU, GROUP = "dq-wjj", "dq-jt1"
HOSPITAL, OTHER_HOSPITAL = "dq-h1", "dq-h2"
TOWNSHIP, OTHER_TOWNSHIP = "dq-t01", "dq-t02"
HRSS, FINANCE, INSURANCE = "dq-rsj", "dq-czj", "dq-ybj"
SINCE = date(2020, 1, 1)

INSTITUTIONS = (
    (BUREAU, "德清县卫生健康局", "county_health_bureau", None),
    (GROUP, "武康健康保健集团", "health_group", BUREAU),
    (HOSPITAL, "德清县人民医院", "county_hospital", GROUP),
    (OTHER_HOSPITAL, "德清县中医院", "county_hospital", GROUP),
    (TOWNSHIP, "莫干山镇卫生院", "township_hospital", GROUP),
    (OTHER_TOWNSHIP, "下渚湖街道社区卫生服务中心", "community_health_centre", GROUP),
)

# person id, name, institution, roles
OFFICIALS = (
    ("p-bureau-officer", "沈国平", BUREAU, ("R-09",)),
    ("p-bureau-section", "姚建明", BUREAU, ("R-38",)),
    ("p-bureau-deputy", "潘志强", BUREAU, ("R-39",)),
    ("p-bureau-leader", "俞惠芳", BUREAU, ("R-10",)),
    ("p-coordinator", "章丽华", GROUP, ("R-07",)),
    ("p-committee", "陆永福", GROUP, ("R-08",)),
    ("p-monitor", "费晓燕", GROUP, ("R-29",)),
    ("p-group-deputy", "邱文斌", GROUP, ("R-39",)),
    ("p-h1-hr", "蒋雪琴", HOSPITAL, ("R-03",)),
    ("p-h1-head", "陆永康", HOSPITAL, ("R-04",)),
    ("p-h2-hr", "钮素珍", OTHER_HOSPITAL, ("R-03",)),
    ("p-h2-head", "嵇元龙", OTHER_HOSPITAL, ("R-04",)),
    ("p-t1-hr", "谈月英", TOWNSHIP, ("R-01",)),
    ("p-t1-head", "施伯年", TOWNSHIP, ("R-02",)),
    ("p-t2-hr", "柏玉兰", OTHER_TOWNSHIP, ("R-01",)),
    ("p-t2-head", "闵春生", OTHER_TOWNSHIP, ("R-02",)),
)
DOCTORS = (
    ("p-doctor", "凌远航", HOSPITAL, "internal_medicine", date(2018, 7, 1)),
    ("p-doctor-2", "郁思齐", HOSPITAL, "internal_medicine", date(2019, 7, 1)),
    ("p-doctor-3", "褚明轩", OTHER_HOSPITAL, "surgery", date(2017, 7, 1)),
    ("p-young-doctor", "宓若溪", HOSPITAL, "paediatrics", date(2025, 7, 1)),
)


async def settle_county(record: Sessions) -> None:
    """Write the county's people and roles."""
    async with record.begin() as session:
        for code, name, kind, parent in INSTITUTIONS:
            session.add(Institution(code=code, name=name, kind=kind, parent=parent, contact_name="卫生人才科"))
            await session.flush()
        for person, name, institution, _ in OFFICIALS:
            session.add(_person(person, name, institution))
        for person, name, institution, specialty, qualified in DOCTORS:
            session.add(
                _person(
                    person,
                    name,
                    institution,
                    specialty=specialty,
                    qualified_on=qualified,
                    profession="practising_physician",
                )
            )
        await session.flush()
        for person, _, institution, roles in OFFICIALS:
            for role in roles:
                session.add(RoleHolding(person=person, role=role, institution=institution, held_from=SINCE))


OTHER_BUREAUS = (
    (HRSS, "德清县人力资源和社会保障局", "hrss_bureau", "p-hrss", "杭文静"),
    (FINANCE, "德清县财政局", "finance_bureau", "p-finance", "卞立峰"),
    (INSURANCE, "德清县医疗保障局", "insurance_bureau", "p-insurance", "鲍春梅"),
)


async def settle_bureaus(record: Sessions) -> None:
    """Write the three bureaus beside the health bureau, each with one officer."""
    async with record.begin() as session:
        for code, name, kind, person, officer in OTHER_BUREAUS:
            session.add(Institution(code=code, name=name, kind=kind, parent=None, contact_name="办公室"))
            await session.flush()
            session.add(_person(person, officer, code))
            await session.flush()
            session.add(RoleHolding(person=person, role="R-11", institution=code, held_from=SINCE))


async def settle_newcomers(record: Sessions, year: int) -> None:
    """Write a doctor of less than three years and a nurse, both of the first hospital, as seen from a year."""
    people = (
        ("p-new-doctor", "时雨桐", "practising_physician", date(year - 2, 7, 1)),
        ("p-nurse", "倪若兰", "nurse", date(year - 10, 7, 1)),
    )
    async with record.begin() as session:
        for person, name, profession, qualified in people:
            session.add(
                _person(person, name, HOSPITAL, specialty="paediatrics", qualified_on=qualified, profession=profession)
            )


async def settle_doctors(record: Sessions, number: int) -> list[str]:
    """Write that many more doctors of the first hospital, all eligible; returns their ids."""
    people = [f"p-applicant-{one:03}" for one in range(number)]
    async with record.begin() as session:
        for person in people:
            session.add(
                _person(
                    person,
                    f"应征{person[-3:]}",
                    HOSPITAL,
                    specialty="internal_medicine",
                    qualified_on=date(2015, 7, 1),
                    profession="practising_physician",
                )
            )
    return people


async def appoint(record: Sessions, person: str, role: str, institution: str, *, since: date = SINCE) -> None:
    """Give a person one more role."""
    async with record.begin() as session:
        session.add(RoleHolding(person=person, role=role, institution=institution, held_from=since))


async def dismiss(record: Sessions, role: str, institution: str) -> None:
    """Leave a role without a holder."""
    async with record.begin() as session:
        await session.execute(
            delete(RoleHolding).where(RoleHolding.role == role, RoleHolding.institution == institution)
        )


async def publish_calendar(record: Sessions, year: int) -> None:
    """The year's working days as an official notice gives them: weekdays but the holidays fixed by date."""
    first = date(year, 1, 1)
    days = [first + timedelta(days=number) for number in range((date(year + 1, 1, 1) - first).days)]
    at = datetime.combine(first, time(), tzinfo=UTC)
    async with record.begin() as session:
        for day in days:
            source = Source.OFFICIAL.value
            session.add(CalendarDay(day=day, working=inferred_day(day).working, source=source, notice="", set_at=at))


def _person(person: str, name: str, institution: str, **more: object) -> Person:
    return Person(id=person, name=name, email=f"{person}@deqing.test", institution=institution, **more)
