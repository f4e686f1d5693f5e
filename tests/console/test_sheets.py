"""A recorded form as the second person reads it: what was recorded, and nothing from elsewhere."""

from datetime import UTC, date, datetime

from bs4 import BeautifulSoup

from console import Setting
from console.decide import Typed
from console.pages import Pages
from policies.engine.words import Words
from services.engine.paper import Sheet, Waiting
from services.engine.said import Option

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SAID = Words("字", "word")


def read(sheet: Sheet, form: dict[str, object]) -> BeautifulSoup:
    known = ("签字", "记录", "p-hr", SAID, date(2026, 3, 1), NOW, "", "", form, "5" * 64, "submit", sheet)
    row = Waiting("sheet", "enquiry.1.t1", "enquiry.1", SAID, *known, may_check=True)
    setting = Setting(language="zh-CN", secure=False, demo=False)
    around: dict[str, object] = {
        "viewer": None,
        "setting": setting,
        "here": "/paper",
        "now": NOW,
        "switch": {},
        "done": "",
        "problem": "",
    }
    rows = [(row, Typed("", row.chosen, row.words, row.form))]
    page = Pages().render("zh-CN", "papers.html", {**around, "rows": rows})
    return BeautifulSoup(page, "html.parser")


def test_a_recorded_demand_without_lines_shows_none_of_the_revision_before() -> None:
    before = {"lines": [{"specialty": "内科", "headcount": 2}], "trainees": [{"person": "p-1", "specialty": "儿科"}]}
    page = read(Sheet("demand", (), {}, before), {"nil_demand": True, "nil_trainees": True})
    assert len(page.select("fieldset[disabled] input[checked]")) == 2
    assert page.select("input[name^=lines-], input[name^=trainees-]") == []


def test_a_recorded_filing_ticks_only_the_verdicts_that_it_holds() -> None:
    member = {"institution": "一院", "post": None, "name": "某", "professional_title": "", "specialty": ""}
    drafted = {"verdict": "return", "reason": "缺材料"}
    members = [{**member, "case": "c1"}, {**member, "case": "c2", "drafted": drafted}, {**member, "case": "c3"}]
    items = tuple(Option(name, SAID, "", "") for name in ("file", "return", "object"))
    page = read(Sheet("filing", items, {}, {"members": members}), {"verdicts": [{"case": "c1", "verdict": "object"}]})
    ticked = [(box["name"], box["value"]) for box in page.select("fieldset[disabled] input[checked]")]
    assert ticked == [("verdicts-0-verdict", "object")]
    assert "缺材料" not in str(page)
