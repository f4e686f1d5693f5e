"""The parts of a year in Deqing, and the county in which they are played."""

from dataclasses import dataclass

from rehearsal.cast import Cast, parts_of
from rehearsal.deqing.county import County, Oddities, county_of, sent_ids

# Two people want the same post, one is absent again and again … in the order in which few people fill them.
PARTS = ("wanted", "rival", "absent", "late_start", "declines", "returned", "rejected", "on_leave", "leaves",
         "newcomer", "nurse", "objected", "sent_back", "appeals", "unqualified", "stays")  # fmt: skip
TRAINEES_PARTS = ("absent", "late_start", "declines", "rejected", "on_leave", "mentor_declines", "leaves", "appeals",
                  "unqualified", "stays")  # fmt: skip
BOUNCING = "rh-t02-hr"
TOWNSHIPS_WITH_A_TARDY_ONE = 3


@dataclass(frozen=True)
class CountyCast(Cast):
    """A county and the parts of its people; `tardy` reports its demand late, "" for nobody."""

    county: County
    tardy: str


def cast_of(people: int, seed: int, year: int, *, trains: bool = False) -> CountyCast:
    """A cast with so many people to be sent: doctors down to the townships, or trainees up to the hospitals."""
    part_of = parts_of(sent_ids(people), seed, TRAINEES_PARTS if trains else PARTS)
    played = {part: person for person, part in part_of.items()}
    odd = Oddities(played.get("newcomer", ""), played.get("nurse", ""), BOUNCING)
    county = county_of(people, year, odd, trains=trains)
    # The second one's letters bounce.
    tardy = f"{county.townships[-1]}-hr" if len(county.townships) >= TOWNSHIPS_WITH_A_TARDY_ONE else ""
    return CountyCast(seed, county.sent, part_of, county, tardy)
