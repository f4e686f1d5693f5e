"""三(二)1、2 What leave does to the months at the site (DQ-3.2.1b, DQ-3.2.2c, DEF-21, COR-13)."""

from dataclasses import dataclass
from typing import Annotated, Literal

from policies.days import READINGS, weight_of
from policies.engine.finding import Finding
from policies.engine.grounds import Grounds
from policies.engine.pack_parts import Pack
from policies.engine.words import Words

Kind = Literal["annual", "official", "sick", "personal", "bereavement", "maternity", "disaster_duty"]


@dataclass(frozen=True)
class LeaveFacts:
    """One leave that was approved."""

    kind: Annotated[Kind, Words("请假种类", "kind of leave")]
    days: Annotated[int, Words("起止日期之间的天数", "days from the first to the last, both counted")]


_TABLE = ("site_days_that_count", "site_days_that_pause", "accumulated_days_that_count", "accumulated_days_that_pause")


def leave_weighs(facts: LeaveFacts, pack: Pack) -> Finding:
    """DQ-3.2.2c By kind it counts or pauses the months at the site; a long one, and kinds left open, people weigh."""
    long = Grounds(pack, "DQ-3.2.2c", facts, ("long_leave_days",), defaults=("DEF-21",), also=("DQ-3.2.1b",))
    if long["long_leave_days"].holds_for(facts.days):
        return long.asked(_ASK, _LONG.filled(days=facts.days), readings=READINGS)
    grounds = Grounds(pack, "DQ-3.2.2c", facts, _TABLE, also=("DQ-3.2.1b",))
    weight = weight_of(facts.kind, facts.days, pack)
    if not weight.open:
        return grounds.met(weight.site, _COUNTS if weight.site == "counts" else _PAUSES)
    return grounds.asked(_ASK, _LEFT_OPEN, readings=READINGS)


_ASK = Words(
    "该请假对定点连续服务有何影响?请集团明确", "what does this leave do to the continuous months? (the group decides)"
)
_LONG = Words(
    "请假{days}天,按长假处理,原文未规定是否打断连续",
    "{days} days are a long leave; the text does not say whether it breaks the months",
)
_LEFT_OPEN = Words(
    "原文未规定这类请假是否打断连续", "the text does not say whether leave of this kind breaks the months"
)
_COUNTS = Words("照常计时", "the time counts")
_PAUSES = Words("暂停计时,期限顺延相应天数", "the clock pauses; the end moves by as many days")
