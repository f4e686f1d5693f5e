"""My tasks: what is asked of the signed-in person, the soonest due first."""

from fastapi import APIRouter
from fastapi.responses import Response

from console.visit import Here

router = APIRouter()


@router.get("/")
async def front(visit: Here) -> Response:
    """Everybody begins at their own tasks."""
    visit.signed_in()
    return visit.go("/tasks")


@router.get("/tasks")
async def my_tasks(visit: Here, after: str = "") -> Response:
    """The list."""
    viewer = visit.signed_in()
    mine = await visit.desks.tasks.my_tasks(viewer.person, after=after)
    payments = await visit.desks.pay.checks.waiting_for(viewer)
    return visit.page("tasks.html", mine=mine, payments=len(payments))
