"""How a talent contract ends on paper: recommendations F-30, the written application F-31, notice and filing F-32
(OT-6.2b, OT-6.3).
"""

from datetime import date

from db.contract_ends import end_kind
from db.engine.almanac import calendar_of
from db.engine.tasks import PAPER_REQUEST, DecisionRow, PaperDecision
from db.talent_contracts import TalentContract, TalentFigure
from policies.engine.calendar import CHINA
from policies.talent.figures import amount, percent, shown
from services.end_clock import end_clock
from services.office_words import END_KINDS, TIME_UNITS
from services.official.approval import boxes
from services.official.model import Boxes, Fact, Facts, Part, Passage
from services.official.reading import FormType, Reading, Sheet, day

RECOMMENDED = ("recommend_termination", "expert_recommendation")
APPLIED = ("termination_application", "termination_revision")
APPLIES, RESCINDS, STANDS = ("apply_in_writing", "apply_again"), "rescind", "cannot_continue"


async def recommendations(reading: Reading) -> Sheet | None:
    """F-30: what each party recommends; who has not spoken has an empty box."""
    asked = reading.tasks(*RECOMMENDED)
    if not asked:
        return None
    parts = (await _head(reading), *await _ground(reading), Boxes(boxes(reading, asked), "合同各方的建议"))
    return Sheet(reading.case.institution or "", parts, "OT-6.3k")


async def application(reading: Reading) -> Sheet | None:
    """F-31: the application as it was submitted last, with the commission's review."""
    ids = {task.id for task in reading.tasks(*APPLIED)}
    found = [one for one in reading.found.decisions if one.row.task_id in ids and one.row.choice in APPLIES]
    if not found:
        return None
    last = found[-1].row
    parts = (
        await _head(reading),
        *await _ground(reading),
        Passage("终止理由", last.words or ""),
        Facts((*await _days(reading, last), Fact("收件单位", reading.place(_fact(reading, "commission"))))),
        Boxes(boxes(reading, reading.tasks(*APPLIED)), "用人单位申请"),
        Boxes(boxes(reading, reading.tasks("termination_review")), "旗卫生健康委审核备案意见"),
    )
    return Sheet(reading.case.institution or "", parts, "OT-6.3k")


async def _days(reading: Reading, last: DecisionRow) -> list[Fact]:
    """The day of the application; for one on paper also the day on which it was recorded (COR-04)."""
    sheet = await reading.session.get(PaperDecision, last.request.removeprefix(PAPER_REQUEST))
    if sheet is None:
        return [Fact("申请日期", day(last.decided_on))]
    recorded = sheet.recorded_at.astimezone(CHINA).date()
    return [Fact("纸面所载申请日期", day(last.decided_on)), Fact("代录登记日期", day(recorded))]


async def rescission_notice(reading: Reading) -> Sheet | None:
    """F-32: that the contract is rescinded, on which ground, and what the expert has said."""
    decided = reading.last("decide_rescission")
    if decided is None or decided.row.choice != RESCINDS:
        return None
    reply = reading.last("expert_reply")
    parts = (
        await _head(reading),
        *await _ground(reading),
        Passage("专家陈述", (reply.row.words or "没有异议") if reply else "未在期限内陈述"),
        Passage("解除理由", decided.row.words or ""),
        Boxes(boxes(reading, reading.tasks("verify_cause", "decide_rescission")), "查实与决定"),
    )
    return Sheet(reading.case.institution or "", parts, "OT-6.3f")


async def end_filing(reading: Reading) -> Sheet | None:
    """F-32: the end of the contract as it is reported for filing; the commission files and does not consent."""
    reports = reading.tasks("ended_report")
    if not reports:
        return None
    done = reading.tasks("stop_benefits", "pursue_liability", "confirm_cannot_continue")
    parts = (
        await _head(reading),
        *await _ground(reading),
        Boxes(boxes(reading, [*done, *reports]), "用人单位办理情况"),
        Boxes(boxes(reading, reading.tasks("ended_filing")), "旗卫生健康委备案意见（备案不是审批）"),
    )
    return Sheet(reading.case.institution or "", parts, "OT-6.2b")


async def _head(reading: Reading) -> Facts:
    row = await reading.session.get(TalentContract, _fact(reading, "contract"))
    subject = reading.found.subject
    facts = [
        Fact("用人单位", reading.place(_fact(reading, "employer"))),
        Fact("引进专家（团队领衔人）", subject.name if subject else ""),
        Fact("合同编号", row.number if row else ""),
        Fact("合同期限", f"{day(row.first_day)}至{day(row.last_day)}" if row and row.first_day else ""),
    ]
    if ended_on := _fact(reading, "ended_on"):
        facts.append(Fact("结束日期", day(date.fromisoformat(ended_on))))
    return Facts(tuple(facts))


async def _ground(reading: Reading) -> list[Part]:
    """The ground in the words of the text, the days of its clock, the figure that it rests on."""
    letter, kind = _fact(reading, "ground"), await end_kind(reading.session, reading.case.id, reading.case.facts)
    facts = [Fact("事由", reading.pack.clauses[f"OT-6.3{letter}"].quote)] if letter else []
    if kind:
        facts.append(Fact("情形", END_KINDS[kind]))
    if _fact(reading, "learned_on"):
        calendar, today = await calendar_of(reading.session), reading.now.astimezone(CHINA).date()
        case = reading.case
        clock = await end_clock(reading.session, case.id, case.facts, pack=reading.pack, calendar=calendar, today=today)
        facts += [Fact("得知日期", day(clock.days_of.learned_on)), Fact("申请期限", day(clock.days_of.last_day))]
    return [Facts((*facts, *await _figures(reading)), "事由")]


async def _figures(reading: Reading) -> list[Fact]:
    number = _fact(reading, "figure")
    row = await reading.session.get(TalentFigure, (_fact(reading, "contract"), int(number))) if number else None
    contract = await reading.session.get(TalentContract, _fact(reading, "contract"))
    if row is None or contract is None:
        return []
    unit, adjusted = TIME_UNITS[contract.unit], percent(row.worked, row.agreed - row.excused)
    return [
        Fact("工作时间", f"截至{day(row.as_of)}约定{amount(row.agreed)}{unit}，完成{amount(row.worked)}{unit}"),
        Fact("比例", f"按约定{shown(percent(row.worked, row.agreed))}%，扣除不可抗力后{shown(adjusted)}%"),
    ]


def _fact(reading: Reading, name: str) -> str:
    return str(reading.case.facts.get(name, ""))


FORMS = (
    FormType("termination_recommendations", "ContractTermination", recommendations),
    FormType("termination_application", "ContractTermination", application),
    FormType("rescission_notice", "ContractRescission", rescission_notice),
    FormType("rescission_filing", "ContractRescission", end_filing),
    FormType("cannot_continue_filing", "ContractCannotContinue", end_filing),
)
