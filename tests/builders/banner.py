"""A small banner with fixed people: a commission, three public hospitals, a finance bureau, experts from outside."""

from datetime import date

from db.engine.base import Sessions
from db.engine.people import Institution, Person, RoleHolding

COMMISSION, FINANCE, MEDIATION = "ot-wjw", "ot-czj", "ot-ytw"
EMPLOYER, SECOND_EMPLOYER, THIRD_EMPLOYER = "ot-h1", "ot-h2", "ot-h3"
OUTSIDE = "ot-out1"
SINCE = date(2020, 1, 1)

INSTITUTIONS = (
    (COMMISSION, "鄂托克旗卫生健康委员会", "banner_health_commission", None),
    (FINANCE, "鄂托克旗财政局", "banner_finance_bureau", None),
    (MEDIATION, "鄂托克旗医疗纠纷调解委员会", "mediation_committee", None),
    (EMPLOYER, "鄂托克旗人民医院", "banner_public_hospital", COMMISSION),
    (SECOND_EMPLOYER, "鄂托克旗第二人民医院", "banner_public_hospital", COMMISSION),
    (THIRD_EMPLOYER, "鄂托克旗蒙医综合医院", "banner_public_hospital", COMMISSION),
    (OUTSIDE, "自治区人民医院", "outside_unit", None),
)
# person id, name, institution, roles
OFFICIALS = (
    ("o-officer", "巴特尔", COMMISSION, ("R-23",)),
    ("o-leader", "其其格", COMMISSION, ("R-24",)),
    ("o-medical", "苏日娜", COMMISSION, ("R-25",)),
    ("o-monitor", "乌兰", COMMISSION, ("R-29",)),
    ("o-mediation", "朝鲁", MEDIATION, ("R-25",)),
    ("o-finance", "萨仁", FINANCE, ("R-26",)),
    ("o-h1-hr", "娜仁", EMPLOYER, ("R-19",)),
    ("o-h1-leader", "布和", EMPLOYER, ("R-20",)),
    ("o-h1-department", "塔娜", EMPLOYER, ("R-22",)),
    ("o-h2-hr", "呼和", SECOND_EMPLOYER, ("R-19",)),
    ("o-h2-leader", "斯琴", SECOND_EMPLOYER, ("R-20",)),
    ("o-h2-department", "阿古拉", SECOND_EMPLOYER, ("R-22",)),
    ("o-h3-hr", "托娅", THIRD_EMPLOYER, ("R-19",)),
    ("o-h3-leader", "那顺", THIRD_EMPLOYER, ("R-20",)),
)
EXPERTS = (("o-expert", "罗景行", "full_senior"), ("o-expert-2", "温知夏", "associate_senior"))


async def settle_banner(record: Sessions) -> None:
    """Write the banner's people and roles."""
    async with record.begin() as session:
        for code, name, kind, parent in INSTITUTIONS:
            session.add(Institution(code=code, name=name, kind=kind, parent=parent, contact_name="医政医管股"))
            await session.flush()
        for person, name, institution, _ in OFFICIALS:
            session.add(_person(person, name, institution))
        for person, name, title in EXPERTS:
            session.add(_person(person, name, OUTSIDE, professional_title=title, profession="practising_physician"))
        await session.flush()
        for person, _, institution, roles in OFFICIALS:
            for role in roles:
                session.add(RoleHolding(person=person, role=role, institution=institution, held_from=SINCE))
        for person, _, _ in EXPERTS:
            session.add(RoleHolding(person=person, role="R-21", institution=OUTSIDE, held_from=SINCE))


def _person(person: str, name: str, institution: str, **more: object) -> Person:
    return Person(id=person, name=name, email=f"{person}@example.cn", institution=institution, **more)
