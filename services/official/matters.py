"""What an approval sheet puts before its readers: the lines, people or posts that the question is about, by the form
of its task.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from db.engine.tasks import TaskRow
from db.posting import Post
from services.engine.permissions import OBJECT, Right
from services.office_words import MODES
from services.official import lists
from services.official.model import Fact, Facts, Part
from services.official.opinion import all_opinions, opinion_parts
from services.official.reading import Reading, day, profession

Matter = Callable[[Reading, TaskRow], Awaitable[list[Part]]]


async def matter(reading: Reading, task: TaskRow) -> list[Part]:
    """The parts for this task; none for who may not read what was said and of whom."""
    show = MATTERS.get(reading.pack.tasks[task.name].form)
    readable = reading.names and Right.WORDS in reading.standing.rights
    return await show(reading, task) if show and readable else []


async def _report(reading: Reading, task: TaskRow) -> list[Part]:
    """A report itself, or the report that is to be approved; an applicant where the review is about a post."""
    if OBJECT in task.refs:
        return await _applicant(reading, task)
    of = f"{reading.case.id}.{task.refs['of']}" if "of" in task.refs else task.id
    return await reported(reading, _form_of(reading, of))


async def reported(reading: Reading, form: Mapping[str, Any]) -> list[Part]:
    """The parts of a report that its form has."""
    parts: list[Part] = []
    if "lines" in form:
        parts.append(lists.posts_asked(form["lines"]))
    if "trainees" in form:
        parts.append(await lists.people_named(reading, form["trainees"], "轮训人员", empty="无轮训人员"))
    if "people" in form:
        parts.append(await lists.people_named(reading, form["people"], "派遣人员", empty="无派遣人员"))
    return parts


async def _applicant(reading: Reading, task: TaskRow) -> list[Part]:
    """The person and, where the question is about one, the post."""
    person = reading.found.subject
    post = await reading.session.get(Post, task.refs.get(OBJECT, ""))
    facts = []
    if person:
        facts += [
            Fact("姓名", person.name),
            Fact("所在单位", reading.place(person.institution)),
            Fact("执业类别、职称", profession(person)),
            Fact("专业", person.specialty),
            Fact("取得执业资格日期", day(person.qualified_on)),
        ]
    if post:
        facts.append(Fact("岗位", f"{reading.place(post.institution)} {post.specialty} {MODES.get(post.mode, '')}"))
    return [Facts(tuple(facts), "人员与岗位")] if facts else []


async def _batch(reading: Reading, _task: TaskRow) -> list[Part]:
    """Everybody in the batch."""
    return [lists.people_sent(reading, await batch_members(reading))]


async def _filing(reading: Reading, task: TaskRow) -> list[Part]:
    """Everybody in the batch with what the last step said of them."""
    given = _form_of(reading, task.id).get("verdicts", [])
    return [await _with_verdicts(reading, given)] if given else await _batch(reading, task)


async def _reason(reading: Reading, task: TaskRow) -> list[Part]:
    """The objections that are to be confirmed; else the applicant."""
    of = f"{reading.case.id}.{task.refs.get('of', '')}"
    objected = [one for one in _form_of(reading, of).get("verdicts", []) if one["verdict"] == "object"]
    return [await _with_verdicts(reading, objected)] if objected else await _applicant(reading, task)


async def _with_verdicts(reading: Reading, given: list[Mapping[str, str]]) -> Part:
    said = {one["case"]: one for one in given}
    members = [one for one in await batch_members(reading) if one.case in said]
    drafted = [lists.Member(one.case, one.person, one.post, said[one.case]["verdict"]) for one in members]
    return lists.verdicts(reading, drafted, {case: one.get("reason", "") for case, one in said.items()})


async def batch_members(reading: Reading) -> list[lists.Member]:
    """Who is in the batch that the case is, with the posts as they were submitted."""
    compiled = reading.tasks("compile_batch")
    submitted = compiled[0].settled_at if compiled else None
    return await lists.members(reading.session, reading.case.id, submitted_at=submitted)


def _form_of(reading: Reading, task_id: str) -> Mapping[str, Any]:
    """The form of the newest answer to a task that the viewer may read; a step that sent it back has none."""
    task = reading.found.tasks.get(task_id)
    if task is None:
        return {}
    answers = [each for each in reading.answers(task) if each.row.form]
    readable = [each for each in answers if reading.standing.reads(reading.pack, task, each.row)]
    return readable[-1].row.form if readable else {}


async def _opinion(reading: Reading, _task: TaskRow) -> list[Part]:
    """What was written about the term."""
    return opinion_parts(reading)


async def _opinions(reading: Reading, _task: TaskRow) -> list[Part]:
    """The same of every segment of the service: on all of them the committee decides."""
    return await all_opinions(reading)


MATTERS: Mapping[str, Matter] = {
    "demand": _report,
    "supply": _report,
    "review": _report,
    "post_review": _applicant,
    "application": _applicant,
    "nomination": _applicant,
    "batch": _batch,
    "filing": _filing,
    "reason": _reason,
    **dict.fromkeys(("opinion", "opinion_read"), _opinion),
    **dict.fromkeys(("grade", "grade_read"), _opinions),
}
