"""A made-up banner: a commission, its three public hospitals, finance, mediation, and experts from outside."""

from collections.abc import Iterator

from rehearsal.people import institution, person

COMMISSION, FINANCE, MEDIATION, OUTSIDE = "rh-wjw", "rh-czj", "rh-ytw", "rh-out"
# The funds are shared among hospitals whose names end as the plan prints them (OT-5a).
HOSPITALS = {"rh-h1": "旗人民医院", "rh-h2": "旗第二人民医院", "rh-h3": "旗蒙医综合医院"}
DEPARTMENTS = ("内镜中心", "内科", "骨伤科", "心血管内科")
FULL_SENIOR = {"profession": "practising_physician", "professional_title": "full_senior"}
# (suffix of the id, role) of those who hold an office.
COMMISSION_OFFICES = (("officer", "R-23"), ("section", "R-38"), ("deputy", "R-39"), ("leader", "R-24"),
                      ("medical", "R-25"), ("monitor", "R-29"))  # fmt: skip
HOSPITAL_OFFICES = (("hr", "R-19"), ("leader", "R-20"), ("department", "R-22"), ("monitor", "R-29"))


def expert_ids(number: int) -> list[str]:
    """The ids of the experts."""
    return [f"rh-e{one:02}" for one in range(1, number + 1)]


def employer_of(expert: str) -> str:
    """The hospital that recruits an expert: one after the other."""
    return list(HOSPITALS)[_place(expert) % len(HOSPITALS)]


def department_of(expert: str) -> str:
    """Where the expert works."""
    return DEPARTMENTS[_place(expert) % len(DEPARTMENTS)]


def institutions() -> list[dict[str, object]]:
    """All bodies."""
    return [
        institution(COMMISSION, "演练旗卫生健康委员会", "banner_health_commission", None),
        institution(FINANCE, "演练旗财政局", "banner_finance_bureau", None),
        institution(MEDIATION, "演练旗医疗纠纷调解委员会", "mediation_committee", None),
        institution(OUTSIDE, "演练自治区医院", "outside_unit", None),
        *(institution(code, f"演练{name}", "banner_public_hospital", COMMISSION) for code, name in HOSPITALS.items()),
    ]


def people(experts: int) -> list[dict[str, object]]:
    """Officials and experts."""
    officials = [person(at, *one) for at, one in enumerate(_officials())]
    at = len(officials)
    return officials + [person(at + n, one, OUTSIDE, "R-21") | FULL_SENIOR for n, one in enumerate(expert_ids(experts))]


def _officials() -> Iterator[tuple[str, str, str]]:
    bodies = [(COMMISSION, COMMISSION_OFFICES), (FINANCE, (("officer", "R-26"),)), (MEDIATION, (("officer", "R-25"),))]
    for code, offices in (*bodies, *((hospital, HOSPITAL_OFFICES) for hospital in HOSPITALS)):
        for suffix, role in offices:
            yield f"{code}-{suffix}", code, role


def _place(expert: str) -> int:
    return int(expert.removeprefix("rh-e")) - 1
