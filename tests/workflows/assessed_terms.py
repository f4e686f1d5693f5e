"""A term with activities beside the service and a performance that is assessed: what its history is recorded of."""

from policies.engine.pack import Pack
from tests.builders.county import settle_bureaus
from tests.workflows.evaluations import accepted, archived, graded, issued, opined
from tests.workflows.filings import put_in_force
from tests.workflows.office import Office
from tests.workflows.terms import assessed, certified, checked, filed_term, in_service, quarters_pass, served_besides


async def live_through_assessments(office: Office, pack: Pack) -> None:
    """A method in force, an activity that counts and one that does not, two quarters assessed, a qualified grade."""
    await settle_bureaus(office.record)
    term = await filed_term(office, pack)
    await put_in_force(office)
    first_day = await in_service(office, term)
    await office.days_pass(5)
    for day, choice in ((2, "confirm_activity"), (4, "dismiss_activity")):
        await checked(office, term, await served_besides(office, term, day=day), choice)
    for quarter in (1, 2):
        await quarters_pass(office, term, first_day, since=quarter, until=quarter)
        await assessed(office, term, quarter)
    await certified(office, term, "certify")
    await opined(office, term)
    await graded(office, term, "qualified")
    await accepted(office, term)
    await issued(office, term)
    await archived(office, term)
    await office.stands(term, "archived")
