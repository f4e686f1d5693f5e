"""What goes to the bureau and what comes back: the application F-05, the batch F-07, the filing receipt F-08
(DQ-3.1.3a to c).
"""

from collections import Counter

from db.posting import Post
from services.office_words import MODES, VERDICTS
from services.official import lists
from services.official.approval import boxes
from services.official.matters import batch_members
from services.official.model import Boxes, Fact, Facts
from services.official.reading import FormType, Reading, Sheet, day, profession

REVIEWS = ("choose_post", "sending_review", "receiving_review", "correct_application", "nominate", "nomination_consent")
FILE = "file"
CHAIN = ("compile_batch", "bureau_filing", "confirm_objection")
ACCEPTS = {"yes": "是", "no": "否"}


async def application(reading: Reading) -> Sheet | None:
    """F-05: the person, their first and second choice, whether they accept reassignment, and both reviews (COR-21)."""
    person, wishes = reading.found.subject, reading.last("choose_post")
    if person is None or wishes is None or "first" not in wishes.row.form:
        return None
    form = wishes.row.form
    facts = (
        Fact("姓名", person.name),
        Fact("所在单位", reading.place(person.institution)),
        Fact("执业类别、职称", profession(person)),
        Fact("专业", person.specialty),
        Fact("取得执业资格日期", day(person.qualified_on)),
        Fact("是否服从调剂", ACCEPTS.get(form.get("reassign", ""), "")),
        Fact("第一志愿", await _post(reading, form["first"])),
        Fact("第二志愿", await _post(reading, form.get("second", ""))),
    )
    reviewed = Boxes(boxes(reading, reading.tasks(*REVIEWS)), "本人、派出单位和接收单位意见")
    return Sheet(reading.case.institution or "", (Facts(facts), reviewed), "DQ-3.1.3a")


async def _post(reading: Reading, post_id: str) -> str:
    post = await reading.session.get(Post, post_id)
    return f"{reading.place(post.institution)} {post.specialty} {MODES.get(post.mode, '')}" if post else "无"


async def filing_batch(reading: Reading) -> Sheet | None:
    """F-07: the agreed plan and its people, as the group submits them."""
    listed = await batch_members(reading)
    if not listed:
        return None
    parts = (
        _head(reading),
        lists.places_filled(reading, listed),
        lists.people_sent(reading, listed),
        Boxes(boxes(reading, reading.tasks(*CHAIN)), "上报与审核意见"),
    )
    return Sheet(reading.case.institution or "", parts, "DQ-3.1.3c")


async def filing_receipt(reading: Reading) -> Sheet | None:
    """F-08: the bureau's verdict on each person of the batch, once it is decided."""
    listed = [one for one in await batch_members(reading) if one.verdict]
    if not listed:
        return None
    answered = reading.last("bureau_filing")
    given = answered.row.form.get("verdicts", []) if answered else []
    # An objection that was overruled is a filing: its reason is none of the receipt's.
    returned = {one.case for one in listed if one.verdict != FILE}
    reasons = {one["case"]: one.get("reason", "") for one in given if one["case"] in returned}
    counted = Counter(one.verdict for one in listed)
    sums = Facts(tuple(Fact(label, f"{counted[code]}人") for code, label in VERDICTS.items()), "审核结果")
    people = lists.verdicts(reading, listed, reasons)
    decided = Boxes(boxes(reading, reading.tasks("bureau_filing", "confirm_objection")), "审核意见")
    return Sheet(reading.case.facts["bureau"], (_head(reading), sums, people, decided), "DQ-3.1.3c")


def _head(reading: Reading) -> Facts:
    facts = reading.case.facts
    extra = "（补充批次）" if facts["supplementary"] == "yes" else ""
    return Facts(
        (
            Fact("上报单位", reading.place(reading.case.institution)),
            Fact("审核单位", reading.place(facts["bureau"])),
            Fact("年度", str(facts.get("year", ""))),
            Fact("批次", f"第{facts['number']}批{extra}"),
        )
    )


FORMS = (
    FormType("application", "PostingCase", application),
    FormType("filing_batch", "FilingBatch", filing_batch),
    FormType("filing_receipt", "FilingBatch", filing_receipt),
)
