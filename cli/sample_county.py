"""A county made up for the demonstration: one health group, three county hospitals, thirteen grassroots institutions,
four bureaus, their people.

The places are named after Deqing's public list of towns; every person, number and address is invented and marked as
sample data.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

BUREAU, GROUP = "dq-wjj", "dq-jt1"
HOLDS_SINCE = "2024-01-01"
PACK = "dq-a"

HOSPITALS = (("dq-h1", "德清县人民医院"), ("dq-h2", "德清县中医院"), ("dq-h3", "德清县第三人民医院"))
TOWNSHIPS = (
    ("dq-t01", "武康街道社区卫生服务中心", "community_health_centre"),
    ("dq-t02", "舞阳街道社区卫生服务中心", "community_health_centre"),
    ("dq-t03", "阜溪街道社区卫生服务中心", "community_health_centre"),
    ("dq-t04", "下渚湖街道社区卫生服务中心", "community_health_centre"),
    ("dq-t05", "康乾街道社区卫生服务中心", "community_health_centre"),
    ("dq-t06", "乾元镇中心卫生院", "central_township_hospital"),
    ("dq-t07", "新市镇中心卫生院", "central_township_hospital"),
    ("dq-t08", "洛舍镇卫生院", "township_hospital"),
    ("dq-t09", "钟管镇卫生院", "township_hospital"),
    ("dq-t10", "雷甸镇卫生院", "township_hospital"),
    ("dq-t11", "禹越镇卫生院", "township_hospital"),
    ("dq-t12", "新安镇卫生院", "township_hospital"),
    ("dq-t13", "莫干山镇卫生院", "township_hospital"),
)
SPECIALTIES = ("内科", "外科", "儿科", "妇产科", "全科", "中医科", "康复科", "口腔科")
TITLES = ("intermediate", "junior", "associate_senior", "intermediate")
PROFESSIONS = (*["practising_physician"] * 7, "nurse", "technician", "pharmacist")

SURNAMES = "沈章费陆施闵谈柏钮嵇姚潘俞邱蒋褚凌郁宓杭卞车鲍岳傅阮裴严葛程曹袁邓许韩冯于董萧"
GIVEN = (
    "国平", "丽华", "晓燕", "永康", "伯年", "春生", "月英", "玉兰", "素珍", "元龙",
    "建明", "志强", "惠芳", "文斌", "雪琴", "远航", "思齐", "明轩", "若溪", "子涵",
    "雨桐", "嘉木", "一鸣", "静怡", "海涛", "佩玲", "少华", "向阳", "秋月", "立新",
)  # fmt: skip
CLINICIANS_IN_HOSPITAL, CLINICIANS_IN_TOWNSHIP = 42, 4

# The bureaus that file methods and approve pay totals beside the health bureau.
OTHER_BUREAUS = (
    ("dq-rsj", "德清县人力资源和社会保障局", "hrss_bureau"),
    ("dq-czj", "德清县财政局", "finance_bureau"),
    ("dq-ybj", "德清县医疗保障局", "insurance_bureau"),
)
# (suffix of the person id, role) of those who hold an office in a body.
OFFICES = {
    BUREAU: (("officer", "R-09"), ("section", "R-38"), ("deputy", "R-39"), ("leader", "R-10"), ("auditor", "R-27")),
    GROUP: (("coordinator", "R-07"), ("committee", "R-08"), ("monitor", "R-29"), ("deputy", "R-39"), ("admin", "R-30")),
}
HOSPITAL_OFFICES = (("hr", "R-03"), ("head", "R-04"), ("deputy", "R-39"))
TOWNSHIP_OFFICES = (("hr", "R-01"), ("head", "R-02"), ("deputy", "R-39"))
BUREAU_OFFICES = (("officer", "R-11"), ("deputy", "R-39"))


@dataclass(frozen=True)
class Guide:
    """Whom a newcomer may act as, and why."""

    person: str
    why_zh: str
    why_en: str


GUIDES = (
    Guide("dq-jt1-coordinator", "健康保健集团经办人：平衡、编制批次", "group coordinator: balances, compiles batches"),
    Guide("dq-t06-head", "乾元镇中心卫生院院长：审核需求和报名", "township head: approves demand, reviews applicants"),
    Guide("dq-h1-head", "县人民医院院长：派出单位审核", "county hospital head: reviews as the sending side"),
    Guide("dq-wjj-officer", "县卫生健康局经办人：审核报备", "bureau officer: reviews and files"),
    Guide("dq-jt1-committee", "集团党委会议记录人：登记考核结果", "party committee’s recorder: writes grades down"),
    Guide("dq-czj-officer", "县财政局经办人：审核备案考核办法", "finance bureau officer: files assessment methods"),
    Guide("dq-jt1-monitor", "人事督办：看全部事项和逾期", "HR monitor: sees every case and what is late"),
)


def institutions() -> list[dict[str, object]]:
    """Every body, parents first, as the API takes them."""
    rows: list[tuple[str, str, str, str | None]] = [
        (BUREAU, "德清县卫生健康局（示例）", "county_health_bureau", None),
        (GROUP, "武康健康保健集团（示例）", "health_group", BUREAU),
        *((code, f"{name}（示例）", "county_hospital", GROUP) for code, name in HOSPITALS),
        *((code, f"{name}（示例）", kind, GROUP) for code, name, kind in TOWNSHIPS),
        *((code, f"{name}（示例）", kind, None) for code, name, kind in OTHER_BUREAUS),
    ]
    return [
        {
            "code": code,
            "name": name,
            "kind": kind,
            "parent": parent,
            "contact_name": "人事科",
            "contact_phone": f"0572-80{number:05d}",
        }
        for number, (code, name, kind, parent) in enumerate(rows, start=10001)
    ]


def people() -> list[dict[str, object]]:
    """About 240 people with fixed ids, names and numbers."""
    return [_person(number, *one) for number, one in enumerate(_posts_of_people())]


def _posts_of_people() -> Iterator[tuple[str, str, str | None]]:
    """(person id, institution, role) of everybody, in a fixed order."""
    for body, offices in OFFICES.items():
        for suffix, role in offices:
            yield f"{body}-{suffix}", body, role
    for code, _ in HOSPITALS:
        yield from _staff(code, HOSPITAL_OFFICES, CLINICIANS_IN_HOSPITAL)
    for code, _, _ in TOWNSHIPS:
        yield from _staff(code, TOWNSHIP_OFFICES, CLINICIANS_IN_TOWNSHIP)
    for code, _, _ in OTHER_BUREAUS:
        yield from _staff(code, BUREAU_OFFICES, 0)


def _staff(code: str, offices: tuple[tuple[str, str], ...], clinicians: int) -> Iterator[tuple[str, str, str | None]]:
    for suffix, role in offices:
        yield f"{code}-{suffix}", code, role
    for number in range(1, clinicians + 1):
        yield f"{code}-s{number:02d}", code, None


def _person(number: int, person: str, institution: str, role: str | None) -> dict[str, object]:
    clinician = role is None
    held = [{"role": role, "institution": institution, "held_from": HOLDS_SINCE}] if role else []
    qualified = date(2010 + number % 15, 1 + number % 12, 1 + number % 28)
    return {
        "id": person,
        "name": SURNAMES[number % len(SURNAMES)] + GIVEN[(number * 7) % len(GIVEN)],
        "email": f"{person}@deqing.example",
        "institution": institution,
        "profession": PROFESSIONS[number % len(PROFESSIONS)] if clinician else "",
        "specialty": SPECIALTIES[number % len(SPECIALTIES)] if clinician else "",
        "professional_title": TITLES[number % len(TITLES)] if clinician else "",
        "qualified_on": qualified.isoformat() if clinician else None,
        "phone": f"1390572{number:04d}",
        "id_number": id_number(number),
        "roles": held,
    }


def id_number(number: int) -> str:
    """A number of the form of GB 11643 with a county code that is given to nobody (330599) and a right check digit."""
    born = date(1966 + number % 33, 1 + number % 12, 1 + number % 28)
    body = f"330599{born:%Y%m%d}{number:03d}"
    total = sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(body))
    return body + "10X98765432"[total % 11]
