"""What the evaluation of a term writes: its opening, the opinion, the grade, what follows from it, the certificate
(三(三)3, 三(五)1).
"""

import base64
from collections.abc import Mapping
from datetime import date, timedelta
from typing import cast

from sqlalchemy import select

from activities import grading
from activities.credit import credit_service
from activities.credited import credit_earlier, days_lost
from activities.engine.scene import EffectFunction, Scene
from activities.findings import keep_finding
from db.engine.cases import FindingRow
from db.engine.opening import next_serial
from db.engine.tasks import DecisionRow
from db.evaluation import CERTIFICATE, GRADE, Certificate, Grade
from db.segments import BEFORE, Segment, earlier_segments
from db.term_start import first_day_of
from policies import vocabulary
from policies.evaluation import DimensionText, GradeFacts, OpinionFacts, grade_is_decided, opinion_is_complete
from policies.outcomes import ResultFacts, service_earns
from vault.cipher import keyed_hash
from vault.keyring import Purpose

EVALUATION_TASKS = (
    "term_summary",
    "term_opinion",
    "opinion_comment",
    "decide_grade",
    "grade_notice",
    "grade_appeal",
    "credit_of_unqualified",
    "issue_certificate",
    "certificate_returned",
    "stay_or_return",
    "stay_sending",
    "stay_receiving",
    "stay_bureau",
    "record_return",
    "archive_term",
)
GRADES: Mapping[str, vocabulary.Grade] = {
    "grade_excellent": "excellent",
    "grade_qualified": "qualified",
    "grade_unqualified": "unqualified",
}
OPEN, NOMINATED, SETTLED = "open", "nominated", "settled"
# What a nomination settles at once, as the case goes on with it and as pages say it.
QUALIFIED_OR_ABOVE = "qualified_or_above"
# What a finding about the result earns, in the words by which the case goes on.
EARNS = {"counts_with_priority": "priority", "priority": "priority", "no_priority": "counts"}
# 80 bits: nobody finds a certificate by trying codes.
CODE_BYTES = 10


async def open_evaluation(scene: Scene, refs: Mapping[str, str]) -> str:
    """The year in whose cohort the term is graded: that in which its service was completed."""
    facts = scene.case.facts
    last_day, _ = await _certified(scene)
    # A service that was transferred began with its first segment (EXC-08).
    begun = [each.first_day for each in await earlier_segments(scene.session, scene.case)]
    row = Grade(
        case_id=scene.case.id,
        group=facts["group"],
        year=last_day.year,
        programme=scene.pack.programme,
        person=facts["person"],
        first_day=min([*begun, date.fromisoformat(refs["first_day"])]),
        last_day=last_day,
        proposed="",
        grade="",
        state=OPEN,
        minutes="",
    )
    scene.session.add(row)
    scene.name_row(GRADE, GRADE.content_of(row))
    return str(row.year)


async def _certified(scene: Scene) -> tuple[date, int]:
    """The last day that the certified finding of the clocks saw, and how many of its days do not count.

    A term that was imported after its last day was completed then, and its days are as they were said.
    """
    if completed_on := scene.case.facts.get("completed_on"):
        return date.fromisoformat(completed_on), 0
    rule = scene.pack.parameters["site_months"].rule
    met = select(FindingRow).where(
        FindingRow.case_id == scene.case.id, FindingRow.rule == rule, FindingRow.outcome == "met"
    )
    row = await scene.session.scalar(met.order_by(FindingRow.id.desc()).limit(1))
    if row is None:
        return scene.calendar.local_day(scene.at) - timedelta(days=1), 0
    facts = row.finding["inputs"]["facts"]
    return date.fromisoformat(facts["site_last_day"]), int(facts["site_paused_days"])


async def _own_days(scene: Scene, grade: Grade) -> tuple[date, int]:
    """The first day of this segment, and how many of its days do not count."""
    if BEFORE in scene.case.facts and (first_day := await first_day_of(scene.session, scene.case.id)):
        return first_day, await days_lost(scene, Segment(scene.case.id, first_day, grade.last_day))
    _, uncounted = await _certified(scene)
    return grade.first_day, uncounted


async def keep_opinion(scene: Scene, refs: Mapping[str, str]) -> str:
    """The finding that all dimensions have their text, and the proposed grade; a part of a term has none."""
    form = await scene.form_of(refs["request"])
    texts = tuple(DimensionText(name, text) for name, text in form["dimensions"].items())
    person = scene.case.facts["person"]
    keep_finding(scene, opinion_is_complete(OpinionFacts(texts), scene.pack), person=person)
    row = await scene.session.get(Grade, scene.case.id)
    if row is None:
        return ""
    proposal = GradeFacts("receiving_institution", form["proposed"])
    keep_finding(scene, grade_is_decided(proposal, scene.pack), person=person)
    row.proposed = form["proposed"]
    scene.name_row(GRADE, GRADE.content_of(row))
    return row.proposed


async def keep_grade(scene: Scene, refs: Mapping[str, str]) -> str:
    """The committee's grade where it is settled; qualified_or_above where the year's list says whether it is excellent
    (COR-12).
    """
    row = await scene.session.get_one(Grade, scene.case.id)
    await grading.alone_with_cohort(scene, row.group, row.year)
    form, grade = await scene.form_of(refs["request"]), GRADES[refs["choice"]]
    decided = GradeFacts("party_committee", grade, form["minutes"])
    keep_finding(scene, grade_is_decided(decided, scene.pack), person=row.person)
    row.grade, row.minutes, row.settled_by = grade, form["minutes"], refs["request"]
    row.met_on = date.fromisoformat(form["met_on"])
    row.state = NOMINATED if grade == grading.EXCELLENT else SETTLED
    scene.name_row(GRADE, GRADE.content_of(row))
    if row.state == NOMINATED:
        await scene.session.flush()
        await grading.enrol(scene, group=row.group, year=row.year, case_id=row.case_id)
        return QUALIFIED_OR_ABOVE
    return grade


async def settle_grade(scene: Scene, refs: Mapping[str, str]) -> str:
    """What the year's list has decided of a nomination, with its meeting and its reason."""
    row = await scene.session.get_one(Grade, scene.case.id)
    form = (await scene.session.get_one(DecisionRow, refs["request"])).form
    row.grade, row.state, row.settled_by = refs["grade"], SETTLED, refs["list"]
    row.minutes, row.met_on = form["minutes"], date.fromisoformat(form["met_on"])
    row.reason = next(one["reason"] for one in form["grades"] if one["case"] == scene.case.id) or None
    scene.name_row(GRADE, GRADE.content_of(row))
    return row.grade


async def judge_outcome(scene: Scene, refs: Mapping[str, str]) -> str:
    """priority, counts or not_counted; "ask" where the text does not say."""
    programme = cast("vocabulary.Programme", scene.pack.programme)
    grade = cast("vocabulary.Grade", refs["grade"])
    finding = service_earns(ResultFacts(programme, grade, credit_void=refs["void"] == "yes"), scene.pack)
    keep_finding(scene, finding, person=scene.case.facts["person"])
    return EARNS.get(finding.outcome, finding.outcome) if finding.outcome else "ask"


async def issue_certificate(scene: Scene, refs: Mapping[str, str]) -> str:
    """The certificate with its number and check code, and grassroots service in the ledger (COR-15)."""
    grade = await scene.session.get_one(Grade, scene.case.id)
    today = scene.calendar.local_day(scene.at)
    serial = await next_serial(scene.session, f"certificate.{today.year}")
    row = Certificate(
        case_id=scene.case.id,
        number=f"F20-{today.year}-{serial:05}",
        code=_code(scene),
        person=grade.person,
        priority=refs["earned"] == "priority",
        first_day=grade.first_day,
        last_day=grade.last_day,
        issued_on=today,
        issued_by=refs["request"],
    )
    scene.session.add(row)
    scene.name_row(CERTIFICATE, CERTIFICATE.content_of(row))
    # A training is no grassroots service: the text counts the time of those who were sent down (DQ-3.5.1a).
    if scene.pack.parameters["earns_service"].value == "yes":
        decider = scene.decider_of(refs["request"])
        await credit_earlier(scene, person=grade.person, confirmed_by=decider)
        # Days that do not count are taken from the end: the ledger adds up days, and knows no gaps (COR-13).
        first_day, uncounted = await _own_days(scene, grade)
        last_day = grade.last_day - timedelta(days=uncounted)
        await credit_service(scene, person=grade.person, first_day=first_day, last_day=last_day, confirmed_by=decider)
    return row.number


async def raise_certificate(scene: Scene, refs: Mapping[str, str]) -> str:
    """The list has found the person excellent: the issued certificate has its priority from now on, under its number
    and code; "" where it has it already.
    """
    row = await scene.session.get_one(Certificate, scene.case.id)
    if row.priority:
        return ""
    row.priority = True
    scene.name_row(CERTIFICATE, CERTIFICATE.content_of(row))
    return row.number


def _code(scene: Scene) -> str:
    """Sixteen characters of RFC 4648 base32: neither case nor likeness of letters leads astray over the telephone."""
    digest = keyed_hash(scene.keyring.current(Purpose.LINK), b"certificate", scene.case.id.encode())
    return base64.b32encode(digest[:CODE_BYTES]).decode()


EFFECTS: Mapping[str, EffectFunction] = {
    one.__name__: one
    for one in (
        open_evaluation,
        keep_opinion,
        keep_grade,
        settle_grade,
        judge_outcome,
        issue_certificate,
        raise_certificate,
    )
}
