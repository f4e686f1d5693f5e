"""A casebook whose door a test may shut for one case: what that case would write waits until the door is opened."""

import asyncio

from temporalio import activity

from activities.engine.casebook import Casebook
from activities.engine.messages import Committed, Transition


class Doors(Casebook):
    """Writes like any casebook, but not for a case whose door is shut."""

    shut: dict[str, asyncio.Event]

    @activity.defn(name="commit")
    async def commit(self, transition: Transition) -> Committed:
        door = self.shut.get(transition.case_id)
        if door:
            await door.wait()
        return await super().commit(transition)


def closed_for(case: str) -> asyncio.Event:
    """Shut the door for a case; the event opens it."""
    Doors.shut[case] = asyncio.Event()
    return Doors.shut[case]
