"""A small banner with fixed people: a commission, three public hospitals, a finance bureau, experts from outside."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

from db.engine.base import Sessions
from db.engine.opening import NewCase, open_case
from db.engine.people import Institution, Person, RoleHolding
from db.talent_contracts import TalentContract, TalentFigure, TalentHost
from policies.engine.pack import Pack

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
    ("o-section", "哈斯", COMMISSION, ("R-38",)),
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


async def settle_contract(
    record: Sessions,
    pack: Pack,
    *,
    lifecycle: str = "TalentContract",
    year: int = 2040,
    serial: int = 1,
    signatories: str = "",
    last_day: date | None = None,
) -> str:
    """Write a signed contract of the first hospital with the first expert, 1,000 hours in two years; returns its case.

    lifecycle: whose workflow would run it; none is started. signatories: further employers that have signed.
    """
    case = f"talent.{pack.id}.{year}.{serial}"
    facts = {
        "person": "o-expert",
        "employer": EMPLOYER,
        "commission": COMMISSION,
        "finance": FINANCE,
        "year": str(year),
        "serial": str(serial),
        "department": "心血管内科",
        "signatories": signatories,
    }
    first_day = date(year, 1, 1)
    at = datetime.combine(first_day, time(), tzinfo=UTC)
    new = NewCase(case, lifecycle, pack, (), facts, institution=EMPLOYER, subject="o-expert")
    async with record.begin() as session:
        await open_case(session, new, at=at)
        await session.flush()
        session.add(
            TalentContract(
                case_id=case,
                employer=EMPLOYER,
                commission=COMMISSION,
                person="o-expert",
                department="心血管内科",
                number="合同〔示例〕1号",
                first_day=first_day,
                last_day=last_day or date(year + 1, 12, 31),
                unit="hours",
                agreed=Decimal(1000),
                state="signed",
            )
        )
    return case


async def settle_head(record: Sessions, contract: str, person: str = "o-h1-department", number: int = 1) -> None:
    """Write who heads the department in which the expert works."""
    at = datetime.combine(SINCE, time(), tzinfo=UTC)
    async with record.begin() as session:
        session.add(TalentHost(case_id=contract, number=number, person=person, named_by="o-h1-hr", named_at=at))


async def settle_figure(record: Sessions, contract: str, number: int, *, as_of: date, worked: str, **more: str) -> None:
    """Write one judgement of a contract: working time to a day, of 500 hours agreed by then unless more says so."""
    parts = {"agreed": "500", "excused": "0", "claimed": "0", **more}
    async with record.begin() as session:
        session.add(
            TalentFigure(
                case_id=contract,
                number=number,
                as_of=as_of,
                worked=Decimal(worked),
                outcome="ground_to_confirm",
                provisional=False,
                cause="checkpoint",
                judged_at=datetime.combine(as_of, time(), tzinfo=UTC),
                **{name: Decimal(value) for name, value in parts.items()},
            )
        )
