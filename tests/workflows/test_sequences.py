"""Chance against the model: sequences of all that people and time can do, through the real workflow and record.

After every step the workflow's own state, its snapshot and the rows must be what the pure task makes of the same step;
workers go and come, days pass without one, Temporal loses the case. Seeded, so that a sequence can be had again.
"""

from collections import Counter
from random import Random

import pytest
from temporalio.worker import Replayer

from db.engine.almanac import Almanac
from policies.engine.pack import Pack
from tests.builders.county import BUREAU, TOWNSHIP, appoint
from tests.workflows.conftest import OpenCounty
from tests.workflows.enquiry import Enquiry
from tests.workflows.life import Life
from tests.workflows.model import Model
from tests.workflows.office import FULL, Office
from tests.workflows.test_engine import CASE, ask, pack
from vault.payloads import data_converter

__all__ = ["pack"]
KINDS = ("for_any", "for_all", "for_quorum", "for_chain")
HEADS = ("p-t1-head", "p-t2-head", "p-t2-hr", "p-h1-hr")
CLERKS = ("p-bureau-officer", "p-h1-head")
TOWN = (*HEADS, "p-t1-hr")
BUREAU_PEOPLE = (*CLERKS, "p-bureau-section", "p-bureau-deputy", "p-bureau-leader")
PEOPLE = {"for_any": TOWN, "for_all": TOWN, "for_quorum": TOWN, "for_chain": BUREAU_PEOPLE}
STEPS, SEQUENCES = 24, 40
EVERYTHING = {
    *("answer", "again", "at once", "restart", "days", "days, another worker", "another worker", "lost"),
    *("StaleRevision", "NotYourTask", "ChoiceUnknown", "AlreadyAnswered", "TaskClosed", "CaseClosed"),
    *("hand_over ", "hand_over NotYourTask", "hand_over AlreadyAnswered", "hand_over TaskClosed"),
    *("urge ", "urge UrgedTooSoon", "comment ", "withdraw ", "withdraw WithdrawalTooLate"),
    *("any", "all", "quorum", "in_turn", "send_back", "no_quorum", "late"),
}


async def a_life(office: Office, pack: Pack, seed: int) -> Life:
    """A case of one to three questions and its model; the first question's kind goes round with the seed."""
    chance = Random(seed)  # noqa: S311  # seeded, so that a sequence can be had again
    names = (KINDS[seed % len(KINDS)], *chance.sample(KINDS, chance.randint(1, 2)))
    names = tuple(dict.fromkeys(names))
    facts = {name: "yes" for name in ("together", "kept") if chance.random() < 0.3}
    heads, clerks = HEADS[: chance.randint(1, 4)], CLERKS[: chance.randint(1, 2)]
    for person in heads[1:]:
        await appoint(office.record, person, "R-02", TOWNSHIP)
    for person in clerks[1:]:
        await appoint(office.record, person, "R-09", BUREAU)
    await office.days_pass(chance.randint(0, 6) + 0.125)
    model = Model(
        pack,
        await Almanac(office.record, office.clock).calendar(),
        {
            "R-02": heads,
            "R-09": clerks,
            "R-38": ("p-bureau-section",),
            "R-39": ("p-bureau-deputy",),
            "R-10": ("p-bureau-leader",),
        },
        names,
        "p-doctor",
        together="together" in facts,
        bars_withdrawal="kept" in facts,
    )
    model.begin(office.clock.now())
    await ask(office, pack, *names, **facts)
    said = [f"seed {seed}: {' '.join(names)} {facts or ''} heads {heads} clerks {clerks}"]
    return Life(office, model, CASE, PEOPLE, chance, said)


async def live(office: Office, pack: Pack, seed: int) -> Counter[str]:
    """One sequence, and what must hold at its end; what was drawn."""
    life = await a_life(office, pack, seed)
    await life.go_on(STEPS)
    assert not await office.damage()
    replayer = Replayer(
        workflows=[Enquiry],
        data_converter=data_converter(office.keyring),
        workflow_runner=FULL,
    )
    await replayer.replay_workflow(await office.workflow(CASE).fetch_history())
    return life.came_about()


async def live_through(open_county: OpenCounty, pack: Pack, seed: int) -> Counter[str]:
    """One sequence in an office of its own, whose worker keeps no case in memory: each task replays the whole run."""
    async with open_county(workflows=[Enquiry], cached=0) as office:
        return await live(office, pack, seed)


@pytest.mark.parametrize("seed", range(4))
async def test_a_sequence_of_chance_leaves_case_and_record_as_the_model_says(
    open_county: OpenCounty, pack: Pack, seed: int
) -> None:
    await live_through(open_county, pack, seed)


@pytest.mark.soak
@pytest.mark.timeout(900)
async def test_forty_sequences_of_chance_leave_case_and_record_as_the_model_says(
    open_county: OpenCounty, pack: Pack
) -> None:
    drawn: Counter[str] = Counter()
    for seed in range(4, 4 + SEQUENCES):
        drawn += await live_through(open_county, pack, seed)
    assert not EVERYTHING - set(drawn), "chance must come to everything that the model knows"
