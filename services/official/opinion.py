"""What was written about a term: own summary, the five dimensions, the proposal, the person's comment (DQ-3.3.3a)."""

from db.segments import stretches_of
from services.engine.acts import CaseUnknown
from services.office_words import GRADES
from services.official.model import Fact, Facts, Part, Passage
from services.official.reading import Reading, day, of_case
from services.opinions import in_order

# Who is asked these reads on their pages what was said of every segment, too.
GRADING = ("decide_grade", "grade_notice", "grade_appeal")


async def all_opinions(reading: Reading) -> list[Part]:
    """The opinions of every segment (EXC-08), of each for who is asked about the grade or may read its own paper."""
    parts: list[Part] = []
    own = opinion_parts(reading)
    decides = any(task.id in reading.standing.sat for task in reading.tasks(*GRADING))
    for number, each in enumerate(await stretches_of(reading.session, reading.case), start=1):
        if each.case == reading.case.id:
            continue
        try:
            there = await of_case(reading, each.case)
        except CaseUnknown:
            continue
        # The institution where the person is now does not read what the former one has said.
        if (decides or there.whole) and (said := opinion_parts(there)):
            until = f"至{day(each.last_day)}" if each.last_day else "起"
            facts = Fact("接收单位", reading.place(each.institution)), Fact("起止日期", f"{day(each.first_day)}{until}")
            parts += [Facts(facts, f"前一段服务（第{number}段）"), *said]
    if parts and own:
        own = [Facts((Fact("接收单位", reading.place(reading.case.facts["receiving"])),), "本段服务"), *own]
    return [*parts, *own]


def opinion_parts(reading: Reading) -> list[Part]:
    """What was written about the term, as far as the reader may read it; nothing before an opinion was given."""
    given = reading.last("term_opinion")
    if given is None or not given.row.form:
        return []
    form, own, comment = given.row.form, reading.last("term_summary"), reading.last("opinion_comment")
    parts: list[Part] = [Passage("本人总结", own.row.form["summary"] if own else "未提交")]
    listed = reading.pack.parameters["opinion_dimensions"].listed
    parts += [Passage(name, text) for name, text in in_order(form, listed)["dimensions"].items()]
    if form["appraisal"]:
        parts.append(Passage("民主测评", form["appraisal"]))
    if form["proposed"]:
        parts.append(Facts((Fact("建议等次", GRADES[form["proposed"]]), Fact("说明", "等次由集团党委讨论确定"))))
    if comment:
        parts.append(Passage("本人意见", comment.row.words or "无异议"))
    return parts
