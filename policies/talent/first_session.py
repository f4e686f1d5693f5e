"""The two gates before the first clinical session (COR-08): the home unit's consent, and the authority to practise."""

from dataclasses import dataclass
from typing import Annotated, Literal

from policies.engine.finding import Finding
from policies.engine.grounds import Grounds
from policies.engine.pack_parts import Pack
from policies.engine.words import Words

NO_CLINICAL_WORK = "no_clinical_work"
PracticeBasis = Literal["", "practice_filing", "cross_province", "invitation", "no_clinical_work"]


@dataclass(frozen=True)
class FirstSessionFacts:
    """What is on record before a session."""

    in_service: Annotated[bool | None, Words("是否有在职的原单位", "whether in service at a home unit")]
    home_consent: Annotated[bool, Words("派出单位同意函是否登记", "whether the home unit’s consent is on record")] = (
        False
    )
    practice_basis: Annotated[PracticeBasis, Words("执业依据", "authority to practise")] = ""
    practice_proof: Annotated[bool, Words("执业依据材料是否上传", "whether its proof is on record")] = False
    clinical: Annotated[bool, Words("是否诊疗活动", "whether the session is clinical")] = True


def first_session_is_open(facts: FirstSessionFacts, pack: Pack) -> Finding:
    """COR-08 Nobody in service comes without the home unit's consent, nobody treats without authority to practise."""
    grounds = Grounds(pack, "OT-2.1d", facts, ("practice_bases",), also=("OT-2.1a",))
    if not facts.clinical:
        return grounds.met("not_clinical", _NOT_CLINICAL)
    if facts.in_service is None:
        return grounds.asked(_ASK_IN_SERVICE, _IN_SERVICE_UNKNOWN)
    if facts.in_service and not facts.home_consent:
        return grounds.unmet("home_consent_missing", _NO_HOME_CONSENT)
    return _by_practice(grounds, facts)


def _by_practice(grounds: Grounds, facts: FirstSessionFacts) -> Finding:
    if facts.practice_basis not in grounds["practice_bases"].listed:
        return grounds.unmet("practice_missing", _NO_PRACTICE)
    if facts.practice_basis == NO_CLINICAL_WORK:
        return grounds.unmet("no_clinical_work", _BARRED)
    if not facts.practice_proof:
        return grounds.unmet("practice_unproved", _UNPROVED)
    return grounds.met("open", _OPEN)


_IN_SERVICE_UNKNOWN = Words("是否在职未登记", "whether the expert is in service elsewhere is not on record")
_ASK_IN_SERVICE = Words("专家是否有在职的原单位?", "is the expert in service at a home unit?")
_NO_HOME_CONSENT = Words("在职专家须先登记派出单位同意函", "an expert in service needs the home unit’s consent first")
_NO_PRACTICE = Words(
    "首次诊疗前须登记执业依据:执业备案、跨省注册、外出会诊邀请,或不从事诊疗活动",
    "before the first clinical session: practice filing, registration, invitation to consult, or no clinical work",
)
_BARRED = Words(
    "登记为不从事诊疗活动,不得开展诊疗", "on record as without clinical work, so this session may not be held"
)
_NOT_CLINICAL = Words("非诊疗活动,不需执业依据", "not clinical: no authority to practise is needed")
_UNPROVED = Words("须上传执业依据的材料", "the proof of the authority to practise is missing")
_OPEN = Words("派出单位意见和执业依据已登记", "consent and authority to practise are on record")
