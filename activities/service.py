"""What a service term writes: its opening with the filing, its findings, its end (DQ-3.2.1b, c; DQ-3.2.2a)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select, update

from activities import attendance
from activities.credit import credit_service
from activities.credited import credit_earlier, days_before, days_lost
from activities.engine.scene import EffectFunction, Scene
from activities.evaluation import EVALUATION_TASKS
from activities.findings import keep_finding
from activities.mentoring import end_mentorship
from activities.opening import IMPORTED
from activities.served import served
from db.engine.cases import CaseFile, FindingRow
from db.engine.opening import NewCase, open_cases
from db.posting import Post, PostMatch
from db.segments import SITE_SINCE, Segment, segments_of
from db.term_start import first_day_of
from policies.engine.dates import deadline_in_months, term_last_day
from policies.engine.finding import Finding
from policies.engine.pack import Pack
from policies.term import Certified, TermFacts, site_months_end, term_is_met

LIFECYCLE = "ServiceTerm"
TRANSFER_TASKS = (
    "transfer_sending",
    "transfer_receiving",
    "transfer_destination",
    "transfer_person",
    "transfer_days",
    "transfer_filing",
)
TERM_TASKS = (
    "prepare_post",
    "sign_plan",
    "practice_filing",
    "settle_start",
    "move_start",
    "check_in",
    "certify_term",
    "credit_of_partial_term",
    "confirm_absence",
    "count_absence",
    "absence_notice",
    "absence_appeal",
    "credit_void",
    "leave_request",
    "leave_effect",
    "close_leave",
    "confirm_activity",
    "approve_activity_form",
    "early_end_sending",
    "early_end_receiving",
    "early_end_bureau",
    *TRANSFER_TASKS,
    "review_standstill",
    "days_effect",
    "performance_assessment",
    *EVALUATION_TASKS,
)
# Asked only where a trainee is prepared and accompanied by a mentor (DQ-3.2.2b).
MENTOR_TASKS = ("training_targets", "name_mentor", "accept_mentoring", "mentor_note")
# What of the pack shapes the path, and so travels with the case (DEF-20).
SHAPING = (
    "check_in_every_months",
    "assessment_every_check_ins",
    "mentor_note_every_months",
    "preparation",
    "after_term",
    "sending_hr",
    "receiving_hr",
)
CARRIED = ("person", "sending", "group", "bureau", "year", "cycle", "planned_start")
ASK, NOT_MET, SHORT = "ask", "not_met", "short"
A_WEEK = timedelta(days=7)


async def open_term(scene: Scene) -> None:
    """The first segment of a filed placement, set going with this commit."""
    matched = select(Post).join(PostMatch, PostMatch.post == Post.id).where(PostMatch.case_id == scene.case.id)
    post = (await scene.session.scalars(matched)).one()
    facts = {name: scene.case.facts[name] for name in CARRIED}
    planned = date.fromisoformat(facts["planned_start"])
    term = NewCase(
        id=f"term.{scene.case.id.partition('.')[2]}.1",
        lifecycle=LIFECYCLE,
        pack=scene.pack,
        tasks=term_tasks(scene.pack),
        facts=facts
        | shaping(scene.pack)
        | {"posting": scene.case.id, "post": post.id, "mode": post.mode, "segment": "1"}
        | {"receiving": post.institution, "ready_by": ready_by(scene, planned).isoformat()},
        cycle=scene.case.cycle,
        institution=post.institution,
        subject=facts["person"],
    )
    await open_cases(scene.session, [term], at=scene.at)
    scene.starts.append(term.id)


def term_tasks(pack: Pack) -> tuple[str, ...]:
    """What a term of the programme may ask."""
    return (*TERM_TASKS, *(name for name in MENTOR_TASKS if name in pack.tasks))


def shaping(pack: Pack) -> dict[str, str]:
    """What the programme has of it; the rule under which the months count."""
    known = {name: str(pack.parameters[name].value) for name in SHAPING if name in pack.parameters}
    return known | {"term_rule": pack.parameters["site_months"].rule}


async def start_moved(scene: Scene, refs: Mapping[str, str]) -> str:
    """By when everything must be ready for another first day."""
    return ready_by(scene, date.fromisoformat(refs["starts_on"])).isoformat()


def ready_by(scene: Scene, planned: date) -> date:
    """So many working days before the first day; where that is past, the day before it, at least today."""
    today = scene.calendar.local_day(scene.at)
    early = scene.calendar.shift(planned, -scene.pack.parameters["onboarding_days_before_start"].whole)
    return early if early >= today else max(today, planned - timedelta(days=1))


async def judge_term(scene: Scene, refs: Mapping[str, str]) -> str:
    """What the rule finds of the days that have ended, and the day on which to look again: "ask 2027-03-01".

    "waits" while the group has not said what leave or other days do to the months; which days follows the day. "short"
    where only accumulated service is missing. `until`: the last day, of a term that has ended. `nudged`: look again
    tomorrow, for what else the day has brought.
    """
    first_day, until = _counts_since(scene, refs), refs.get("until", "")
    facts = await _facts(scene, first_day, certified=None, until=date.fromisoformat(until) if until else None)
    finding = _kept(scene, facts)
    asked, today = await attendance.to_ask(scene), scene.calendar.local_day(scene.at)
    short = finding.outcome == NOT_MET and site_months_end(facts, scene.pack) <= facts.site_last_day
    outcome = SHORT if short else finding.outcome or ASK
    again = _look_again(scene, first_day, facts, outcome)
    if facts.site_interrupted:
        outcome, again = "waits", today + A_WEEK
    if refs.get("nudged"):
        again = min(again, today + timedelta(days=1))
    return f"{outcome} {again.isoformat()} {asked}".strip()


async def certify_term(scene: Scene, refs: Mapping[str, str]) -> str:
    """The finding with what the receiving institution and the group have certified."""
    facts = await _facts(scene, _counts_since(scene, refs), certified="yes")
    return _kept(scene, facts).outcome or ASK


def _counts_since(scene: Scene, refs: Mapping[str, str]) -> date:
    """The first day of the term; of one that goes on with the months of an earlier segment, theirs (EXC-08)."""
    return date.fromisoformat(scene.case.facts.get(SITE_SINCE) or refs["first_day"])


def _kept(scene: Scene, facts: TermFacts) -> Finding:
    finding = term_is_met(facts, scene.pack)
    keep_finding(scene, finding, person=scene.case.facts["person"])
    return finding


async def _facts(scene: Scene, first_day: date, *, certified: Certified | None, until: date | None = None) -> TermFacts:
    """What the record has of the days that have ended, up to a day where one is given."""
    await scene.send_writes()
    yesterday = scene.calendar.local_day(scene.at) - timedelta(days=1)
    last_day = min(yesterday, until) if until else yesterday
    attended = await attendance.attended(scene, first_day, last_day)
    await attendance.look_back(scene)
    attended += await attendance.attended_before(scene.session, scene.case, pack=scene.pack, calendar=scene.calendar)
    days, session, pack = (first_day, last_day), scene.session, scene.pack
    found = await served(session, scene.case, days, pack=pack, attended=attended, certified=certified)
    before = await days_before(session, scene.case, first_day, pack=pack, calendar=scene.calendar)
    return replace(found, before_days=found.before_days + before)


def _look_again(scene: Scene, first_day: date, facts: TermFacts, outcome: str) -> date:
    """The day after the months at the site end; from then on with the check-ins, at the latest after all twelve."""
    today, pack = scene.calendar.local_day(scene.at), scene.pack
    if outcome == NOT_MET:
        ends = site_months_end(facts, pack) + timedelta(days=1)
        return ends if ends > today else today + timedelta(days=1)
    every = pack.parameters["check_in_every_months"].whole
    soon, all_on_site = deadline_in_months(today, every), _all_on_site(first_day, pack)
    return min(soon, all_on_site) if all_on_site > today else soon


def _all_on_site(first_day: date, pack: Pack) -> date:
    months = pack.parameters["site_months"].whole + pack.parameters["accumulated_months"].whole
    return term_last_day(first_day, months) + timedelta(days=1)


async def credit_partial(scene: Scene, refs: Mapping[str, str]) -> str:
    """What was served of a term that ended early enters the ledger, where people have said that it counts (EXC-07, 10).

    `on`: the local day on which the person left, "" for an agreed end, whose last day the clocks have looked at. A
    training is no grassroots service.
    """
    if scene.pack.parameters["earns_service"].value != "yes":
        return ""
    person, decider = scene.case.facts["person"], scene.decider_of(refs["request"])
    await credit_earlier(scene, person=person, confirmed_by=decider)
    first_day = await first_day_of(scene.session, scene.case.id)
    if first_day is None:
        return ""
    yesterday = scene.calendar.local_day(scene.at) - timedelta(days=1)
    ended = min(date.fromisoformat(refs["on"]) if refs["on"] else await _looked_at(scene) or yesterday, yesterday)
    last_day = ended - timedelta(days=await days_lost(scene, Segment(scene.case.id, first_day, ended)))
    if last_day < first_day:
        return ""
    return await credit_service(scene, person=person, first_day=first_day, last_day=last_day, confirmed_by=decider)


async def _looked_at(scene: Scene) -> date | None:
    """The last day that the clocks have seen."""
    rule = scene.pack.parameters["site_months"].rule
    found = select(FindingRow.finding).where(FindingRow.case_id == scene.case.id, FindingRow.rule == rule)
    newest = await scene.session.scalar(found.order_by(FindingRow.id.desc()).limit(1))
    return date.fromisoformat(newest["inputs"]["facts"]["site_last_day"]) if newest else None


async def term_ended(scene: Scene, refs: Mapping[str, str]) -> str:
    """The service is over: the person is free for another posting of the programme, a mentor for another trainee."""
    await end_mentorship(scene)
    if IMPORTED in scene.case.facts:
        # There is no placement before it: the term itself has held the key.
        scene.case.open_key = None
        return ""
    # Of an imported term the first segment holds it, however often the person was transferred.
    holder = scene.case.facts.get("posting") or segments_of(scene.case)[0]
    await scene.session.execute(update(CaseFile).where(CaseFile.id == holder).values(open_key=None))
    return ""


EFFECTS: Mapping[str, EffectFunction] = {
    one.__name__: one for one in (start_moved, judge_term, certify_term, credit_partial, term_ended)
}
