"""The desk at which a case is read: where it stands, who holds it until when, its file, and why it came out so."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from db.engine.base import Sessions
from db.engine.cases import FindingRow
from db.engine.clock import Clock
from db.engine.packs import PackShelf
from db.engine.people import Person
from db.engine.tasks import InboxRow, SeatRow, TaskRow
from policies.engine.pack import Pack
from policies.engine.tasks import ADDED
from policies.engine.words import Words
from services.engine import said
from services.engine.case_parts import CasePage, Holder, Moment, OpenTask, Refused, Stop, Timeline, Why
from services.engine.case_rows import PEOPLE, Gathered, gather
from services.engine.permissions import JUDGED, LEAVING, Right, Viewer, reads_why_left
from services.engine.places import PlaceMap, Places
from services.engine.reading import Standing
from services.engine.taken import Taken

GONE_ON = Words("您参与的环节已结束", "your part of it has ended")


class CaseDesk:
    """Reads cases."""

    def __init__(
        self,
        sessions: Sessions,
        *,
        shelf: PackShelf,
        clock: Clock,
        places: Places,
        roads: Mapping[str, tuple[str, ...]],
    ) -> None:
        """A desk over the record; `roads` are the usual stages of each lifecycle, for the process map.

        Those of a case that was imported while it ran stand under "<lifecycle> imported", where they are others.
        """
        self._sessions, self._shelf, self._clock, self._places = sessions, shelf, clock, places
        self._roads = roads

    async def page(self, case_id: str, viewer: Viewer, *, before: int = 0) -> CasePage:
        """A case as this person may see it, with the newest lines of its file, or those before a number.

        Raises CaseUnknown for a case that does not exist or is not for them.
        """
        async with self._sessions() as session:
            gathered = await gather(session, case_id, viewer, before=before)
        pack = await self._shelf.pack(gathered.case.pack, gathered.case.pack_version)
        lifecycle = gathered.case.lifecycle
        imported = self._roads.get(f"{lifecycle} imported") if "imported" in gathered.case.facts else None
        road = imported or self._roads.get(lifecycle, ())
        return _Said(gathered, pack, viewer, places=await self._places.now(), now=self._clock.now(), road=road).page()


class _Said:
    """Turns the rows of a case into what one viewer may read."""

    def __init__(
        self,
        gathered: Gathered,
        pack: Pack,
        viewer: Viewer,
        *,
        places: PlaceMap,
        now: datetime,
        road: tuple[str, ...],
    ) -> None:
        self.g, self.pack, self.viewer, self.places, self.now = gathered, pack, viewer, places, now
        self.road = road
        sat = {seat.task_id for seat, _ in gathered.seats if seat.person == viewer.person}
        self.standing = Standing.of(viewer, gathered.case, gathered.tasks.values(), sat)
        self.rights = self.standing.rights

    def page(self) -> CasePage:
        """The whole page."""
        case = self.g.case
        return CasePage(
            case.id,
            case.lifecycle,
            self._title(),
            said.programme(self.pack),
            case.state,
            GONE_ON if self.g.share.gone_on else said.stage(self.pack, case.stage),
            said.stage(self.pack, case.outcome) if case.outcome and not self.g.share.gone_on else Words("", ""),
            self.places.name(case.institution),
            self._name(self.g.subject),
            case.started_at,
            self.rights,
            case.subject == self.viewer.person,
            bool(self.g.share.hidden),
            self.g.share.gone_on,
            case.state == "closed" and case.open_key is not None,
            self._leaver(),
            tuple(self._map()),
            tuple(self._open_task(task) for task in self.g.tasks.values() if task.status == "open"),
            Timeline(tuple(self._moment(event) for event in self.g.events), self.g.older, newer=self.g.newer),
            tuple(self._opinion(each) for each in self.g.decisions),
            tuple(self._refused(row) for row in self.g.inbox if row.state == "refused"),
            tuple(self._why(row) for row in self.g.findings if self._finds(row)),
        )

    def _finds(self, row: FindingRow) -> bool:
        return Right.FINDINGS in self.rights and self.standing.weighs(self.pack, row.rule)

    def _title(self) -> Words:
        first = next(iter(self.g.tasks.values()), None)
        return self.pack.tasks[first.name].title if first else self.pack.title

    def _name(self, person: Person | None) -> str:
        if person is None:
            return ""
        return person.name if Right.NAMES in self.rights or person.id == self.viewer.person else ""

    def _leaver(self) -> str:
        """Nobody records their own departure (DEF-12)."""
        person = self.g.subject
        if person is None or person.id == self.viewer.person or self.g.case.state == "closed":
            return ""
        return person.id if self.viewer.may(Right.RECORD_DEPARTURE, [person.institution]) else ""

    def _map(self) -> list[Stop]:
        case = self.g.case
        if self.g.share.gone_on:
            return []
        ahead = self.road if case.state != "closed" else ()
        shown = [each for each in self.pack.stages if each.name in {*ahead, *self.g.stages, case.stage}]
        return [
            Stop(each.label, "here" if each.name == case.stage else "done" if each.name in self.g.stages else "ahead")
            for each in shown
        ]

    def _open_task(self, task: TaskRow) -> OpenTask:
        seats = [(seat, person) for seat, person in self.g.seats if seat.task_id == task.id and seat.open]
        mine = any(seat.person == self.viewer.person for seat, _ in seats)
        holds = any(seat.person == self.viewer.person and seat.why not in ADDED for seat, _ in seats)
        there = [task.institution] if task.institution else []
        asked = self.pack.tasks[task.name]
        touched = [code for code in (self.g.case.institution, task.institution) if code]
        names = self.viewer.may(Right.NAME_SOMEONE, touched) and (task.vacant or not seats)
        return OpenTask(
            task.id,
            asked.title,
            said.clause(self.pack, asked.rule),
            said.due(self.pack, task, now=self.now),
            tuple(self._holder(seat, person) for seat, person in seats),
            task.vacant,
            task.escalated,
            task.last_rung,
            mine,
            may_urge=self.viewer.may(Right.URGE, touched),
            may_hand_over=(holds or names) and self.g.case.subject != self.viewer.person,
            may_record=self.viewer.may(Right.RECORD_PAPER, there) and not mine,
        )

    def _holder(self, seat: SeatRow, person: Person) -> Holder:
        role = said.role(self.pack, seat.role)
        return Holder(role, self.places.name(seat.institution), self._name(person), seat.why)

    def _opinion(self, each: Taken) -> said.Opinion:
        task = self.g.tasks[each.row.task_id]
        names = Right.NAMES in self.rights or each.person.id == self.viewer.person
        words = self.standing.reads(self.pack, task, each.row)
        subject = self.g.case.subject
        return said.opinion(self.pack, task, each, subject=subject, places=self.places, words=words, names=names)

    def _moment(self, event: dict[str, Any]) -> Moment:
        task = self.g.tasks.get(event.get("task", ""))
        actor = self.g.people.get(event.get("actor", ""))
        refs = event.get("refs", {})
        behind = event.get("by_request") or refs.get("by_request")
        spoken = self.g.inbox if "by_request" in event else self.g.noticed
        comment = next((row for row in spoken if row.request == behind), None)
        readable = Right.WORDS in self.rights or (actor is not None and actor.id == self.viewer.person)
        if hidden := self._hidden(event):
            readable, refs = False, {name: value for name, value in refs.items() if name not in hidden}
        role = event.get("role", "")
        institution = event.get("institution") or (actor.institution if actor else "")
        return Moment(
            event["number"],
            event["at"],
            event["event"],
            self.pack.events.get(event["event"], Words("", "")),
            self._name(actor),
            said.role(self.pack, role) if role else Words("", ""),
            self.places.name(institution),
            self.pack.tasks[task.name].title if task else Words("", ""),
            {name: self._word(event["event"], name, str(value)) for name, value in refs.items()},
            (comment.words or "") if comment and readable else "",
            event.get("minutes", ""),
        )

    def _hidden(self, event: dict[str, Any]) -> frozenset[str]:
        """What of a line this viewer may not read; where something is, the words that came with it are neither."""
        task, person = self.g.tasks.get(event.get("task", "")), self.g.subject
        if task and not self.standing.judges(self.pack, task):
            return JUDGED
        if event["event"] not in LEAVING or person is None:
            return frozenset()
        actor = event.get("actor", "")
        may = reads_why_left(self.viewer, subject=person.id, home=person.institution, actor=actor)
        return frozenset() if may else LEAVING[event["event"]]

    def _word(self, event: str, name: str, value: str) -> Words:
        """The pack's word for a code in the file; of people the name, where the viewer may know it."""
        if (event, name) in PEOPLE:
            known = self._name(self.g.people.get(value))
            return Words(known, known)
        return said.coded(self.pack, name, value) or self.places.name(value)

    def _refused(self, row: InboxRow) -> Refused:
        task = self.g.tasks.get(row.task_id or "")
        title = self.pack.tasks[task.name].title if task else Words("", "")
        mine = row.person == self.viewer.person
        return Refused(row.received_at, row.refusal, title, self.viewer.name if mine else "")

    def _why(self, row: FindingRow) -> Why:
        finding: Mapping[str, Any] = row.finding
        words = finding.get("ask") or finding.get("explanation") or {"zh": "", "en": ""}
        inputs = dict(finding.get("inputs", {}))
        parts = [inputs.pop("facts", {}), inputs.pop("parameters", {}), inputs, finding.get("figures", {})]
        numbers = [pair for part in parts for pair in dict(part).items()]
        return Why(
            tuple(said.clause(self.pack, rule) for rule in finding.get("rule_ids", [])),
            str(row.outcome or ""),
            Words(words["zh"], words["en"]),
            str(finding.get("quote", "")),
            finding.get("basis") == "default",
            tuple(finding.get("defaults", [])),
            tuple((str(name), _shown(value)) for name, value in numbers),
            row.at,
        )


def _shown(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
