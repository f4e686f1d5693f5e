"""A made-up county of the size that a rehearsal needs: one group, its hospitals and townships, so many doctors."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from math import ceil

from rehearsal.people import BOUNCES, institution, person

BUREAU, GROUP = "rh-wjj", "rh-jt"
SPECIALTIES = ("内科", "儿科", "全科", "中医科", "康复科", "妇产科")
MOST_HOSPITALS, MOST_TOWNSHIPS, PEOPLE_A_TOWNSHIP = 3, 13, 3
PHYSICIAN, NURSE = "practising_physician", "nurse"
SENIOR = {"profession": PHYSICIAN, "professional_title": "associate_senior", "specialty": SPECIALTIES[0]}
# (suffix of the id, role) of those who hold an office.
BUREAU_OFFICES = (("officer", "R-09"), ("section", "R-38"), ("deputy", "R-39"), ("leader", "R-10"))
GROUP_OFFICES = (("coordinator", "R-07"), ("minutes", "R-08"), ("monitor", "R-29"), ("deputy", "R-39"))
HOSPITAL_OFFICES = (("hr", "R-03"), ("head", "R-04"), ("deputy", "R-39"))
TOWNSHIP_OFFICES = (("hr", "R-01"), ("head", "R-02"), ("attendance", "R-06"), ("deputy", "R-39"))


@dataclass(frozen=True)
class County:
    """The codes of its bodies and the ids of those who are sent, in a fixed order; `trains` where they are trainees."""

    hospitals: tuple[str, ...]
    townships: tuple[str, ...]
    sent: tuple[str, ...]
    institutions: tuple[dict[str, object], ...]
    people: tuple[dict[str, object], ...]
    trains: bool

    def wanted(self, township: str) -> int:
        """How many posts a township asks for; together as many as there are people to be sent."""
        number, place = len(self.townships), self.townships.index(township)
        return len(self.sent) // number + (place < len(self.sent) % number)


@dataclass(frozen=True)
class Oddities:
    """Who in a county is not like the others: new in the profession, a nurse, with a wrong address; "" for nobody."""

    newcomer: str = ""
    nurse: str = ""
    bouncing: str = ""


def county_of(number: int, year: int, odd: Oddities, *, trains: bool) -> County:
    """A county with so many people to be sent in the year of a cycle: doctors down, or trainees up."""
    ids = tuple(sent_ids(number))
    hospitals = tuple(f"rh-h{one}" for one in range(1, min(MOST_HOSPITALS, number) + 1))
    many = min(MOST_TOWNSHIPS, max(2, ceil(number / PEOPLE_A_TOWNSHIP)))
    townships = tuple(f"rh-t{one:02}" for one in range(1, many + 1))
    posts = list(_officials(hospitals, townships))
    # As many as there are trainees, so that each finds one wherever they are assigned.
    mentors = [(f"{code}-m{one:02}", code) for code in hospitals for one in range(1, number + 1)] if trains else []
    people = [person(at, *one) for at, one in enumerate(posts)]
    people += [person(len(people) + at, *one, "") | SENIOR for at, one in enumerate(mentors)]
    homes = townships if trains else hospitals
    for at, doctor in enumerate(ids):
        qualified = date(year - (2 if doctor == odd.newcomer else 5 + at % 9), 7, 1)
        entry = person(len(people), doctor, homes[at % len(homes)], "")
        entry |= {"profession": NURSE if doctor == odd.nurse else PHYSICIAN, "qualified_on": qualified.isoformat()}
        specialty = SPECIALTIES[0 if trains else at % len(SPECIALTIES)]
        people.append(entry | {"specialty": specialty, "professional_title": "intermediate"})
    for entry in people:
        if entry["id"] == odd.bouncing:
            entry["email"] = f"{BOUNCES}{entry['email']}"
    return County(hospitals, townships, ids, tuple(_institutions(hospitals, townships)), tuple(people), trains)


def sent_ids(number: int) -> list[str]:
    """The ids of those who are sent."""
    return [f"rh-d{one:02}" for one in range(1, number + 1)]


def _officials(hospitals: tuple[str, ...], townships: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    bodies: list[tuple[str, tuple[tuple[str, str], ...]]] = [(BUREAU, BUREAU_OFFICES), (GROUP, GROUP_OFFICES)]
    bodies += [(code, HOSPITAL_OFFICES) for code in hospitals]
    bodies += [(code, TOWNSHIP_OFFICES) for code in townships]
    for code, offices in bodies:
        for suffix, role in offices:
            yield f"{code}-{suffix}", code, role


def _institutions(hospitals: tuple[str, ...], townships: tuple[str, ...]) -> Iterator[dict[str, object]]:
    yield institution(BUREAU, "演练县卫生健康局", "county_health_bureau", None)
    yield institution(GROUP, "演练县健康保健集团", "health_group", BUREAU)
    for number, code in enumerate(hospitals, start=1):
        yield institution(code, f"演练县第{number}医院", "county_hospital", GROUP)
    for number, code in enumerate(townships, start=1):
        yield institution(code, f"演练{number}号镇卫生院", "township_hospital", GROUP)
