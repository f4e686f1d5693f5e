"""Terms under way of the sample county, at several stages, brought in as a county brings them that goes live: as a
sheet of opening balances (COR-17).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cli.sample_county import BUREAU, GROUP
from cli.sample_office import Office
from services.county_words import PROGRAMMES
from services.import_template import workbook
from services.office_words import MODES
from services.opening_rows import HEADINGS, STAGES

SENT_DOWN, TRAINEE = PROGRAMMES.values()
ONBOARDING, IN_SERVICE, COMPLETED = STAGES.values()
FULL, HALF = MODES.values()
WAITS_FOR_OPINION, CERTIFIED = "dq-h3-s18", "dq-h2-s19"
DIMENSIONS = ("德", "能", "勤", "绩", "廉")


@dataclass(frozen=True)
class Sample:
    """One term. began, ended: so many days before today, a first day to come is below nothing."""

    person: str
    receiving: str
    specialty: str
    began: int
    stage: str = IN_SERVICE
    programme: str = SENT_DOWN
    mode: str = FULL
    ended: int | None = None
    paused_days: int = 0
    half_days: int = 0
    absences: int = 0
    mentor: str = ""
    targets: str = ""
    words: str = ""


TERMS = (
    Sample("dq-h1-s12", "dq-t06", "内科", -21, stage=ONBOARDING),
    Sample("dq-h1-s20", "dq-t08", "内科", 90, half_days=12),
    Sample("dq-h2-s18", "dq-t07", "妇产科", 130, half_days=40, absences=1, words="缺勤一次，已核实。"),
    Sample("dq-h3-s13", "dq-t09", "妇产科", 174, half_days=64),
    Sample("dq-h2-s15", "dq-t10", "内科", 150, half_days=30, absences=3, paused_days=6),
    Sample("dq-h1-s24", "dq-t02", "全科", 215, mode=HALF, half_days=236),
    Sample(WAITS_FOR_OPINION, "dq-t11", "内科", 400, stage=COMPLETED, ended=12, half_days=248),
    Sample(CERTIFIED, "dq-t13", "全科", 430, stage=COMPLETED, ended=40, half_days=250),
    Sample(
        "dq-t02-s02",
        "dq-h1",
        "康复科",
        65,
        programme=TRAINEE,
        mentor="dq-h1-s18",
        targets="康复评定80例；物理治疗操作60例；参加疑难病例讨论12次",
    ),
    Sample("dq-t05-s01", "dq-h2", "儿科", 40, programme=TRAINEE, targets="儿科门诊跟诊200例；病例汇报10次"),
)


async def terms_under_way(office: Office, today: date) -> None:
    """Import them, and let two go on to opinion and certificate."""
    cases = await office.import_openings(f"{GROUP}-coordinator", sample_sheet(TERMS, today), len(TERMS))
    await _summarised(office, cases[WAITS_FOR_OPINION], WAITS_FOR_OPINION)
    await _certified(office, cases[CERTIFIED], CERTIFIED, receiving="dq-t13", met_on=today - timedelta(days=6))


def sample_sheet(terms: Sequence[Sample], today: date) -> bytes:
    """The sheet as the county's office would have filled it in on a day."""
    rows = [_row(one, number, today) for number, one in enumerate(terms, start=1)]
    return workbook(HEADINGS, "期初", rows)


def _row(one: Sample, number: int, today: date) -> Sequence[str]:
    began = today - timedelta(days=one.began)
    cells = {
        "person": one.person,
        "programme": one.programme,
        "sending": one.person.rpartition("-")[0],
        "receiving": one.receiving,
        "specialty": one.specialty,
        "mode": one.mode,
        "started_on": began.isoformat(),
        "filing_number": f"示例备案第{number}号",
        "stage": one.stage,
        "completed_on": (today - timedelta(days=one.ended)).isoformat() if one.ended else "",
        "paused_days": _counted(one.paused_days),
        "half_days": _counted(one.half_days),
        "absence_times": _counted(one.absences),
        "absence_days": _counted(one.absences),
        "mentor": one.mentor,
        "targets": one.targets,
        "words": one.words,
    }
    return [cells.get(heading.field, "") for heading in HEADINGS]


def _counted(number: int) -> str:
    return str(number) if number else ""


async def _summarised(office: Office, case: str, person: str) -> None:
    form = {"summary": "完成门诊、带教和家庭医生签约等工作，服务期内服从安排。"}
    await office.answer(person, "submit_summary", case=case, form=form)


async def _certified(office: Office, case: str, person: str, *, receiving: str, met_on: date) -> None:
    """Opinion, grade and certificate; where the person goes from here is still to be said."""
    await _summarised(office, case, person)
    texts = dict.fromkeys(DIMENSIONS, "服务期内表现良好，群众和同事评价较高。")
    form = {"dimensions": texts, "proposed": "qualified", "appraisal": ""}
    for suffix in ("hr", "head"):
        await office.answer(f"{receiving}-{suffix}", "give_opinion", case=case, form=form)
    await office.answer(person, "no_comment", case=case)
    meeting = {"minutes": "示例纪要第1号", "met_on": met_on.isoformat()}
    await office.answer(f"{GROUP}-committee", "grade_qualified", case=case, words="会议讨论确定。", form=meeting)
    await office.answer(person, "accept_grade", case=case)
    for suffix in ("officer", "section", "deputy"):
        await office.answer(f"{BUREAU}-{suffix}", "issue_certificate", case=case)
