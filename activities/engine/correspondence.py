"""From rows of the outbox to the facts of a letter, in the addressee's language (design 7, COR-09, DEF-19).

The link's token is derived again here, so that neither outbox nor history holds it; the words come from the pack
version that the case carries. The addressee's is the only personal name that goes into a letter.
"""

from collections.abc import Mapping
from datetime import date, datetime

from activities.engine.dossiers import Dossier
from activities.engine.post import DECIDE
from activities.engine.refusal_words import why_not_counted
from mail.facts import Kind, Letter
from mail.links import token
from policies.engine.tasks import AFTER, BEFORE, CONSULTED
from policies.engine.words import Words
from vault.keyring import Keyring, Purpose

SIGN_IN = "sign_in"
PROVISIONAL = "provisional"
# Chinese surnames of two characters that are still common; every other is one character.
DOUBLE_SURNAMES = frozenset(
    {"欧阳", "上官", "司马", "诸葛", "皇甫", "尉迟", "公孙", "慕容", "司徒", "夏侯", "令狐", "东方", "南宫", "端木"}
)
SEE_PAGE = Words("请见事项页面", "please see the page of the case")
UNLISTED = Words("未登记", "not listed")
BESIDE = {
    CONSULTED: Words(
        "请提出意见，供承办人决定时参考；您的意见不代替承办人的决定",
        "please give your opinion to whoever decides; it does not replace the decision",
    ),
    BEFORE: Words(
        "请先行签署，然后由承办人决定；您签署与否都不代替承办人的决定",
        "please sign first, or say why not; whoever asks you decides after you",
    ),
    AFTER: Words(
        "承办人已经同意，请您加签；您不同意签署的，由承办人重新决定",
        "whoever asks you has agreed; please sign too, or say why not: then it is decided anew",
    ),
}
WITH_ITS_PAGE = (Kind.RECEIVED_REFUSED, Kind.RECORDED_FOR_YOU, Kind.SEAT_ENDED)


class Secretary:
    """Writes letters from dossiers."""

    def __init__(self, keyring: Keyring, *, base_url: str) -> None:
        """A secretary who knows the link keys and the address under which people reach the console."""
        self._keyring, self._base_url = keyring, base_url.rstrip("/")

    def letter(self, dossier: Dossier) -> Letter:
        """The facts of a letter. Raises KeyUnknown for a lost link key, LookupError for words that the pack lacks."""
        row, asking, task = dossier.row, dossier.asking, dossier.task
        return Letter(
            id=row.id,
            kind=dossier.kind,
            language="en" if dossier.language == "en" else "zh-CN",
            mail_to=dossier.person.email,
            name=dossier.person.name,
            form_of_address=_address(dossier),
            link=self._link(dossier),
            contact_person=asking.contact_name or dossier.named(asking),
            contact_telephone=asking.contact_phone or UNLISTED.said_in(dossier.language),
            organisation=dossier.named(asking),
            written_at=row.created_at,
            topic=row.task_id or "",
            sequence=max(row.revision - 1, 0),
            first_letter=dossier.first_letter,
            case_number=row.case_id,
            programme=dossier.said(dossier.pack.title) if dossier.pack else None,
            title=_title(dossier),
            asked_by=dossier.named(asking),
            role=_role(dossier),
            acting_for=_role(dossier) if dossier.seat and dossier.seat.acting_for else None,
            ask=_ask(dossier),
            place=_place(dossier),
            due=task.due_at if task else None,
            provisional=bool(task and task.due_basis == PROVISIONAL),
            holder=_holder(dossier),
            result=_result(dossier),
            reason=_reason(dossier),
            decided_on=_decided_on(dossier),
            valid_until=_valid_until(dossier),
        )

    def _link(self, dossier: Dossier) -> str:
        row = dossier.row
        if row.link_key:
            signing_in = dossier.kind is Kind.SIGN_IN
            secret = token(
                self._keyring.key(Purpose.LINK, row.link_key),
                task=row.task_id or "",
                person=row.person,
                revision=row.revision,
                purpose=SIGN_IN if signing_in else DECIDE,
                letter=row.id,
            )
            return f"{self._base_url}/{'s' if signing_in else 'd'}/{secret}"
        if page := row.details.get("page"):
            return f"{self._base_url}{page}"
        if row.task_id and dossier.kind in WITH_ITS_PAGE:
            return f"{self._base_url}/tasks/{row.task_id}"
        return f"{self._base_url}/cases/{row.case_id}" if row.case_id else self._base_url


def _address(dossier: Dossier) -> str:
    """The greeting of the role in which the person is asked; who is not asked is greeted as a colleague."""
    name = dossier.person.name
    role = dossier.seat.role if dossier.seat else ""
    blanks = {"name": name, "surname": name[:2] if name[:2] in DOUBLE_SURNAMES else name[:1]}
    if dossier.pack and role in dossier.pack.roles:
        return dossier.pack.roles[role].address.said_in(dossier.language).format(**blanks)
    return name if dossier.language == "en" else f"{name}同志"


def _title(dossier: Dossier) -> str | None:
    pack, task = dossier.pack, dossier.task
    if pack is None:
        return None
    if dossier.kind is Kind.OUTCOME:
        return dossier.said(pack.tellings[dossier.row.details["what"]].title)
    return dossier.said(pack.tasks[task.name].title if task else pack.title)


def _ask(dossier: Dossier) -> str | None:
    """What the task asks; of somebody who was asked for an opinion, only that."""
    if dossier.pack is None or dossier.task is None:
        return None
    beside = BESIDE.get(dossier.seat.why) if dossier.seat else None
    return dossier.said(beside or dossier.pack.tasks[dossier.task.name].ask)


def _role(dossier: Dossier) -> str | None:
    role = dossier.seat.role if dossier.seat else dossier.task.role if dossier.task else ""
    if dossier.decision and dossier.kind is Kind.RECORDED_FOR_YOU:
        role = dossier.decision.role
    return dossier.said(dossier.pack.roles[role].label) if dossier.pack and role else None


def _place(dossier: Dossier) -> str | None:
    """Whose matter it is, where that is not plain from who asks; a post by its number."""
    if post := dossier.row.details.get("post"):
        return post
    touched = dossier.touched
    return dossier.named(touched) if touched and touched.code != dossier.asking.code else None


def _holder(dossier: Dossier) -> str | None:
    if dossier.pack is None or dossier.task is None:
        return None
    label = dossier.pack.roles[dossier.task.role].label
    between = ", " if dossier.language == "en" else ""
    return between.join(filter(None, (dossier.named(dossier.holding), dossier.said(label))))


def _result(dossier: Dossier) -> str | None:
    pack, details = dossier.pack, dossier.row.details
    if pack is None:
        return None
    if dossier.kind is Kind.OUTCOME:
        blanks = {"side": pack.tasks[details["side"]].title} if "side" in details else {}
        return dossier.said(pack.tellings[details["what"]].result.filled_by(**blanks))
    if dossier.kind is Kind.RECORDED_FOR_YOU and dossier.decision:
        return dossier.said(pack.choices[dossier.decision.choice].label)
    return None


def _reason(dossier: Dossier) -> str | None:
    """DEF-19: a decider's words go to the person whose case it is and to nobody else."""
    details: Mapping[str, str] = dossier.row.details
    if dossier.kind is Kind.RECEIVED_REFUSED:
        return dossier.said(why_not_counted(details.get("refusal", "")))
    given = dossier.decision.words if dossier.decision else dossier.noticed
    if dossier.kind is not Kind.OUTCOME or dossier.case is None or not (dossier.decision or given):
        return None
    return given if dossier.case.subject == dossier.person.id else dossier.said(SEE_PAGE)


def _decided_on(dossier: Dossier) -> date | None:
    return dossier.decision.decided_on if dossier.decision else None


def _valid_until(dossier: Dossier) -> datetime | None:
    until = dossier.row.details.get("valid_until")
    return datetime.fromisoformat(until) if until else None
