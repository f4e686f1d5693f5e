import shutil
from datetime import timedelta

from temporalio import workflow
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

with workflow.unsafe.imports_passed_through():
    from activities.engine.casebook import Casebook
    from activities.engine.delivery import Delivery, CYCLE, INSTITUTION, LIFECYCLE, PROGRAMME
    from activities.engine.messages import CaseStart
    from db.engine.almanac import Almanac
    from db.engine.opening import NewCase, open_case
    from db.engine.tasks import TaskRow, InboxRow, DecisionRow
    from db.engine.post import LetterRow
    from db.engine.cases import EventRow, CaseFile
    from db.engine import evidence_chain
    from tests.builders.county import settle_county
    from vault.payloads import data_converter
    from sqlalchemy import select

from policies.engine.questions import Question
from workflows.engine.case import Case


@workflow.defn(name="Enquiry")
class Enquiry(Case):
    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: CaseStart) -> str:
        self.enter("under_two_way_review")
        (task,) = await self.ask(Question("review/1", "sending_review"))
        return await self.close("matched" if task.outcome == "agree" else "rejected")


async def test_a_question_is_asked_answered_and_recorded(record, shelf, keyring, clock, dq_a):
    await settle_county(record)
    env = await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=shutil.which("temporal-test-server", path=str(__import__("pathlib").Path(__import__("sys").executable).parent)), data_converter=data_converter(keyring)
    )
    async with env:
        from stack.temporal import prepare_namespace
        await env.client.operator_service.add_search_attributes(
            __import__("temporalio.api.operatorservice.v1", fromlist=["x"]).AddSearchAttributesRequest(
                namespace="default", search_attributes={k.name: 2 for k in (CYCLE, INSTITUTION, LIFECYCLE, PROGRAMME)}
            )
        )
        delivery = Delivery(env.client, record, task_queue="q")
        book = Casebook(record, keyring, almanac=Almanac(record, clock), effects={}, delivery=delivery)
        now = await env.get_current_time()
        async with Worker(env.client, task_queue="q", workflows=[Enquiry], activities=[book.commit]):
            async with record.begin() as session:
                await open_case(
                    session,
                    NewCase("enquiry.1", "Enquiry", dq_a, ("sending_review",), {"sending": "dq-h1", "person": "p-doctor"}, institution="dq-h1", subject="p-doctor"),
                    at=now,
                )
            assert await delivery.start("enquiry.1")
            handle = env.client.get_workflow_handle("enquiry.1")
            import asyncio
            for _ in range(100):
                async with record() as s:
                    rows = (await s.scalars(select(TaskRow))).all()
                if rows: break
                await asyncio.sleep(0.05)
            print([(r.id, r.due_at, r.status) for r in rows])
            with env.auto_time_skipping_disabled():
                await env.sleep(timedelta(days=20))
            async with record.begin() as s:
                s.add(InboxRow(request="r1", case_id="enquiry.1", verb="decide", task_id="enquiry.1.t1", person="p-h1-head", message={"task": "t1", "choice": "agree", "revision": 1}, form={}, words="同意", channel="page", received_at=now))
            async with record() as s:
                row = await s.get(InboxRow, "r1")
            print(await delivery.deliver(row))
            print(await handle.result())
            async with record() as s:
                for L in (await s.scalars(select(LetterRow).order_by(LetterRow.id))).all(): print(L.id, L.kind, L.person, L.details)
                for L in (await s.scalars(select(EventRow).order_by(EventRow.number))).all(): print(L.number, L.at, L.body)
                print([d async for d in evidence_chain.verify(s, keyring)])
                for L in (await s.scalars(select(DecisionRow))).all(): print(L.request, L.words)
            h = await handle.fetch_history()
            print(len(h.events))
            assert 0
