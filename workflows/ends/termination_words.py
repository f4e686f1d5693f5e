"""What a termination says in its file and in letters as it goes on (G-10)."""

from policies.engine.tasks import Task
from workflows.ends.matter import LOST, ContractEnd, Ended

RULE, FORCE_MAJEURE = ("OT-6.3k",), ("OT-6.3g",)


def say_raised(case: ContractEnd) -> None:
    """Which ground, and of which day and figure."""
    if case.once("raised"):
        facts = {name: case.facts[name] for name in ("as_of", "figure") if case.facts.get(name)}
        case.note("end_raised", rule_ids=(f"OT-6.3{case.facts['ground']}",), actor=case.facts.get("by", ""), **facts)
        case.tell("termination_raised", person=case.person)
        case.tell("termination_raised", role="R-20", place=case.employer)
        case.tell("termination_raised", role="R-23", place=case.commission)


def say_clock(case: ContractEnd, learned_on: str, last_day: str) -> None:
    """From which day the three months run, and until when."""
    if case.once(f"clock/{learned_on}"):
        case.note("application_clock_set", rule_ids=RULE, learned_on=learned_on, last_day=last_day)


def say_confirmed(case: ContractEnd, confirmed: Task) -> None:
    """The employer has found the facts to be so."""
    if case.once("confirmed"):
        case.note("ground_confirmed", rule_ids=RULE, by_request=confirmed.deciding.request)


def say_period_passed(case: ContractEnd, last_day: str) -> None:
    """AS-50: the commission is told, and nothing else happens."""
    if case.once("period_passed"):
        case.note("application_period_passed", rule_ids=RULE, last_day=last_day)
        case.tell("application_period_passed", role="R-23", place=case.commission)
        case.tell("application_period_passed", role="R-24", place=case.commission)


def say_submitted(case: ContractEnd, application: Task, lateness: str) -> None:
    """AS-48, COR-16: in time, late, on a day of which the legal reviewer says whether it is late, or on two days."""
    if not case.once("submitted"):
        return
    request = application.deciding.request
    case.note("application_submitted", rule_ids=RULE, by_request=request)
    if lateness == "days_differ":
        case.note("application_days_differ", rule_ids=RULE, by_request=request)
    _say_lateness(case, request, lateness)


def say_day_settled(case: ContractEnd, settled: Task, application: Task, lateness: str) -> None:
    """COR-04: the commission has said which of the two days of an application on paper counts."""
    if case.once("application_day"):
        case.note("application_day_settled", rule_ids=RULE, by_request=settled.deciding.request)
        _say_lateness(case, application.deciding.request, lateness)


def _say_lateness(case: ContractEnd, request: str, lateness: str) -> None:
    if lateness == "to_confirm":
        case.note("application_unclear", rule_ids=RULE, by_request=request)
    if lateness == "late":
        case.note("application_late", rule_ids=RULE, by_request=request)
        case.tell("application_late", role="R-24", place=case.commission)
        case.tell("application_late", role="R-29", place=case.employer)


def say_waiting(case: ContractEnd, application: Task) -> None:
    """G-5: it has come while the commission is asked, and is reviewed after its answer."""
    if case.once("waiting"):
        case.note("application_waits", rule_ids=FORCE_MAJEURE, by_request=application.deciding.request)


def say_ground_gone(case: ContractEnd, answered: Task) -> None:
    """G-5: there is no ground, so no deadline either; the employer knows that its application is not forgotten."""
    if case.once("ground_gone"):
        request = answered.deciding.request
        case.note("ground_not_found", rule_ids=FORCE_MAJEURE, by_request=request)
        case.note("deadline_cancelled", rule_ids=RULE)
        for role in ("R-19", "R-20"):
            case.tell("application_without_ground", role=role, place=case.employer, by_request=request)


def say_returned(case: ContractEnd, review: Task, number: int, *, often: bool) -> None:
    """AS-51: the employer revises; the application still stands."""
    if case.once(f"returned/{number}"):
        case.note("application_returned", rule_ids=RULE, by_request=review.deciding.request)
        if often:
            case.tell("application_returned_often", role="R-29", place=case.employer)


def say_ended(case: ContractEnd, ended: Ended) -> None:
    """How it ended, with the answer that ended it."""
    if ended.outcome == LOST:
        case.say_lost()
    elif case.once("said_ended"):
        _SAYS[ended.outcome](case, ended.request)


def _terminated(case: ContractEnd, request: str) -> None:
    case.note("contract_terminated", rule_ids=RULE, by_request=request)
    case.tell_all("contract_terminated", request=request)
    case.tell_finance("contract_terminated")


def _not_consented(case: ContractEnd, request: str) -> None:
    case.note("termination_refused", rule_ids=RULE, by_request=request)
    case.tell_all("termination_refused", request=request)


def _no_ground(case: ContractEnd, request: str) -> None:
    """By the employer, which the commission sees, or by the commission; the deadline falls with the ground.

    Where an application was in by then, that was said before, and now that it has gone back.
    """
    if case.sent_back:
        case.note("application_sent_back", rule_ids=RULE, by_request=request)
        case.tell_all("application_sent_back", request=request)
        return
    if case.dismissed_by_employer:
        case.note("ground_dismissed", rule_ids=RULE, by_request=request)
        case.tell_all("ground_dismissed", request=request)
    else:
        case.note("ground_not_found", rule_ids=RULE, by_request=request)
        case.tell_all("ground_not_found", request=request)
    case.note("deadline_cancelled", rule_ids=RULE)


def _recorded(case: ContractEnd, request: str) -> None:
    case.note("ground_recorded", rule_ids=("OT-6.3j",), by_request=request)
    case.note("deadline_cancelled", rule_ids=RULE)
    case.tell_all("ground_recorded", request=request)


def _cured(case: ContractEnd, request: str) -> None:
    case.note("matter_cured", rule_ids=RULE, by_request=request)
    case.tell_all("matter_cured", request=request)


_SAYS = {
    "terminated": _terminated,
    "not_consented": _not_consented,
    "no_ground": _no_ground,
    "recorded_only": _recorded,
    "cured": _cured,
}
