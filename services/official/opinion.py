"""What was written about a term: own summary, the five dimensions, the proposal, the person's comment (DQ-3.3.3a)."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.office_words import GRADES
from services.official.model import Fact, Facts, Part, Passage
from services.official.reading import Reading


def in_order(form: Mapping[str, Any], listed: Sequence[str]) -> dict[str, Any]:
    """An opinion with its dimensions in the order of the text, which a record does not keep."""
    written = form.get("dimensions", {})
    return {**form, "dimensions": {name: written[name] for name in listed if name in written}}


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
