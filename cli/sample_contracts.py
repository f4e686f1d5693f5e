"""Flexible-talent contracts of the sample banner, at several stages, each brought there by the acts of its people."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from cli.sample_banner import COMMISSION, FIRST, MEDIATION, SECOND, THIRD
from cli.sample_office import Office
from db.talent_openings import TalentOpening
from services.forms.talent_sheets import BASES, CLASSES, MODES, UNITS
from services.import_template import workbook
from services.talent_opening_rows import HEADINGS, SERVICE

WEEK = timedelta(weeks=1)
ONE_DAY = timedelta(days=1)
HOURS_A_WEEK, WEEKS_OF_PERIOD = 8, 13
REVIEWED, DRAFTED = "reviewed", "drafted"
AGREED = "同意。"
OFFICER, ADVICE = f"{COMMISSION}-officer", "顾问指导"
KINDS = ("clinic", "rounds", "training", "surgery_demo")


@dataclass(frozen=True)
class Sample:
    """One contract. begun: so many whole weeks before today, below nothing for weeks to come; periods: of 13 weeks.

    stated: so many weeks of it are in the sheet of running contracts, what came later is on record day by day; None for
    one that is recruited here. upto: how far that has come. short: one in so many weeks in which the day fell out.
    """

    number: str
    hospital: str
    expert: str
    department: str
    gap: str
    begun: int
    periods: int
    upto: str = ""
    stated: int | None = None
    short: int = 0
    wan_yuan: int = 30

    @property
    def hr(self) -> str:
        """The hospital's officer."""
        return f"{self.hospital}-hr"

    @property
    def leader(self) -> str:
        """The hospital's leader."""
        return f"{self.hospital}-leader"

    def first_day(self, today: date) -> date:
        """The contract's first day."""
        return today - self.begun * WEEK

    def since(self, today: date) -> date:
        """From which day on what is worked is on record by itself."""
        return self.first_day(today) + (self.stated or 0) * WEEK

    def last_day(self, today: date) -> date:
        """Its last day."""
        return self.first_day(today) + self.periods * WEEKS_OF_PERIOD * WEEK - ONE_DAY


WELL = Sample("s-well", FIRST, "ot-e01", "内镜中心", "早癌内镜诊疗能力不足", 26, 4, stated=20, short=13)
WARNED = Sample("s-warned", SECOND, "ot-e04", "内科", "消化内镜起步晚，缺带头人", 21, 4, stated=11, short=4)
ENDING = Sample("s-ending", THIRD, "ot-e03", "骨伤科", "复杂关节手术需外转", 18, 4, stated=14, short=4, wan_yuan=20)
ASSESSED = Sample("s-assessed", FIRST, "ot-e05", "心血管内科", "心梗救治链条不完整", 56, 8, stated=50, short=14)
UNSIGNED = Sample("s-unsigned", THIRD, "ot-e02", "呼吸内科", "慢阻肺规范管理薄弱", -2, 4, upto=DRAFTED)
REVIEW = Sample("s-review", SECOND, "ot-e06", "神经内科", "卒中溶栓能力不足", -6, 4, upto=REVIEWED)
RUNNING = (ASSESSED, WELL, WARNED, ENDING)
RECRUITED = (UNSIGNED, REVIEW)


async def contracts_under_way(office: Office, today: date) -> dict[str, str]:
    """Import those that run and bring the others to their stage; the cases of the running ones by the number."""
    recruiting = asyncio.gather(*(_brought(office, one, today) for one in RECRUITED))
    imported, _ = await asyncio.gather(_imported(office, today), recruiting)
    return imported


async def _imported(office: Office, today: date) -> dict[str, str]:
    sheet = running_sheet(today)
    page = "/contract-openings"
    known = await office.import_openings(OFFICER, sheet, len(RUNNING), page=page, kept=TalentOpening)
    for one in RUNNING:
        case = known[one.expert]
        await office.came_to(case, "active")
        await office.press(one.hr, f"/talent-contracts/{case}/head", {"head": f"{one.hospital}-department"})
        await office.post(f"/talent-contracts/{case}/sessions", {"rows": sessions_of(one, today)})
    return {one.number: known[one.expert] for one in RUNNING}


def running_sheet(today: date) -> bytes:
    """The sheet of running contracts as the commission would have filled it in on a day."""
    rows = [_row(number, one, today) for number, one in enumerate(RUNNING, start=1)]
    return workbook(HEADINGS, "在履合同", rows)


def _row(number: int, one: Sample, today: date) -> Sequence[str]:
    draft, signed_on = draft_of(one, today), (one.first_day(today) - WEEK).isoformat()
    cells = {
        "person": one.expert,
        "employer": one.hospital,
        "department": one.department,
        "talent_class": CLASSES["provincial"],
        "form": ADVICE,
        "mode": MODES["advisory"],
        "filing_number": f"示例备案第{number}号",
        "filed_on": (one.first_day(today) - 2 * WEEK).isoformat(),
        "number": f"示例合同第{number}号",
        "signed_on": signed_on,
        "first_day": draft["first_day"],
        "last_day": draft["last_day"],
        "unit": UNITS["hours"],
        "agreed": draft["agreed"],
        "periods": "；".join(f"{each['first_day']}至{each['last_day']}：{each['agreed']}" for each in draft["periods"]),
        "fund_yuan": draft["fund_yuan"],
        "as_of": (one.since(today) - ONE_DAY).isoformat(),
        "worked": str(HOURS_A_WEEK * len(worked_weeks(one, 0, one.stated or 0))),
        "consent_service": SERVICE["in_service"],
        "consented_on": signed_on,
        "authority_basis": BASES["practice_filing"],
        "authority_number": "示例执业备案",
        "authority_from": signed_on,
        "words": "示例数据",
    }
    return [cells.get(heading.field, "") for heading in HEADINGS]


async def _brought(office: Office, one: Sample, today: date) -> str:
    order = {"employer": one.hospital, "person": one.expert, "number": one.number}
    case = str((await office.post("/talent-contracts", order))["case_id"])
    await _nominated(office, one, case, today)
    if one.upto == REVIEWED:
        return case
    await _selected(office, case, today)
    await office.answer(one.hr, "draft_contract", case=case, form=draft_of(one, today))
    return case


async def _nominated(office: Office, one: Sample, case: str, today: date) -> None:
    need = {
        "gap": one.gap,
        "direction": f"{one.department}重点专科建设",
        "fits": "列入本院三年学科规划，已有两名医师作为带教对象。",
        "department": one.department,
    }
    await office.answer(one.hr, "submit_need", case=case, form=need)
    await office.answer(one.leader, "approve", case=case, words=AGREED)
    await office.answer_on_page(one.hr, "nominate_talent", case=case, form=_nomination(one, today), scan="推荐申报材料")
    await office.answer(one.leader, "submit", case=case, words=AGREED)


def _nomination(one: Sample, today: date) -> Mapping[str, Any]:
    of_class = {"class": "provincial", "ground": "discipline_leader", "level": "province"}
    return {
        "department": one.department,
        **of_class,
        "class_grounds": "示例：省级重点专科带头人证书。",
        "title": "full_senior",
        "title_since": (today - 400 * WEEK).isoformat(),
        "form": ADVICE,
        "mode": "advisory",
        "own_city": "no",
        "first_day": one.first_day(today).isoformat(),
        "last_day": one.last_day(today).isoformat(),
        "members": [],
    }


async def _selected(office: Office, case: str, today: date) -> None:
    leader = f"{COMMISSION}-leader"
    await office.answer(OFFICER, "pass", case=case, form={"settled": "无"}, words="资格条件符合。")
    await office.answer(OFFICER, "shortlist", case=case, words="符合重点专科方向。")
    review = {"group": "评审组五人（示例）", "met_on": today.isoformat(), "result": "一致同意引进。"}
    for person in (OFFICER, leader):
        await office.answer(person, "select", case=case, form=review, words=AGREED)
    await office.answer(OFFICER, "file_talent", case=case)


def draft_of(one: Sample, today: date) -> Mapping[str, Any]:
    """The contract as drafted: the same hours for every period."""
    first_day = one.first_day(today)
    starts = [first_day + number * WEEKS_OF_PERIOD * WEEK for number in range(one.periods)]
    of_period = HOURS_A_WEEK * WEEKS_OF_PERIOD
    return {
        "first_day": first_day.isoformat(),
        "last_day": one.last_day(today).isoformat(),
        "duties": "每周到岗一天，坐诊、查房、手术示教并带教本院医师两名。",
        "assessment": "按年度考核标准评分，季度小结。",
        "breach": "按合同第九条处理。",
        "visits": "每周坐诊半天、查房半天。",
        "discipline": f"协助建成{one.department}特色专科。",
        "training": "每年培养能独立操作的医师一名。",
        "benefit": "外转病人减少两成。",
        "fund_yuan": str(one.wan_yuan * 10_000),
        "unit": "hours",
        "agreed": str(of_period * one.periods),
        "periods": [
            {
                "first_day": start.isoformat(),
                "last_day": (start + WEEKS_OF_PERIOD * WEEK - ONE_DAY).isoformat(),
                "agreed": str(of_period),
            }
            for start in starts
        ],
        "relations": "yes",
    }


def worked_weeks(one: Sample, first: int, end: int) -> list[int]:
    """The weeks from one on and before another in which the expert came."""
    return [week for week in range(first, end) if not one.short or (week + 1) % one.short]


def sessions_of(one: Sample, today: date) -> list[Mapping[str, Any]]:
    """The days of work since the sheet of running contracts was filled in."""
    return [
        {
            "key": f"示例-{week + 1:03d}",
            "day": (one.first_day(today) + week * WEEK + 2 * ONE_DAY).isoformat(),
            "kind": KINDS[week % len(KINDS)],
            "units": str(HOURS_A_WEEK),
        }
        for week in worked_weeks(one, one.stated or 0, one.begun)
    ]


async def termination_raised(office: Office, case: str, today: date) -> None:
    """The hospital has learned that targets will not be met; confirmed, proposed, and not yet applied for."""
    wish = {
        "contract": case,
        "ground": "i",
        "learned_on": (today - 3 * WEEK).isoformat(),
        "words": "带教和手术开展进度明显滞后，预期难以完成合同任务（示例）。",
    }
    matter = await office.press(ENDING.hr, "/contract-ends", wish)
    await office.answer(ENDING.hr, "ground_confirmed", case=matter, words="已核对季度小结和手术登记。")
    await office.answer(ENDING.leader, "hold_payments", case=matter, words="终止事项办结前暂不新增拨付。")
    await office.answer(ENDING.leader, "recommend_termination", case=matter, words="建议终止。")


async def panel_opened(office: Office, case: str, today: date) -> None:
    """The assessment of the first year: ratings and materials are in, the panel has not scored yet."""
    first_day = ASSESSED.first_day(today)
    # From the first of January the two readings of a year are the same days, and nothing is asked.
    if (first_day.month, first_day.day) != (1, 1):
        await office.answer(ASSESSED.hr, "by_contract_year", case=case)
    matter = await office.beside(case, "AnnualTalentAssessment")
    own = {"points": "8", "account": "带教计划完成九成。"}
    mentees = {"mentees": [{"name": "示例医师甲", "points": "9"}, {"name": "示例医师乙", "points": "8.5"}]}
    head, rated = f"{FIRST}-department", "submit_rating"
    await office.answer(head, rated, case=matter, task="mentees_rating", form=mentees)
    await office.answer(head, rated, case=matter, task="department_rating", form=own)
    await office.answer(ASSESSED.expert, rated, case=matter, form=own)
    await office.answer(OFFICER, "give_points", case=matter, form={"points": "4"}, words="日常监管良好。")
    await office.answer(f"{COMMISSION}-medical", "nothing_known", case=matter)
    await office.answer(f"{MEDIATION}-officer", "nothing_known", case=matter)
