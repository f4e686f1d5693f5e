"""COR-17: every row of the sheet of running contracts is judged by itself; each fault is said with what to do."""

import re

import pytest
from sqlalchemy import select

from db.engine.cases import CaseFile
from db.engine.people import RoleHolding
from services.field_problems import said
from services.opening_balances import SheetNotSeen
from tests.builders.banner import COMMISSION, SECOND_EMPLOYER, SINCE
from tests.workflows import running_contracts as running
from tests.workflows.office import Office

Faults = list[tuple[str, str]]


@pytest.fixture(autouse=True)
async def banner(office: Office) -> None:
    await running.settled(office)


async def faults(office: Office, **wrong: str) -> Faults:
    """What is wrong with a row that would be in order without these cells."""
    seen = await running.looked_at(office, running.with_gates(**wrong))
    return [(one.field, one.code) for one in seen.imported.rows[0].result.problems]


async def test_a_row_in_order_may_begin_and_nothing_has_begun(office: Office) -> None:
    seen = await running.looked_at(office, running.with_gates())
    assert [row.result.outcome for row in seen.imported.rows] == ["created"]
    assert not await office.rows(select(CaseFile))


async def test_each_fault_of_a_row_is_named_by_its_cell(office: Office) -> None:
    await office.tell_time()
    wrongs: tuple[tuple[dict[str, str], Faults], ...] = (
        ({"person": ""}, [("person", "missing")]),
        ({"person": "nobody"}, [("person", "person_unknown")]),
        ({"person": "o-h1-hr"}, [("person", "own_staff")]),
        ({"person": "o-officer"}, [("person", "opening_own")]),
        ({"employer": "ot-wjw"}, [("employer", "institution_unknown")]),
        ({"with_others": "ot-h1"}, [("with_others", "other_hospital_wrong")]),
        ({"with_others": "ot-h2、ot-h2"}, [("with_others", "other_hospital_wrong")]),
        ({"form": "义诊"}, [("form", "free_clinic")]),
        ({"mode": "长期"}, [("mode", "choice_unknown")]),
        ({"unit": "周"}, [("unit", "choice_unknown")]),
        ({"agreed": "0"}, [("agreed", "working_time_missing")]),
        ({"worked": "-1"}, [("worked", "opening_amount")]),
        ({"worked": "1.234"}, [("worked", "opening_amount")]),
        ({"excused": "很多"}, [("excused", "opening_amount")]),
        ({"excused": "60"}, [("excused", "opening_excused")]),
        ({"worked": "100000"}, [("worked", "opening_above")]),
        ({"worked": "58.6"}, [("worked", "opening_above")]),
        ({"unit": "天", "worked": "215.01", "words": "加班"}, [("worked", "opening_days")]),
        ({"unit": "天", "worked": "215", "words": "加班"}, []),
        ({"unit": "半天", "worked": "430.01", "words": "加班"}, [("worked", "opening_days")]),
        ({"unit": "小时", "worked": "5160.01", "words": "加班"}, [("worked", "opening_days")]),
        ({"worked": "70", "words": "超额完成，见签到表"}, []),
        ({"periods": "每季度25次"}, [("periods", "opening_periods")]),
        ({"periods": "2039-07-01至2040-06-30：99"}, [("periods", "schedule_differs")]),
        ({"periods": "2039-07-01至2040-07-30：100"}, [("periods", "schedule_outside")]),
        ({"last_day": "2039-02-30"}, [("last_day", "date_wrong")]),
        ({"last_day": "2039-06-30"}, [("last_day", "service_order")]),
        ({"as_of": "2039-06-30"}, [("as_of", "opening_as_of")]),
        ({"as_of": "2040-03-05"}, [("as_of", "opening_as_of")]),
        ({"last_day": "2040-01-31"}, [("as_of", "opening_as_of")]),
        ({"signed_on": "2040-03-06"}, [("signed_on", "date_future")]),
        ({"signed_on": "2040-02-01"}, [("as_of", "opening_signed")]),
        ({"signed_on": "2039-08-01"}, [("worked_before", "opening_before")]),
        ({"signed_on": "2039-08-01", "worked_before": "53"}, [("worked_before", "opening_before")]),
        ({"worked_before": "1"}, [("worked_before", "opening_not_before")]),
        ({"worked": "30"}, [("learned", "opening_learned")]),
        ({"worked": "30", "learned": "年初"}, [("learned", "opening_learned")]),
        ({"worked": "30", "learned": "2040-03-06"}, [("learned", "opening_learned_day")]),
        ({"learned": "2040-01-05"}, [("learned", "opening_not_below")]),
        ({"consent_service": ""}, [("consent_service", "opening_gate")]),
        ({"consented_on": ""}, [("consented_on", "missing")]),
        ({"authority_basis": ""}, [("authority_basis", "opening_gate")]),
        ({"authority_from": ""}, [("authority_from", "missing")]),
        ({"words": "长" * 501}, [("words", "too_long")]),
    )
    found = {str(wrong): await faults(office, **wrong) for wrong, _ in wrongs}
    assert found == {str(wrong): expected for wrong, expected in wrongs}


async def test_cor_10_a_number_names_one_contract_of_an_employer(office: Office) -> None:
    """In one sheet, and in two; another employer has numbers of its own, and what was taken back has none."""
    other = running.with_gates(person="o-expert-2")
    seen = await running.looked_at(office, running.with_gates(), other)
    assert [row.result.outcome for row in seen.imported.rows] == ["created", "refused"]
    (twice,) = seen.imported.rows[1].result.problems
    assert (twice.code, dict(twice.values)) == ("contract_number_twice", {"row": "2"})
    (case,) = await running.imported(office, running.with_gates())
    seen = await running.looked_at(office, other, {**other, "employer": SECOND_EMPLOYER})
    (problem,) = seen.imported.rows[0].result.problems
    told = problem.field, problem.code, dict(problem.values)
    assert told == ("number", "contract_number_used", {"case": case})
    assert seen.imported.rows[1].result.outcome == "created"
    await office.stands(case, "active")
    reader = await running.viewer(office)
    await running.desk(office).take_back(case, reader, reason="人员录错", request=office.request())
    await office.seen(select(CaseFile).where(CaseFile.id == case, CaseFile.state == "closed"))
    await running.imported(office, other)


async def test_a_wrong_row_stops_nothing_but_itself(office: Office) -> None:
    rows = (running.with_gates(worked="x"), running.with_gates(person="o-expert-2", employer=SECOND_EMPLOYER))
    seen = await running.looked_at(office, *rows)
    done = await running.desk(office).confirm(await running.viewer(office), seen.sheet)
    assert [(row.number, row.result.outcome) for row in done.imported.rows] == [(2, "refused"), (3, "created")]
    await office.stands(done.imported.rows[1].result.key, "active")


async def test_every_fault_has_its_words_and_an_advice_in_both_languages(office: Office) -> None:
    seen = await running.looked_at(office, running.with_gates(worked="x", as_of="2040-03-05", with_others="ot-h9"))
    for problem in seen.imported.rows[0].result.problems:
        for language, han in (("zh-CN", True), ("en", False)):
            words = said(problem, language)
            assert bool(re.search(r"[一-鿿]", re.sub("“.*?”", "", words.detail + words.advice))) is han
            assert words.advice


async def test_a_sheet_is_confirmed_by_who_has_looked_at_it(office: Office) -> None:
    seen = await running.looked_at(office, running.with_gates())
    async with office.record.begin() as session:
        session.add(RoleHolding(person="o-section", role="R-23", institution=COMMISSION, held_from=SINCE))
    with pytest.raises(SheetNotSeen):
        await running.desk(office).confirm(await running.viewer(office, "o-section"), seen.sheet)
