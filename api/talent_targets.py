"""The goal of a year for flexible talent, as a program reads it for a person (OT-1.3a). It names nobody."""

from typing import Annotated

from fastapi import APIRouter, Path

from api.callers import Decider, Desks
from api.messages import Body
from services.talent_targets import HospitalTarget, TargetYear

router = APIRouter(prefix="/talent-targets", tags=["talent contracts"])
Year = Annotated[int, Path(ge=2000, le=9999)]


class HospitalOut(Body):
    """One hospital: its contracts of the year by their cases, people (each member of a team) and physicians trained.

    `waiting`: physicians who are reported and neither confirmed nor dismissed; they are not in `trained`.
    """

    hospital: str
    contracts: tuple[str, ...]
    people: int
    trained: int
    waiting: int


class TargetOut(Body):
    """One banner: the sums of all its hospitals beside the goals, and those hospitals that the caller may read.

    `outcome`: reached or not_reached, as our default counts; `readings`: what other ways of counting would give, where
    they differ. A goal has no effect on anybody.
    """

    commission: str
    outcome: str
    people: int
    trained: int
    people_wanted: int
    trained_wanted: int
    readings: tuple[str, ...]
    hospitals: tuple[HospitalOut, ...]


class TargetsOut(Body):
    """The goals of one local year."""

    year: int
    banners: tuple[TargetOut, ...]


@router.get("/{year}")
async def read_targets(year: Year, *, desks: Desks, caller: Decider) -> TargetsOut:
    """How far the goal of a year is reached, with the cases behind each number (OT-1.3a); reported, never enforced."""
    board = await desks.talent_targets.board(caller, year)
    return TargetsOut(year=board.year, banners=tuple(_banner(one) for one in board.years))


def _banner(one: TargetYear) -> TargetOut:
    people, trained = (int(str(one.finding.figures[name])) for name in ("people", "trained"))
    wanted = [goal.whole for goal in one.goals]
    return TargetOut(
        commission=one.commission.zh,
        outcome=str(one.finding.outcome),
        people=people,
        trained=trained,
        people_wanted=wanted[0],
        trained_wanted=wanted[1],
        readings=tuple(f"{each.text.zh}: {each.outcome}" for each in one.finding.readings),
        hospitals=tuple(_hospital(each) for each in one.hospitals),
    )


def _hospital(one: HospitalTarget) -> HospitalOut:
    counts = one.counts
    cases = tuple(each.case for each in one.recruited)
    return HospitalOut(
        hospital=one.code, contracts=cases, people=counts.people, trained=counts.trained, waiting=one.waiting
    )
