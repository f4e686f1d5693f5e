"""A small county with fixed people: a bureau, a group, two county hospitals, two township hospitals."""

from datetime import date

from db.engine.base import Sessions
from db.engine.people import Institution, Person, RoleHolding

BUREAU, GROUP = "dq-wjj", "dq-jt1"
HOSPITAL, OTHER_HOSPITAL = "dq-h1", "dq-h2"
TOWNSHIP, OTHER_TOWNSHIP = "dq-t01", "dq-t02"
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


def _person(person: str, name: str, institution: str, **more: object) -> Person:
    return Person(id=person, name=name, email=f"{person}@deqing.test", institution=institution, **more)
