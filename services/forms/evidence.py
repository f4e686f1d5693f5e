"""Forms that name the evidence that goes with an answer."""

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from services.engine.attachments import ATTACHMENT, is_kept
from services.engine.decisions import PAPER, Answer
from services.field_problems import FieldProblem
from services.forms.parsing import Fields


class Evidenced(Fields):
    """A form with an attached file, named by its hash."""

    attachment: str = Field(default="", max_length=64)


async def evidence_problems(session: AsyncSession, answer: Answer, form: Evidenced) -> list[FieldProblem]:
    """What is wrong when an answer needs evidence; a decision on paper is proven by its own scan (DEF-10)."""
    if answer.channel == PAPER:
        return []
    if not form.attachment:
        return [FieldProblem(ATTACHMENT, "evidence_missing")]
    if await is_kept(session, form.attachment):
        return []
    return [FieldProblem(ATTACHMENT, "attachment_unknown")]
