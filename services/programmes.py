"""Which programme's rules a page means that names none: those in force that have what it asks for."""

from db.engine.packs import PackShelf
from policies.engine.pack import Pack
from policies.engine.refusals import Refusal


class ProgrammeUnclear(Refusal):
    """No rules in force ask this, or those of several documents do, and a page that names none cannot choose."""


async def pack_with(shelf: PackShelf, task: str) -> Pack:
    """The pack in force with this task; one that extends another has it from there. Raises ProgrammeUnclear."""
    packs = (await shelf.by_programme()).values()
    found = [pack for pack in packs if not pack.base and task in pack.tasks]
    if len(found) != 1:
        raise ProgrammeUnclear(task=task, packs=", ".join(pack.id for pack in found))
    return found[0]


class ProgrammeDesk:
    """Tells pages by which rules they go."""

    def __init__(self, shelf: PackShelf) -> None:
        """A desk over the stored rules."""
        self._shelf = shelf

    async def with_task(self, task: str) -> str:
        """The id of the pack in force with this task. Raises ProgrammeUnclear."""
        return (await pack_with(self._shelf, task)).id
