"""The steps of an inspection, as the bureau and a head take them: shared by its tests and by the recorder."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from policies.engine.calendar import CHINA
from services.engine.attachments import AttachmentDesk
from services.engine.scans import Scan
from services.inspection import Inspection
from tests.builders.county import TOWNSHIP
from tests.workflows.office import Office

EVIDENCE = Scan("整改报告.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n")
GROUNDS = {"problems": ["管理疏漏"]}


async def open_inspection(
    office: Office, institution: str = TOWNSHIP, *, inspected_on: date | None = None, **facts: str
) -> str:
    """The bureau's officer opens an inspection; today unless another day is given."""
    await office.tell_time()
    viewer = await office.sessions.viewer("p-bureau-officer")
    day = inspected_on or office.clock.now().astimezone(CHINA).date()
    asked = Inspection("dq-a", institution, day, **facts)
    return (await office.inspections.start(asked, by="p-bureau-officer", viewer=viewer)).case_id


async def found(office: Office, case: str, choice: str, words: str, *, form: Mapping[str, Any] | None = None) -> None:
    await office.answer("inspection_findings", "p-bureau-officer", choice, words, form=form, case=case)


async def ordered(office: Office, case: str) -> None:
    await found(office, case, "order", "请假登记不全,须补齐并完善制度", form=GROUNDS)


async def put_right(office: Office, case: str, task: str = "rectify_grassroots", head: str = "p-t1-head") -> None:
    """The head answers the order with evidence."""
    row = await office.open_task(task, head, case=case)
    digest = await AttachmentDesk(office.record, clock=office.clock).keep(row.id, head, EVIDENCE)
    form = {"attachment": digest}
    await office.answer(task, head, "report_rectified", "已补齐登记,见附件", form=form, case=case)


async def verified(office: Office, case: str, choice: str, *, form: Mapping[str, Any] | None = None) -> None:
    await office.answer("verify_rectification", "p-bureau-officer", choice, "经现场核查", form=form, case=case)
