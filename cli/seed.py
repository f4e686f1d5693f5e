"""The sample county: planted once, through the API that everybody uses, so that a newcomer sees a living county.

Facts go in with a service account's key, decisions with the sample people's own sessions. A start that was cut off
goes on where it was: every step first looks at what is there.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import typer

from cli.sample_banner import banner_institutions, banner_people
from cli.sample_contracts import (
    ASSESSED,
    ENDING,
    WELL,
    contracts_under_way,
    panel_opened,
    termination_raised,
)
from cli.sample_county import GROUP, HOSPITALS, TOWNSHIPS, institutions, people
from cli.sample_funds import funds_of_year, payments_asked_for
from cli.sample_methods import filed_methods
from cli.sample_office import Office, SeedFailed, opened_office
from cli.sample_terms import terms_under_way
from db.engine.clock import SystemClock
from policies.engine.calendar import WorkingCalendar, inferred_day
from settings import Settings, read_settings

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

DEMANDS = ("内科", "儿科", "全科", "中医科", "康复科", "妇产科", "外科")
SENT_BY_EACH_HOSPITAL = 8
SLOW_TOWNSHIP = "dq-t12"
AGREED = "同意。"


@app.command()
def seed() -> None:
    """种入示例县 / Plant the sample county; `pinyong up` does it at its first start."""
    try:
        asyncio.run(plant(read_settings()))
    except SeedFailed as failed:
        typer.echo(f"示例数据未能建立 / the sample data could not be planted: {failed}", err=True)
        raise typer.Exit(1) from None


async def plant(settings: Settings) -> None:
    """Plant everything; raises `cli.sample_office.SeedFailed` with the API's own words when a step is refused."""
    today = WorkingCalendar(inferred_day).local_day(SystemClock().now())
    async with opened_office(settings) as office:
        say("机构和人员 / institutions and people")
        await office.settle(institutions(), people())
        await office.settle(banner_institutions(), banner_people())
        # The terms come first: the newest letters are then those of the reviews, which a newcomer follows.
        published, _, _ = await asyncio.gather(
            _published_cycle(office, today), _under_way(office, today), _banner(office, today)
        )
        await _applications(office, published)
        await _reporting_cycle(office, today)
        say("考核办法：一份已生效，一份尚待一个局 / methods: one in force, one waits for a bureau")
        await filed_methods(office)


async def _under_way(office: Office, today: date) -> None:
    say("已经开始的服务期，期初导入 / terms under way, as opening balances")
    await terms_under_way(office, today)


async def _banner(office: Office, today: date) -> None:
    """Contracts at several stages, what goes on beside them, and the year of funds."""
    say("柔性引才合同和年度经费 / flexible-talent contracts and the year of funds")
    await funds_of_year(office, today)
    cases = await contracts_under_way(office, today)
    well, assessed, ending = (cases[one.number] for one in (WELL, ASSESSED, ENDING))
    await asyncio.gather(
        termination_raised(office, ending, today),
        panel_opened(office, assessed, today),
        payments_asked_for(office, well, today),
    )


def say(line: str) -> None:
    """One line of progress; the supervisor shows it."""
    typer.echo(line)


@dataclass(frozen=True)
class Published:
    """A cycle with its posts, by institution, and the people whom it has asked to apply."""

    cycle: str
    posts: Sequence[str]


async def _published_cycle(office: Office, today: date) -> Published:
    """This year's cycle: all reports in, balanced, posts published."""
    say("本年度需求、供给和平衡 / this year's demand, supply and balance")
    cycle = await office.start_cycle(
        GROUP,
        today.year,
        opens_on=today - timedelta(days=14),
        closes_on=today + timedelta(days=10),
        planned_start=today + timedelta(days=60),
    )
    await asyncio.gather(
        *(_report(office, code, cycle, number) for number, (code, _, _) in enumerate(TOWNSHIPS)),
        *(_supply(office, code, cycle) for code, _ in HOSPITALS),
    )
    await _balance(office, cycle)
    return Published(cycle, await office.posts(cycle))


async def _report(office: Office, code: str, cycle: str, number: int) -> None:
    case = f"demand.{cycle.removeprefix('cycle.')}.{code}"
    lines = [
        {"specialty": DEMANDS[(number + step) % len(DEMANDS)], "headcount": 1 + (number + step) % 2, "mode": mode}
        for step, mode in enumerate(("full", "half" if number % 4 == 0 else "full"))
    ]
    trainees = [{"person": f"{code}-s01", "specialty": "全科"}] if number % 3 == 0 else []
    form = {"lines": lines, "trainees": trainees, "nil_trainees": not trainees}
    if number == len(TOWNSHIPS) - 1:
        await office.answer(f"{code}-hr", "nil_return", case=case, words="今年人员已满足需要。")
    else:
        await office.answer(f"{code}-hr", "submit", case=case, form=form)
    await office.answer(f"{code}-head", "approve", case=case, words=AGREED)


async def _supply(office: Office, code: str, cycle: str) -> None:
    case = f"supply.{cycle.removeprefix('cycle.')}.{code}"
    chosen = [one for one in people() if one["institution"] == code and one["profession"] == "practising_physician"]
    named = [{"person": one["id"], "specialty": one["specialty"]} for one in chosen[:SENT_BY_EACH_HOSPITAL]]
    await office.answer(f"{code}-hr", "submit", case=case, form={"people": named})
    await office.answer(f"{code}-head", "approve", case=case, words=AGREED)


async def _balance(office: Office, cycle: str) -> None:
    case = f"balancing.{cycle.removeprefix('cycle.')}"
    lines = await office.demand_lines(cycle)
    kept, unmet = lines[:18], lines[18:]
    allocations = [
        {"demand": one.case_id, "revision": one.revision, "line": one.line, "posts": one.headcount} for one in kept
    ]
    short: dict[tuple[str, str], int] = {}
    for one in unmet:
        place = (one.case_id.rsplit(".", 1)[1], one.specialty)
        short[place] = short.get(place, 0) + one.headcount
    form = {
        "factors": dict.fromkeys(await office.factors(), "已结合各单位上报情况和上年度评价结果综合考虑。"),
        "allocations": allocations,
        "unmet": [
            {"institution": place, "specialty": specialty, "headcount": count, "reason": "本年度该专业可派人员不足。"}
            for (place, specialty), count in short.items()
        ],
    }
    await office.answer(f"{GROUP}-coordinator", "publish", case=case, form=form)


async def _applications(office: Office, published: Published) -> None:
    """Applications at every stage: choosing, asked about, under review, contested, returned, matched, filed."""
    say("报名、双向审核和报备 / applications, two-way review and filing")
    cases = await office.invited(published.cycle)
    posts = list(published.posts)
    chosen = [case for case in cases if await office.may(case.person, "apply", case.id)]
    for case in chosen[:2]:
        await office.answer(case.person, "decline", case=case.id, words="因家庭原因今年不参加。")
    applying = chosen[2:16]
    for number, case in enumerate(applying):
        # The last two apply for the same post, so that a receiving head sees a choice.
        post = posts[min(number, len(applying) - 2)]
        second = posts[-1 - number] if number % 2 else ""
        await office.answer(
            case.person, "apply", case=case.id, form={"first": post, "second": second, "reassign": "yes"}
        )
    await asyncio.gather(*(_agreed(office, case.id) for case in applying[:8]))
    await _filed(office, published.cycle, [case.id for case in applying[:5]])
    await office.answer_for(applying[8].id, "sending_review", "return", words="请补充本人近三年的考核情况。")
    await office.answer_for(applying[9].id, "receiving_review", "reject", words="该岗位需有儿科门诊经历。")
    for case in applying[-2:]:
        await office.answer_for(case.id, "sending_review", "agree", words=AGREED)


async def _agreed(office: Office, case: str) -> None:
    await office.answer_for(case, "sending_review", "agree", words=AGREED)
    await office.answer_for(case, "receiving_review", "agree", words=AGREED)


async def _filed(office: Office, cycle: str, cases: Sequence[str]) -> None:
    """The first batch is filed; who was matched and not listed waits in the supplementary one."""
    batch = f"batch.{cycle.removeprefix('cycle.')}.1"
    await office.matched(cases)
    await office.answer(f"{GROUP}-coordinator", "submit_batch", case=batch, form={"included": list(cases)})
    verdicts = {"verdicts": [{"case": case, "verdict": "file"} for case in cases]}
    for officer in ("dq-wjj-officer", "dq-wjj-section", "dq-wjj-deputy"):
        await office.answer(officer, "file_batch", case=batch, form=verdicts, words=AGREED)


async def _reporting_cycle(office: Office, today: date) -> None:
    """Next year's cycle: its window has closed a few days ago and one institution is overdue."""
    say("下年度需求申报，一家逾期 / next year's reports, one overdue")
    cycle = await office.start_cycle(
        GROUP,
        today.year + 1,
        opens_on=today - timedelta(days=25),
        closes_on=today - timedelta(days=5),
        planned_start=today + timedelta(days=240),
    )
    await asyncio.gather(
        *(_late_report(office, code, cycle, number) for number, (code, _, _) in enumerate(TOWNSHIPS)),
        *(_late_supply(office, code, cycle) for code, _ in HOSPITALS),
    )


async def _late_report(office: Office, code: str, cycle: str, number: int) -> None:
    if code != SLOW_TOWNSHIP:
        await _report(office, code, cycle, number)
        await _accepted_late(office, f"demand.{cycle.removeprefix('cycle.')}.{code}")


async def _late_supply(office: Office, code: str, cycle: str) -> None:
    await _supply(office, code, cycle)
    await _accepted_late(office, f"supply.{cycle.removeprefix('cycle.')}.{code}")


async def _accepted_late(office: Office, case: str) -> None:
    await office.answer_for(case, "late_report", "accept_late", words="窗口期内已用纸质件报送，现补录。")


if __name__ == "__main__":
    app()
