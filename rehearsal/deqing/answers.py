"""What the people of a county answer, by the name of the task: one line each, and a few who make a story of it."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

from rehearsal.browser import Form
from rehearsal.cast import Asked
from rehearsal.deqing.cast import CountyCast
from rehearsal.deqing.county import SPECIALTIES
from rehearsal.replies import AGREED, REASON, Answer, NoScript, Reply, by_part, says, today


def _once(first: Answer[CountyCast], then: Answer[CountyCast], *parts: str) -> Answer[CountyCast]:
    """The first answer for the first question of this kind about somebody who plays one of the parts."""

    def answer(cast: CountyCast, asked: Asked, form: Form) -> Reply:
        told = any(cast.plays(asked.subject, part) for part in parts) and asked.key.endswith(("/1", "/1.1", "filing"))
        return (first if told else then)(cast, asked, form)

    return answer


def _demand(cast: CountyCast, asked: Asked, form: Form) -> Reply:
    if cast.county.trains:
        return _trainees(cast, asked, form)
    place = cast.county.townships.index(asked.institution)
    line = {"specialty": SPECIALTIES[place % len(SPECIALTIES)], "headcount": str(cast.county.wanted(asked.institution))}
    return Reply("submit", "", {f"lines-0-{name}": value for name, value in line.items()} | {"nil_trainees": "true"})


def _trainees(cast: CountyCast, asked: Asked, form: Form) -> Reply:
    """Everybody of the township who is to be trained."""
    listed = [person for person in form.options["trainees-0-person"] if person in cast.county.sent]
    rows = {f"trainees-{at}-{name}": value for at, person in enumerate(listed)
            for name, value in (("person", person), ("specialty", SPECIALTIES[0]))}  # fmt: skip
    return Reply("submit", "", {"nil_demand": "true"} | rows) if rows else Reply("nil_return", "")


def _demand_approval(cast: CountyCast, asked: Asked, form: Form) -> Reply:
    sent_back = asked.institution == cast.county.townships[0] and asked.key.endswith("/1.1")
    return Reply("return", "请补充工作内容后再报。") if sent_back else Reply("approve", AGREED)


def _supply(cast: CountyCast, asked: Asked, form: Form) -> Reply:
    """Everybody of the hospital who plays; its officials are not sent."""
    if cast.county.trains:
        return Reply("nil_return", "")
    doctors = set(cast.county.sent)
    ticks = {name: next(iter(form.options[name])) for name in form.named("people-", "-person")}
    return Reply("submit", "", {name: person if person in doctors else "" for name, person in ticks.items()})


def _publish(cast: CountyCast, asked: Asked, form: Form) -> Reply:
    """All that is asked for is published as it stands on the page; the factors are written on."""
    return Reply("publish", AGREED, dict.fromkeys(form.named("factors-"), "已结合各单位上报情况综合考虑。"))


def _choose(cast: CountyCast, asked: Asked, form: Form) -> Reply:
    """Two want the same post; the others take what they like best of what is open."""
    posts = sorted(form.options.get("first", []))
    if cast.plays(asked.person, "declines") or not posts:
        return Reply("decline", "因家庭原因，本年度不参加。")
    wanted = cast.player("wanted") if cast.plays(asked.person, "rival") else asked.person
    cast.luck("posts", wanted).shuffle(posts)
    return Reply("apply", AGREED, {"first": posts[0], "second": posts[1] if len(posts) > 1 else "", "reassign": "yes"})


def _nominate(cast: CountyCast, asked: Asked, form: Form) -> Reply:
    posts = form.options.get("post", [])
    return Reply("nominate", REASON, {"post": posts[0]}) if posts else Reply("close_unfilled")


def _file_batch(cast: CountyCast, asked: Asked, form: Form) -> Reply:
    """File everybody, but one who is objected to and one who is sent back, each the first time."""
    changes: dict[str, str] = {}
    if asked.revision == 1 and asked.case.endswith(".1"):
        for case in form.named("verdicts-", "-case"):
            number, doctor = case.split("-")[1], form.fields[case]
            verdict = "object" if _is(cast, doctor, "objected") else "return" if _is(cast, doctor, "sent_back") else ""
            if verdict:
                changes |= {f"verdicts-{number}-verdict": verdict, f"verdicts-{number}-reason": "该人员信息须再核实。"}
    return Reply("file_batch", AGREED, changes)


def _is(cast: CountyCast, case: str, part: str) -> bool:
    """Whether the case of an application is that of who plays the part."""
    player = cast.player(part)
    return bool(player) and player in case.split(".")


def _practice_filing(cast: CountyCast, asked: Asked, form: Form) -> Reply:
    return Reply("record_filing", AGREED, {"number": f"演练备{cast.luck(asked.case).randint(1000, 9999)}"})


def _move_start(cast: CountyCast, asked: Asked, form: Form) -> Reply:
    """Not ready on the day: a month later."""
    return Reply("move_start", REASON, {"starts_on": (asked.today + timedelta(days=30)).isoformat()})


def _check_in(cast: CountyCast, asked: Asked, form: Form) -> Reply:
    counts = {name: str(cast.luck(asked.case, asked.key, name).randint(5, 90)) for name in form.named("duties-")}
    words = {"summary": "完成门诊、查房和带教任务。", "living": "食宿已安排，工作正常。"}
    return Reply("check_in", AGREED, counts | words)


def _opinion(cast: CountyCast, asked: Asked, form: Form) -> Reply:
    dimensions = dict.fromkeys(form.named("dimensions-"), "表现良好，完成各项任务。")
    proposed = {"proposed": _grade(cast, asked.subject)} if "proposed" in form.options else {}
    return Reply("give_opinion", AGREED, dimensions | proposed)


def _decide_grade(cast: CountyCast, asked: Asked, form: Form) -> Reply:
    """As the receiving institution proposes; the cap is another matter."""
    return Reply(f"grade_{_grade(cast, asked.subject)}", REASON, _meeting(asked))


def _close_grades(cast: CountyCast, asked: Asked, form: Form) -> Reply:
    """At first everybody whom the institutions want; above the cap that is refused, and some become qualified."""
    cohort = COHORT.search(form.page)
    numbers = [name.split("-")[1] for name in form.named("grades-", "-case")]
    if cohort is None:
        raise NoScript("close_grades says nothing of the cap")
    everybody, cap = int(cohort["excellent"]), int(cohort["cap"])
    free = max(0, cap - (everybody - len(numbers)))
    meeting = _meeting(asked)
    within = Reply("close_grades", REASON, meeting | _listed(numbers[:free], numbers[free:]))
    return (
        Reply("close_grades", REASON, meeting | _listed(numbers, []), otherwise=within) if everybody > cap else within
    )


def _listed(excellent: Sequence[str], qualified: Sequence[str]) -> dict[str, str]:
    said = {f"grades-{number}-grade": "excellent" for number in excellent}
    said |= {f"grades-{number}-grade": "qualified" for number in qualified}
    return said | {f"grades-{number}-reason": "超过优秀比例，经党委讨论评为合格。" for number in qualified}


def _grade(cast: CountyCast, person: str) -> str:
    """What is thought of somebody: rather many are excellent, so that the cap binds."""
    if cast.plays(person, "unqualified"):
        return "unqualified"
    return "excellent" if cast.luck("grade", person).random() < EXCELLENT_SHARE else "qualified"


def _meeting(asked: Asked) -> dict[str, str]:
    return {"minutes": f"演练党纪要{asked.today:%Y%m%d}", "met_on": asked.today.isoformat()}


def _public_notice(cast: CountyCast, asked: Asked, form: Form) -> Reply:
    """Answered on the last day of its time, when the list has hung out since soon after the meeting."""
    days = {"from_day": asked.today - timedelta(days=11), "to_day": asked.today - timedelta(days=1)}
    return Reply("notice_clean", AGREED, {name: day.isoformat() for name, day in days.items()} | {"objections": "无。"})


def _assign(cast: CountyCast, asked: Asked, form: Form) -> Reply:
    return Reply(
        "assign_hospital", REASON, {"hospital": cast.luck("hospital", asked.subject).choice(form.options["hospital"])}
    )


def _mentor(cast: CountyCast, asked: Asked, form: Form) -> Reply:
    """Somebody who has no trainee and has not declined."""
    teachers = form.options["mentor"]
    number = asked.key.rpartition("/")[2]
    return Reply("name_mentor", REASON, {"mentor": cast.luck("mentor", asked.subject, number).choice(teachers)})


def _mentor_note(cast: CountyCast, asked: Asked, form: Form) -> Reply:
    reached = dict.fromkeys(form.named("reached-"), str(cast.luck(asked.case, asked.key).randint(1, 9)))
    return Reply("mentor_note", AGREED, {"note": "跟班查房、参加病例讨论。"} | reached)


TARGETS = {"targets-0-name": "独立完成门诊", "targets-0-number": "30", "targets-0-unit": "次"}
COHORT = re.compile(r"(?P<cohort>\d+)人中优秀(?P<excellent>\d+)人,(?:超过)?上限(?P<cap>\d+)人")
EXCELLENT_SHARE = 0.4
OFFICES = {"staffing_office": "同意办理。", "hr_bureau": "同意办理。"}
PLAN = {"working_group": "组长：院长；成员：人事干部", "tasks": "每周三次门诊，带教两名医师。", "position": "门诊"}
ANSWERS: Mapping[str, Answer[CountyCast]] = {
    # The year's reports and their balance.
    "demand_report": _demand,
    "demand_approval": _demand_approval,
    "supply_report": _supply,
    "supply_approval": says("approve", AGREED),
    "late_report": says("accept_late"),
    "balancing": _publish,
    # Applications, two-way review, batch and filing.
    "eligibility_ask": says("admit"),
    "profession_ask": says("refuse", "本年度岗位限执业医师。"),
    "choose_post": _choose,
    "correct_application": says("resubmit", "已补充材料。"),
    "sending_review": _once(says("return", "请补充近三年考核情况。"), says("agree", AGREED), "returned"),
    "receiving_review": _once(says("reject", "该岗位须有相应门诊经历。"), says("agree", AGREED), "rejected"),
    "nominate": _nominate,
    "nomination_consent": says("consent", AGREED),
    "compile_batch": says("submit_batch", AGREED),
    "bureau_filing": _file_batch,
    "confirm_objection": says("confirm"),
    "replan": says("resubmit"),
    # A trainee's way to a hospital, and a mentor.
    "training_ask": says("admit"),
    "assign_hospital": _assign,
    "training_consent": by_part("declines", says("decline", "因家庭原因，本年度不参加。"), says("consent", AGREED)),
    "training_review": _once(says("reject", "本年度进修名额已满。"), says("agree", AGREED), "rejected"),
    "training_targets": says("set_targets", AGREED, **TARGETS),
    "name_mentor": _mentor,
    "accept_mentoring": _once(
        says("decline_mentoring", "本年度援外。"), says("accept_mentoring", AGREED), "mentor_declines"
    ),
    "mentor_note": _mentor_note,
    # Getting ready, and the service.
    "prepare_post": says("prepared", AGREED, **PLAN),
    "sign_plan": says("sign_plan", AGREED),
    "practice_filing": _practice_filing,
    "move_start": _move_start,
    "settle_start": says("start_anyway"),
    "check_in": _check_in,
    "certify_term": says("certify", AGREED),
    "credit_of_partial_term": says("not_count"),
    "early_end_sending": says("agree_end"),
    "early_end_receiving": says("agree_end"),
    "early_end_bureau": says("agree_end"),
    "transfer_sending": says("agree_transfer"),
    "transfer_receiving": says("agree_transfer"),
    "transfer_destination": says("agree_transfer"),
    "transfer_person": says("agree_transfer"),
    "transfer_days": says("refuse_transfer"),
    "transfer_filing": says("refuse_transfer"),
    # What the service was worth, and what follows.
    "term_summary": says("submit_summary", AGREED, summary="完成门诊、带教和建科任务。"),
    "term_opinion": _opinion,
    "opinion_comment": says("no_comment", ""),
    "decide_grade": _decide_grade,
    "grade_notice": by_part("appeals", says("appeal_grade", "请重新考虑带教成绩。"), says("accept_grade", "")),
    "grade_appeal": says("uphold_grade"),
    "grade_cohort": says("cohort_together"),
    "close_grades": _close_grades,
    "public_notice": _public_notice,
    "credit_of_unqualified": says("not_count"),
    "issue_certificate": says("issue_certificate", AGREED),
    "certificate_returned": says("resubmit_result"),
    "stay_or_return": by_part("stays", says("wish_to_stay", "希望留在基层。"), says("go_back", "")),
    "stay_sending": says("agree_stay"),
    "stay_receiving": says("agree_stay"),
    "stay_bureau": says("agree_stay", **OFFICES),
    "record_return": today("record_return", "returned_on"),
    "archive_term": says("archive", AGREED),
    # Service that is accumulated.
    "confirm_activity": says("confirm_activity", AGREED),
    "approve_activity_form": says("approve_form"),
    # Leave, and absence without it.
    "leave_request": says("approve_leave", AGREED),
    "close_leave": today("returned", "returned_on"),
    "leave_effect": says("leave_counts"),
    "days_effect": says("leave_counts"),
    "review_standstill": today("resume_term", "resumes_on"),
    "confirm_absence": says("confirm_absence"),
    "count_absence": says("count_absence", times="1"),
    "absence_notice": says("accept_absence"),
    "absence_appeal": says("uphold_absence"),
    "credit_void": says("void_end"),
}
