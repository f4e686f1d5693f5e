"""A banner made up for the demonstration: a health commission with three public hospitals, the bodies that stand beside
it in the plan, units elsewhere and their experts.

The three hospitals bear the names that the plan gives them; every person, number and address is invented and marked as
sample data.
"""

from collections.abc import Iterator

from cli.sample_county import HOLDS_SINCE, Guide, id_number

BANNER_PACK = "ot-a"
COMMISSION, FINANCE, MEDIATION = "ot-wjw", "ot-czj", "ot-ytw"
FIRST, SECOND, THIRD = "ot-h1", "ot-h2", "ot-h3"
EMPLOYER = "banner_public_hospital"

# code, name, name in English, kind
_BODIES = (
    (COMMISSION, "鄂托克旗卫生健康委员会（示例）", "Otog Health Commission (sample)", "banner_health_commission"),
    (FINANCE, "鄂托克旗财政局（示例）", "Otog Finance Bureau (sample)", "banner_finance_bureau"),
    (MEDIATION, "鄂托克旗医疗纠纷调解委员会（示例）", "Mediation Committee (sample)", "mediation_committee"),
    (FIRST, "鄂托克旗人民医院（示例）", "Otog People’s Hospital (sample)", EMPLOYER),
    (SECOND, "鄂托克旗第二人民医院（示例）", "Otog Second Hospital (sample)", EMPLOYER),
    (THIRD, "鄂托克旗蒙医综合医院（示例）", "Otog Mongolian Hospital (sample)", EMPLOYER),
    ("ot-u1", "首府大学附属医院（示例）", "Capital University Hospital (sample)", "outside_unit"),
    ("ot-u2", "省城骨科医院（示例）", "Provincial Orthopaedic Hospital (sample)", "outside_unit"),
    ("ot-u3", "邻市中心医院（示例）", "Neighbour City Central Hospital (sample)", "outside_unit"),
)  # fmt: skip
# ending of the person's id, role, name
_OFFICES = {
    COMMISSION: (
        ("officer", "R-23", "巴图孟和"),
        ("section", "R-38", "哈斯其其格"),
        ("leader", "R-24", "苏日塔拉"),
        ("medical", "R-25", "乌云塔娜"),
        ("monitor", "R-29", "阿拉坦仓"),
    ),
    FINANCE: (("officer", "R-26", "萨如拉"),),
    MEDIATION: (("officer", "R-25", "朝格图"),),
    FIRST: (("hr", "R-19", "娜仁托雅"), ("leader", "R-20", "布和巴雅尔"), ("department", "R-22", "塔拉毕力格")),
    SECOND: (("hr", "R-19", "呼斯楞"), ("leader", "R-20", "斯琴图雅"), ("department", "R-22", "阿古达木尔")),
    THIRD: (("hr", "R-19", "托娅其木格"), ("leader", "R-20", "那顺德力格"), ("department", "R-22", "宝力德")),
}
# unit, specialty, title, name; the last three have no contract yet, so that a newcomer may nominate one of them
_EXPERTS = (
    ("ot-u1", "消化内科", "full_senior", "罗景行"),
    ("ot-u1", "呼吸内科", "associate_senior", "温知夏"),
    ("ot-u2", "骨伤科", "full_senior", "秦牧之"),
    ("ot-u1", "消化内科", "full_senior", "蔺怀瑾"),
    ("ot-u3", "心血管内科", "full_senior", "江北辰"),
    ("ot-u3", "神经内科", "associate_senior", "顾南乔"),
    ("ot-u2", "骨伤科", "associate_senior", "祝清和"),
    ("ot-u1", "妇产科", "full_senior", "黎若蘅"),
    ("ot-u3", "儿科", "associate_senior", "卓闻笛"),
)
EXPERTS = tuple(f"ot-e{number:02d}" for number in range(1, len(_EXPERTS) + 1))

BANNER_GUIDES = (
    Guide(
        "ot-h1-hr", "旗人民医院引才经办人：推荐、登记工作时间、考核", "banner hospital: nominates, records, assesses"
    ),
    Guide("ot-h3-leader", "旗蒙医综合医院负责人：签订合同、申请终止", "hospital leader: signs, applies to terminate"),
    Guide("ot-e02", "外请专家：签订合同，看自己的工作时间", "expert from outside: signs, sees own working time"),
    Guide("ot-wjw-officer", "旗卫生健康委经办人：审核、备案、核对经费", "commission: reviews, files, checks funds"),
    Guide("ot-czj-officer", "旗财政局经办人：落实和拨付引才经费", "banner finance: provides and pays the funds"),
)


def banner_institutions() -> list[dict[str, object]]:
    """Every body of the banner, parents first, as the API takes them."""
    return [
        {
            "code": code,
            "name": name,
            "name_en": name_en,
            "kind": kind,
            "parent": COMMISSION if kind == EMPLOYER else None,
            "contact_name": "医政医管股" if code == COMMISSION else "办公室",
            "contact_phone": f"0477-80{number:05d}",
        }
        for number, (code, name, name_en, kind) in enumerate(_BODIES, start=20001)
    ]


def banner_people() -> list[dict[str, object]]:
    """Officials and experts with fixed ids, names and numbers."""
    return [*_officials(), *_experts()]


def _officials() -> Iterator[dict[str, object]]:
    found = [(code, *office) for code, offices in _OFFICES.items() for office in offices]
    for number, (code, ending, role, name) in enumerate(found, start=1):
        yield _person(number, f"{code}-{ending}", name, code, role)


def _experts() -> Iterator[dict[str, object]]:
    for number, (unit, specialty, title, name) in enumerate(_EXPERTS, start=101):
        clinical = {"profession": "practising_physician", "specialty": specialty, "professional_title": title}
        yield _person(number, EXPERTS[number - 101], name, unit, "R-21") | clinical


def _person(number: int, person: str, name: str, institution: str, role: str) -> dict[str, object]:
    return {
        "id": person,
        "name": name,
        "email": f"{person}@otog.example",
        "institution": institution,
        "phone": f"1390477{number:04d}",
        "id_number": id_number(900 - number),
        "roles": [{"role": role, "institution": institution, "held_from": HOLDS_SINCE}],
    }
