"""What an office calls the types of day, and the one-character marks of its monthly sheet (COR-13)."""

from collections.abc import Mapping

from i18n import N_
from policies.days import KINDS

DAY_KINDS: Mapping[str, str] = {
    "on_post": N_("在岗"),
    "annual": N_("年休假"),
    "official": N_("公务或培训"),
    "sick": N_("病假"),
    "personal": N_("事假"),
    "bereavement": N_("丧假"),
    "maternity": N_("产假、陪产假"),
    "disaster_duty": N_("抢险救灾"),
    "recall": N_("派出单位临时召回"),
    "force_majeure": N_("不可抗力"),
    "rest_day": N_("休息"),
    "off_post": N_("不在岗（未说明）"),
}
DAY_MARKS: Mapping[str, str] = {
    "on_post": "岗",
    "annual": "年",
    "official": "公",
    "sick": "病",
    "personal": "事",
    "bereavement": "丧",
    "maternity": "产",
    "disaster_duty": "灾",
    "recall": "召",
    "force_majeure": "抗",
    "rest_day": "休",
    "off_post": "缺",
}
# What sheets of attendance have always had for a day at work.
_ALSO = {"√": "on_post", "✓": "on_post", "在": "on_post", "公出": "official", "旷": "off_post"}

if set(DAY_KINDS) != set(KINDS) or set(DAY_MARKS) != set(KINDS):
    raise TypeError("the words of sheets and the types of day of the rules differ")

_KNOWN = {said: kind for words in (DAY_KINDS, DAY_MARKS) for kind, said in words.items()} | _ALSO
_HALVES = 2


def halves_of(cell: str) -> tuple[str, str]:
    """Morning and afternoon of a cell such as 岗, 病假 or 岗/病; a word that is unknown comes back as it is."""
    said = [part.strip() for part in cell.replace("／", "/").split("/")]
    kinds = [_KNOWN.get(part, part) for part in said]
    return (kinds[0], kinds[-1]) if len(kinds) <= _HALVES else (cell, cell)
