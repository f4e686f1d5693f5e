"""What Temporal keeps of a whole year: within the budget of events, and nothing about people in clear or in words."""

import json
from collections import Counter
from collections.abc import AsyncIterator, Sequence

import pytest
import pytest_asyncio
from google.protobuf.message import Message
from sqlalchemy import select, update
from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent

from db.engine.cases import CaseFile
from db.engine.people import Person
from policies.engine.pack import Pack
from tests.workflows.conftest import OpenCounty
from tests.workflows.evaluations import REASON
from tests.workflows.office import Office
from tests.workflows.whole_year import live_through
from vault.payloads import SealedPayloads

pytestmark = pytest.mark.asyncio(loop_scope="module")
CANARY = "金丝雀"
PHONE, ID_NUMBER = "13900001234", "33052119800101"
PER_DECISION, PER_RUNG, PER_MESSAGE, PER_RUN = 14, 12, 12, 20
LONGEST_RUN = 450

History = Sequence[HistoryEvent]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(open_county: OpenCounty, dq_a: Pack) -> AsyncIterator[Office]:
    async with open_county() as office:
        async with office.record.begin() as session:
            named = Person.name.concat(CANARY)
            await session.execute(update(Person).values(name=named, name_pinyin="jinsique", phone=PHONE))
            await session.execute(update(Person).where(Person.id == "p-doctor").values(id_number=ID_NUMBER))
        await live_through(office, dq_a)
        yield office


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def histories(office: Office) -> dict[str, History]:
    cases = await office.rows(select(CaseFile.id).order_by(CaseFile.id))
    return {case: list((await office.workflow(case).fetch_history()).events) for case in cases}


def allowed(history: History) -> int:
    """The budget of one case by what happened in it."""
    kinds = Counter(event.event_type for event in history)
    updates = [
        event.workflow_execution_update_accepted_event_attributes.accepted_request.input.name
        for event in history
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED
    ]
    messages = kinds[EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED] + updates.count("act")
    rungs = kinds[EventType.EVENT_TYPE_TIMER_FIRED]
    return PER_DECISION * updates.count("decide") + PER_RUNG * rungs + PER_MESSAGE * messages + PER_RUN


async def test_every_case_of_the_year_stays_within_its_budget_of_events(histories: dict[str, History]) -> None:
    over = {case: (len(history), allowed(history)) for case, history in histories.items()
            if len(history) > allowed(history)}  # fmt: skip
    assert not over
    assert max(len(history) for history in histories.values()) <= LONGEST_RUN


async def test_the_year_has_no_failed_workflow_task_and_no_failed_activity(histories: dict[str, History]) -> None:
    failed = {EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED, EventType.EVENT_TYPE_ACTIVITY_TASK_FAILED}
    assert not [case for case, history in histories.items() for event in history if event.event_type in failed]


def payloads_in(part: Message) -> list[Payload]:
    """Every payload anywhere in a message."""
    if isinstance(part, Payload):
        return [part]
    found: list[Payload] = []
    for field, value in part.ListFields():
        if field.type != field.TYPE_MESSAGE:
            continue
        values = value.values() if hasattr(value, "values") else value if hasattr(value, "__len__") else [value]
        for one in values:
            if isinstance(one, Message):
                found += payloads_in(one)
    return found


async def secrets_of(office: Office) -> list[str]:
    """Whatever a person would not want to read in Temporal's store: names, numbers, addresses, reasons."""
    names = await office.rows(select(Person.name))
    mails = await office.rows(select(Person.email))
    return [CANARY, "jinsique", PHONE, ID_NUMBER, REASON, *names, *mails]


async def test_no_history_holds_a_name_a_number_or_a_reason_sealed_or_opened(
    office: Office, histories: dict[str, History]
) -> None:
    codec, secrets = SealedPayloads(office.keyring), await secrets_of(office)
    opened = 0
    for history in histories.values():
        for event in history:
            text = event.SerializeToString()
            assert not [secret for secret in secrets if secret.encode() in text]
            for payload in payloads_in(event):
                plain = codec.opened(payload).data
                written = json.dumps(json.loads(plain), ensure_ascii=False) if plain else ""
                assert not [secret for secret in secrets if secret in written]
                opened += plain != payload.data
    assert opened > 100, "the walk must find what is sealed"


async def test_payloads_are_sealed_and_what_stands_in_clear_is_ids(
    office: Office, histories: dict[str, History]
) -> None:
    clear: set[str] = set()
    for case, history in histories.items():
        started = history[0].workflow_execution_started_event_attributes
        attributes = {id(one) for one in started.search_attributes.indexed_fields.values()}
        unsealed = [
            one for event in history for one in payloads_in(event) if one.metadata["encoding"] != b"binary/sealed"
        ]
        clear |= {one.data.decode() for one in unsealed}
        assert attributes
        assert CANARY not in case
    allowed_words = {
        "DemandCycle",
        "InstitutionDemand",
        "HospitalSupply",
        "Balancing",
        "PostingCase",
        "FilingBatch",
        "ServiceTerm",
        "AssessmentMethodFiling",
        "PayTotal",
    }
    ids = {json.loads(one) for one in clear if one}
    codes = set(await office.rows(select(CaseFile.institution))) | set(await office.rows(select(CaseFile.cycle)))
    assert ids <= allowed_words | codes | {"county_hired_township_used"}


async def test_a_reason_can_be_read_where_it_belongs_so_that_the_walk_above_is_no_empty_promise(office: Office) -> None:
    kept = [row.words for row in await office.inbox() if row.words]
    assert kept.count(REASON) > 10
