"""From the flat fields of a page to the nested form of an answer, and back into the page when it is refused.

`lines-0-specialty` is the specialty of the first line. A row in which nothing of its own was filled in is left out, so
that a page can offer empty rows without a script; only the parts that belong to the choice are sent on.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

from starlette.datastructures import FormData

from services.forms.assessment_sheets import SHEETS as ASSESSMENT_SHEETS
from services.forms.fund_sheets import SHEETS as FUND_SHEETS
from services.forms.talent_sheets import SHEETS

RESERVED = frozenset({"request", "revision", "choice", "words", "act"})
BLANK = ("", "0")
DEEPEST = 3
ENDING = 8
# What makes a row of a list count as filled in; the other fields of the row are carried along.
FILLED_BY: Mapping[str, tuple[str, ...]] = {
    "lines": ("specialty", "headcount", "duties"),
    "trainees": ("person",),
    "people": ("person",),
    "allocations": ("posts",),
    "unmet": ("headcount", "reason"),
    "verdicts": ("case",),
    "grades": ("case",),
    "targets": ("name", "number", "unit"),
    "parts": ("first_day", "last_day", "days"),
    "payees": ("yuan",),
    "periods": ("first_day", "last_day", "agreed"),
    "members": ("name",),
    "mentees": ("name", "points"),
    "works": ("title",),
    "conduct": ("account",),
    "senders": ("per_capita", *(f"m{month}" for month in range(1, 13))),
}
# The parts of a form that a choice takes; a choice that is not named takes none.
PARTS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "demand": {"submit": ("lines", "trainees", "nil_demand", "nil_trainees")},
    "supply": {"submit": ("people",)},
    "balancing": {
        "publish": ("factors", "allocations", "unmet"),
        "record_unmet": ("unmet",),
        "return_demand": ("demand",),
    },
    "application": {"apply": ("first", "second", "reassign")},
    "nomination": {"nominate": ("post",)},
    "batch": {"submit_batch": ("included",)},
    "filing": {"file_batch": ("verdicts",)},
    "post_preparation": {"prepared": ("working_group", "tasks", "position")},
    "practice_filing": {"record_filing": ("number", "filed_on", "evidence", "exempt_basis")},
    "first_day": {"move_start": ("starts_on",)},
    "standstill": {"resume_term": ("resumes_on",)},
    "transfer_days": {"set_transfer_days": ("last_day", "starts_on")},
    "close_leave": {"returned": ("returned_on",)},
    "absence": {"split_absence": ("parts",)},
    "absence_times": {"count_absence": ("times",)},
    "performance": {"assess_performance": ("results", "rating", "workload")},
    "check_in": {"check_in": ("summary", "duties", "living", "opinions")},
    "term_summary": {"submit_summary": ("summary",)},
    "opinion": {"give_opinion": ("dimensions", "proposed", "appraisal")},
    "grade": dict.fromkeys(("grade_excellent", "grade_qualified", "grade_unqualified"), ("minutes", "met_on")),
    "close_grades": {"close_grades": ("minutes", "met_on", "grades")},
    "public_notice": dict.fromkeys(("notice_clean", "notice_objected"), ("from_day", "to_day", "objections")),
    "return_home": {"record_return": ("returned_on",)},
    "stay_formalities": {"agree_stay": ("staffing_office", "hr_bureau")},
    "inspection": {"order": ("problems", "until")},
    "rectification": {"report_rectified": ("attachment",)},
    "service_claims": {"settle_claims": ("verdicts",)},
    "promotion": {"grant_exception": ("attachment",)},
    "summary": {"submit_summary": ("experience", "problems", "proposals")},
    "exchange": {"record_exchange": ("form", "held_on", "said")},
    "verification": {"not_yet": ("until",)},
    "training_place": {"assign_hospital": ("hospital", "specialty", "release")},
    "training_targets": {"set_targets": ("targets",)},
    "mentor": {"name_mentor": ("mentor",)},
    "mentor_note": {"mentor_note": ("note", "reached")},
    **{
        name: dict.fromkeys(sheet.on, sheet.names)
        for name, sheet in {**SHEETS, **FUND_SHEETS, **ASSESSMENT_SHEETS}.items()
    },
    "method": {"submit_to_bureaus": ("title", "areas", "other", "attachment")},
    "pay_total": {"submit_total": ("senders", "notes")},
    "ground": {"ground_confirmed": ("learned_on",)},
    "cause": {"cause_verified": ("attachment",)},
}


def new_request() -> str:
    """The id that a page makes for its answer, so that a second click is the same answer."""
    return uuid4().hex


def kept_request(written: str) -> str:
    """The id that came back with the page, which may tell its forms apart by an ending; a new one for what no page of
    ours has made, as the id of a notice is.
    """
    spare = len(written) - len(new_request())
    return written if 0 <= spare <= ENDING and written.isascii() and written.isalnum() else new_request()


def nested(fields: FormData) -> dict[str, Any]:
    """Every field of the form, nested by its name, empty rows left out."""
    tree: dict[str, Any] = {}
    for name, value in fields.multi_items():
        path = name.split("-", DEEPEST - 1)
        if path[0] not in RESERVED and isinstance(value, str):
            _put(tree, path, value)
    return {name: _listed(name, part) for name, part in tree.items()}


def of_choice(form: Mapping[str, Any], *, name: str, choice: str) -> dict[str, Any]:
    """The parts of a form that go with a choice."""
    wanted = PARTS.get(name, {}).get(choice, ())
    return {part: form[part] for part in wanted if part in form}


def _put(tree: dict[str, Any], path: Iterable[str], value: str) -> None:
    *branches, leaf = path
    for branch in branches:
        grown = tree.setdefault(branch, {})
        if not isinstance(grown, dict):
            return
        tree = grown
    tree[leaf] = value


def _listed(name: str, part: Any) -> Any:
    if not isinstance(part, dict) or not all(key.isdigit() for key in part):
        return part
    rows = [part[key] for key in sorted(part, key=int)]
    own = FILLED_BY.get(name, ())
    return [
        row
        for row in rows
        if not isinstance(row, dict) or any(row.get(field, "").strip() not in BLANK for field in own)
    ]
