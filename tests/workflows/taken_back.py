"""Two imported trainings, for the recorder: one that was imported wrongly, one that goes on to the archive."""

from datetime import timedelta

from sqlalchemy import select

from db.training import Mentorship
from policies.engine.pack import Pack
from tests.workflows.evaluations import accepted, graded, issued, opined
from tests.workflows.office import Office
from tests.workflows.openings import a_training, days_ago, desk, imported, today, viewer
from tests.workflows.trainees import settle_trainees

REASON = "带教老师录错"


async def live_through_openings(office: Office, _: Pack) -> None:
    """Both begin with one sheet; one is taken back, the other is evaluated and ends."""
    await settle_trainees(office.record)
    over = {"completed_on": await days_ago(office, 9), "stage": "服务期满待评价", "person": "p-trainee-2", "mentor": ""}
    running = a_training(started_on=await days_ago(office, 40))
    wrong, right = await imported(office, running, a_training(started_on=await days_ago(office, 200), **over))
    await office.seen(select(Mentorship).where(Mentorship.state == "accepted"))
    coordinator = await viewer(office)
    await desk(office).take_back(wrong, coordinator, reason=REASON, request=office.request())
    await office.stands(wrong, "withdrawn")
    await opined(office, right, officers=("p-h1-hr", "p-h1-head"))
    await graded(office, right, "qualified")
    await accepted(office, right)
    await issued(office, right)
    form = {"returned_on": (await today(office) - timedelta(days=1)).isoformat()}
    await office.answer("record_return", "p-t1-hr", "record_return", form=form, case=right)
    await office.answer("archive_term", "p-coordinator", "archive", case=right)
    await office.stands(right, "archived")
