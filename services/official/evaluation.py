"""The papers of an evaluation: opinion F-18, the committee's result F-19, certificate F-20, the year's list
(DQ-3.3.3a to d, DQ-3.5.1a).
"""

from sqlalchemy import select

from activities.evaluation import NOMINATED, QUALIFIED_OR_ABOVE
from db.evaluation import Grade, GradeItem
from db.segments import Stretch, stretches_of
from policies.vocabulary import TRAINEE
from services.certificates import DECIDING, FROZEN, Issued, certificate_of
from services.county_words import PROGRAMMES
from services.office_words import GRADES
from services.official.approval import boxes
from services.official.lists import NUMBER
from services.official.model import Boxes, Column, Fact, Facts, Passage, Table, numbered
from services.official.opinion import opinion_parts
from services.official.reading import FormType, Reading, Sheet, day, profession

EVALUATED = ("term_opinion", "opinion_comment", "decide_grade")


async def opinion(reading: Reading) -> Sheet | None:
    """F-18: own summary, five dimensions, proposal, comment, and the boxes up to the bureau (COR-19)."""
    parts = opinion_parts(reading)
    if not parts:
        return None
    asked = Boxes(boxes(reading, reading.tasks(*EVALUATED)), "接收单位、集团党委意见")
    whose = await _term(reading)
    return Sheet(reading.case.facts["receiving"], (whose, *parts, asked), "DQ-3.3.3a")


async def result(reading: Reading) -> Sheet | None:
    """F-19: the grade, the meeting, and what came after it."""
    row = await reading.session.get(Grade, reading.case.id)
    if row is None or not row.grade:
        return None
    pending = _pending(reading, row)
    facts = (
        Fact("考核结果", f"{GRADES[QUALIFIED_OR_ABOVE if row.state == NOMINATED else row.grade]}{pending}"),
        Fact("年度", str(row.year)),
        Fact("会议纪要编号", row.minutes),
        Fact("会议日期", day(row.met_on)),
        Fact("理由", row.reason or ""),
    )
    asked = Boxes(boxes(reading, reading.tasks(*DECIDING)), "党委决定、本人意见与复核")
    return Sheet(reading.case.facts["group"], (await _term(reading), Facts(facts, "考核结果"), asked), "DQ-3.3.3b")


def _pending(reading: Reading, row: Grade) -> str:
    """What a grade still waits for: nothing follows from it until then (DEF-16)."""
    if row.state == NOMINATED:
        return "（以年度名单为准）"
    waits = any(task.status == "open" for task in reading.tasks(*DECIDING))
    return "（异议期内，尚未生效）" if waits else ""


async def certificate(reading: Reading) -> Sheet | None:
    """F-20: whose service, when and where, on which clause, with number and check code; frozen says so."""
    issued = await certificate_of(reading.session, reading.case.id)
    row = await reading.session.get(Grade, reading.case.id)
    if issued is None or row is None:
        return None
    facts = (
        Fact("证明编号", issued.number),
        Fact("出具日期", day(issued.issued_on)),
        Fact("考核结果", GRADES[QUALIFIED_OR_ABOVE if issued.result_open else row.grade]),
        Fact("效力", "核查期间冻结" if issued.standing == FROZEN else "有效"),
        Fact("查验码", issued.code),
    )
    checked = "凭查验码可在系统“证明查验”页核对本证明是否有效。"
    words = Passage("证明内容", f"{_worth(row, issued)}。{checked}")
    # Only who issued it signs it; the steps before belong to the sheet of the decision.
    signed = Boxes(boxes(reading, reading.tasks("issue_certificate"))[-1:], "县卫生健康局意见")
    rule = reading.pack.tasks["issue_certificate"].rule
    return Sheet(reading.case.facts["bureau"], (await _term(reading), Facts(facts), words, signed), rule)


def _worth(row: Grade, issued: Issued) -> str:
    """DQ-3.5.1a of those who were sent down, DQ-3.5.2a and b of trainees; what is not final is said to be so."""
    priority, without = issued.priority, "不享受优先政策"
    if issued.result_open:
        without = "是否享受优先政策，待考核结果最终确定"
    ranks = "在职称晋升、岗位聘任等方面，同等条件下享受优先政策" if priority else without
    if row.programme != TRAINEE:
        return f"上述工作时间视为基层工作经历；{ranks}"
    chosen = "；作为临床骨干人员培养，优先推荐各级各类人才申报" if priority else ""
    return f"上述时间登记为进修轮训经历；{ranks}{chosen}"


async def grade_list(reading: Reading) -> Sheet | None:
    """The nominated of one group and year, and what the committee has decided of each."""
    people = await _listed(reading)
    if not people:
        return None
    facts = reading.case.facts
    head = Facts(
        (Fact("集团", reading.place(facts["group"])), Fact("年度", facts["year"]), Fact("批次", facts["number"]))
    )
    said = Boxes(boxes(reading, reading.tasks("close_grades", "public_notice")), "党委决定与公示")
    return Sheet(facts["group"], (head, people, said), "DQ-3.3.3d")


async def _listed(reading: Reading) -> Table | None:
    query = select(Grade, GradeItem.grade).join(GradeItem, GradeItem.case_id == Grade.case_id)
    rows = (
        await reading.session.execute(query.where(GradeItem.batch == reading.case.id).order_by(Grade.case_id))
    ).all()
    people = await reading.people(row.person for row, _ in rows)
    lines = [
        (
            people[row.person].name,
            reading.place(people[row.person].institution),
            PROGRAMMES.get(row.programme, row.programme),
            GRADES[row.proposed] if row.proposed else "",
            GRADES[decided] if decided else "待定",
        )
        for row, decided in rows
    ]
    titles = (("姓名", 2), ("派出单位", 4), ("类别", 3), ("建议等次", 2), ("确定等次", 2))
    columns = (NUMBER, *(Column(title, width) for title, width in titles))
    return Table("拟评优秀人员", columns, numbered(lines)) if lines else None


async def _term(reading: Reading) -> Facts:
    """Who served where, and when: each institution by itself where the service went on elsewhere (EXC-08)."""
    person, facts = reading.found.subject, reading.case.facts
    row = await reading.session.get(Grade, reading.case.id)
    served = await stretches_of(reading.session, reading.case, last_day=row.last_day if row else None)
    places = dict.fromkeys((*(each.institution for each in served), facts["receiving"]))
    known = [
        Fact("姓名", person.name if person and reading.names else ""),
        Fact("执业类别、职称", profession(person) if person else ""),
        Fact("派出单位", reading.place(facts["sending"])),
        Fact("接收单位", "、".join(reading.place(code) for code in places)),
    ]
    if len(served) > 1:
        # No days as a whole: those between two institutions count for nothing.
        known += [
            Fact(f"第{number}段服务", f"{reading.place(each.institution)}，{_days(each)}")
            for number, each in enumerate(served, start=1)
        ]
    elif row:
        known.append(Fact("服务起止日期", f"{day(row.first_day)}至{day(row.last_day)}"))
    elif served and served[0].last_day:
        known.append(Fact("服务起止日期", _days(served[0])))
    return Facts(tuple(known), "人员与服务")


def _days(served: Stretch) -> str:
    return f"{day(served.first_day)}至{day(served.last_day)}" if served.last_day else f"{day(served.first_day)}起"


FORMS = (
    FormType("opinion", "ServiceTerm", opinion),
    FormType("grade_result", "ServiceTerm", result),
    FormType("certificate", "ServiceTerm", certificate, both_sides=True),
    FormType("grade_list", "GradeBatch", grade_list),
)
