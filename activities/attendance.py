"""What days of attendance do to the two clocks, and what people said of those that the table leaves open (COR-13)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.engine.scene import EffectFunction, Scene
from db.attendance import STRETCH, AskedStretch, stretch_asked_in
from db.attendance_reads import judged_spans, newest_days
from db.engine.cases import CaseFile
from db.engine.opening import next_serial
from db.segments import SITE_SINCE, earlier_segments
from db.standstills import stood_days
from policies.days import OFF_POST, Stretch, left_to_attendance, stretches, weight_of
from policies.engine.calendar import WorkingCalendar
from policies.engine.pack import Pack
from policies.term import Away

ASKED, SETTLED, GONE = "asked", "settled", "gone"


async def attended(scene: Scene, first_day: date, last_day: date) -> list[Away]:
    """The stretches of days between two local days, both counted, with what they do to each clock.

    Where people have to say it, a row to ask about is kept; one whose days have been corrected away is let go.
    """
    return await _looked_at(scene, scene.case.id, (first_day, last_day))


async def look_back(scene: Scene) -> None:
    """The same of earlier segments: days that were recorded late are asked about where the service is (EXC-08)."""
    for each in await earlier_segments(scene.session, scene.case):
        await _looked_at(scene, each.case, (each.first_day, each.last_day))


async def _looked_at(scene: Scene, case: str, days: tuple[date, date]) -> list[Away]:
    found = await _stretches(scene.session, case, days, scene.calendar)
    rows = await _kept(scene.session, case)
    away = [await _weighed(scene, case, stretch, rows) for stretch in found if stretch.kind != OFF_POST]
    asking = [stretch for stretch in found if weight_of(stretch.kind, stretch.days, scene.pack).open]
    for row in rows:
        if row.state == ASKED and not any(_is_of(scene.pack, row, stretch) for stretch in asking):
            row.state = GONE
    return away


async def attended_before(
    session: AsyncSession, case: CaseFile, *, pack: Pack, calendar: WorkingCalendar
) -> list[Away]:
    """The same of the segments with whose months the term goes on; none where the months have started again."""
    if SITE_SINCE not in case.facts:
        return []
    found = []
    for each in await earlier_segments(session, case):
        days = (each.first_day, each.last_day)
        found += await attended_so_far(session, each.case, days, pack=pack, calendar=calendar)
    return found


async def attended_so_far(
    session: AsyncSession, case: str, days: tuple[date, date], *, pack: Pack, calendar: WorkingCalendar
) -> list[Away]:
    """The same, only looked at: what people have not answered is open, whether they have been asked or not."""
    rows = await _kept(session, case)
    away = []
    for stretch in await _stretches(session, case, days, calendar):
        said = {row.weighs for row in _settled(row for row in rows if _is_of(pack, row, stretch))}
        weight = weight_of(stretch.kind, stretch.days, pack, answer=said.pop() if len(said) == 1 else "")
        if stretch.kind != OFF_POST:
            away.append(Away(stretch.first_day, stretch.last_day, weight.site, weight.accumulated, stretch.halves))
    return away


async def _stretches(
    session: AsyncSession, case: str, days: tuple[date, date], calendar: WorkingCalendar
) -> tuple[Stretch, ...]:
    held = (await newest_days(session, [case], *days))[case].values()
    spans = (await judged_spans(session, [case]))[case]
    spans = [*spans, *await stood_days(session, case, days[1])]
    left = left_to_attendance((each.recorded for each in held), spans)
    return stretches(left, lambda day: not calendar.days(day).working)


async def _kept(session: AsyncSession, case: str) -> list[AskedStretch]:
    kept = select(AskedStretch).where(AskedStretch.case_id == case, AskedStretch.state != GONE)
    return list(await session.scalars(kept.order_by(AskedStretch.id)))


async def _weighed(scene: Scene, case: str, stretch: Stretch, rows: Sequence[AskedStretch]) -> Away:
    weight = weight_of(stretch.kind, stretch.days, scene.pack)
    if weight.open:
        weight = weight_of(stretch.kind, stretch.days, scene.pack, answer=await _answer(scene, case, stretch, rows))
    return Away(stretch.first_day, stretch.last_day, weight.site, weight.accumulated, stretch.halves)


async def _answer(scene: Scene, case: str, stretch: Stretch, rows: Sequence[AskedStretch]) -> str:
    """What people have said of a stretch; "" while they are asked, and when two of their answers have met in one."""
    own = [row for row in rows if _is_of(scene.pack, row, stretch)]
    settled = _settled(own)
    if len({row.weighs for row in settled}) == 1:
        return settled[0].weighs
    for row in settled:
        # What an earlier case's file names stays as it stands there; the answer that is given here goes before it.
        if scene.case.id in (row.asked_in, row.case_id):
            row.state = GONE
            scene.name_row(STRETCH, STRETCH.content_of(row))
    asked = next((row for row in own if row.state == ASKED), None)
    if asked:
        asked.first_day, asked.last_day = stretch.first_day, stretch.last_day
    else:
        scene.session.add(await _asked(scene, case, stretch))
    return ""


def _settled(rows: Iterable[AskedStretch]) -> list[AskedStretch]:
    """What people have said; where it was said again in a later segment, only that."""
    found = [row for row in rows if row.state == SETTLED]
    newest = max((row.asked_in or "" for row in found), default="")
    return [row for row in found if (row.asked_in or "") == newest]


async def _asked(scene: Scene, case: str, stretch: Stretch) -> AskedStretch:
    return AskedStretch(
        id=f"{case}.d{await next_serial(scene.session, f'stretch.{case}')}",
        case_id=case,
        kind=stretch.kind,
        first_day=stretch.first_day,
        last_day=stretch.last_day,
        asked_at=scene.at,
        state=ASKED,
        weighs="",
        asked_in=scene.case.id if case != scene.case.id else None,
    )


def _is_of(pack: Pack, row: AskedStretch, stretch: Stretch) -> bool:
    """Whether a row is about this stretch; one that has become long since is asked about anew (DEF-21)."""
    long = pack.parameters["long_leave_days"].holds_for
    same = row.kind == stretch.kind and stretch.first_day <= row.first_day <= stretch.last_day
    return same and long((row.last_day - row.first_day).days + 1) == long(stretch.days)


async def to_ask(scene: Scene) -> str:
    """What the case has to ask, and what to take back: "+term.2026.1.d1 -term.2026.1.d2"."""
    await scene.send_writes()
    rows = select(AskedStretch).where(stretch_asked_in == scene.case.id, AskedStretch.weighs == "")
    signs = {ASKED: "+", GONE: "-"}
    return " ".join(
        f"{signs[row.state]}{row.id}" for row in await scene.session.scalars(rows.order_by(AskedStretch.id))
    )


async def weigh_stretch(scene: Scene, refs: Mapping[str, str]) -> str:
    """What the group has decided of a stretch: counts, pauses or restarts."""
    row = await scene.session.get_one(AskedStretch, refs["stretch"])
    row.state, row.weighs, row.settled_by = SETTLED, refs["effect"].removeprefix("leave_"), refs["request"]
    scene.name_row(STRETCH, STRETCH.content_of(row))
    return ""


EFFECTS: Mapping[str, EffectFunction] = {"weigh_stretch": weigh_stretch}
