"""From the mailbox to the monitor, as people go: letters on a phone, the post's page, the console at a desk."""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from cli.sample_banner import banner_institutions, banner_people
from cli.sample_contracts import RECRUITED, RUNNING
from cli.sample_county import SPECIALTIES, institutions, people
from cli.seed import DEMANDS
from policies.engine.pack import parse_pack
from tests.conftest import PACKS
from tests.journeys.conftest import Arrive
from tests.journeys.county import PHONE, Visitor

MONITOR, GROUP_OFFICE = "dq-jt1-monitor", "dq-jt1-coordinator"
SENDING, RECEIVING = "派出单位审核", "接收单位审核"
AGREE, REJECT, RETURN = "同意", "不同意", "退回补正"
QUOTE = "「并经派出单位与接收单位审核同意」"
CJK = re.compile(r"[\u3400-\u9fff]+")
NAMES = {str(one["id"]): str(one["name"]) for one in (*people(), *banner_people())}
IDS = {name: person for person, name in NAMES.items()}
OFFICES = {str(one["name"]): str(one["code"]) for one in (*institutions(), *banner_institutions())}

# Names of people, institutions and fields of medicine are facts of the county, a clause's place is the text's own.
FILES = ("dq-a.toml", "ot-a.toml")
TEXTS = [parse_pack((PACKS / name).read_text(), file=name) for name in FILES]
PLACES = {clause.clause for pack in TEXTS for clause in pack.clauses.values()}
# A list of words that the text itself gives stays in the text's words, as a quote does.
LISTED = {word for pack in TEXTS for one in pack.parameters.values() if one.unit == "words" for word in one.listed}
DEPARTMENTS = {one.department for one in (*RUNNING, *RECRUITED)} | {
    str(one.get("specialty")) for one in banner_people()
}
# What somebody wrote on a paper of a sample contract, and columns of the sheet that the page of imports speaks of.
NUMBERS = {f"示例{what}第{number}号" for what in ("合同", "备案", "凭证") for number in range(1, 5)}
WRITTEN = {"示例执业备案", "示例数据", "示例医师甲", "示例医师乙", "办公室", "医政医管股"}
COLUMNS = {"工作时间安排", "期初截止日", "尚未得知", "至"}
KNOWN = {
    *OFFICES,
    *IDS,
    *SPECIALTIES,
    *DEMANDS,
    *PLACES,
    *LISTED,
    *DEPARTMENTS,
    *NUMBERS,
    *WRITTEN,
    *COLUMNS,
    "人事科",
    "聘用",
}
FACTS = sorted(KNOWN - {""}, key=len, reverse=True)
PATHS = "all => all.map(each => each.pathname)"
TALENT_PAGES = ("/tasks", "/talent-contracts", "/fund-years", "/contract-openings")
PLAIN_PAGES = ("/tasks", "/monitor", "/posts", "/paper", "/mailbox", "/act-as", "/sign-in")
SAID = """() => {
  const quoted = "blockquote, .words, .languages, a[href^='/mailbox/']";
  const said = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) if (!walker.currentNode.parentElement.closest(quoted)) said.push(walker.currentNode.data);
  for (const each of document.querySelectorAll("[aria-label]")) said.push(each.getAttribute("aria-label"));
  return said;
}"""


@dataclass(frozen=True)
class Reviewed:
    """A case of which HR sees that both heads are asked: its number, and the two heads."""

    case: str
    sending: str
    receiving: str


@pytest.fixture
def hr(arrive: Arrive) -> Visitor:
    """HR at the monitor."""
    watcher = arrive()
    watcher.act_as(MONITOR)
    return watcher


def press(page: Page, choice: str) -> None:
    page.locator("button.choice").filter(has_text=re.compile(f"^{choice}(须写理由)?$")).click()


def rows_of(page: Page, case: str) -> Locator:
    """The case's rows on the monitor: the first, and one more for each further task."""
    return page.locator("#cases tbody tr", has=page.get_by_role("link", name=case, exact=True))


def held(page: Page, title: str) -> Locator:
    """An open task on the page of a case."""
    return page.locator("article.held", has=page.get_by_role("heading", name=title, exact=True))


def both_asked(hr: Visitor) -> Reviewed:
    """The first case on the monitor in which both sides are asked."""
    table = hr.open("/monitor?stage=under_two_way_review").locator("#cases tbody")
    row = table.locator("tr:has(td[rowspan='2'])").filter(has_text=SENDING).first
    case = row.locator("a").inner_text()
    page = hr.open(f"/cases/{case}")
    return Reviewed(case, _head(held(page, SENDING)), _head(held(page, RECEIVING)))


def _head(task: Locator) -> str:
    institution = task.locator("p").first.inner_text().split()[0]
    return f"{OFFICES[institution]}-head"


def test_from_the_letter_on_a_phone_to_the_monitor(arrive: Arrive, hr: Visitor) -> None:
    found = both_asked(hr)
    phone = arrive(phone=True)
    page = _opened_on_the_phone(phone, found)
    page.get_by_label("意见或理由").fill("同意派出，科室已安排。")
    press(page, AGREE)
    expect(page.get_by_role("status")).to_have_text("已记录。")
    page.reload()
    expect(page.get_by_role("status")).to_have_text("已记录。")
    expect(page.locator("article")).to_contain_text("这是重复提交，显示的是第一次提交时记录的内容。")
    expect(page.locator("article")).to_contain_text(f"您的选择：{AGREE}")
    page.goto(page.url)
    expect(page.locator("article")).to_contain_text("这项待办已经办结。")
    expect(page.locator("li.opinion")).to_contain_text("同意派出，科室已安排。")
    _hr_sees_the_answer_and_why_the_other_is_asked(hr, found)
    phone.letter(found.receiving, RECEIVING, found.case)
    answered = phone.follow()
    press(answered, AGREE)
    expect(answered.get_by_role("status")).to_have_text("已记录。")
    hr.seen("/monitor?stage=matched", rows_of(hr.page, found.case).filter(has_text="已达成意向"))


def _opened_on_the_phone(phone: Visitor, found: Reviewed) -> Page:
    phone.letter(found.sending, SENDING, found.case)
    page = phone.follow()
    assert not [one for one in phone.context.cookies() if one["name"] == "pinyong"]
    expect(page.get_by_role("heading", level=1)).to_have_text(SENDING)
    expect(page.locator(".ask")).to_contain_text("须派出单位与接收单位双方同意")
    expect(page.locator("dl.facts")).to_contain_text("24时前")
    expect(page.locator("blockquote")).to_have_text(QUOTE)
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("window.innerWidth") == PHONE["width"]
    return page


def _hr_sees_the_answer_and_why_the_other_is_asked(hr: Visitor, found: Reviewed) -> None:
    answered = hr.page.locator("ol.timeline li").filter(has_text="作出决定").filter(has_text=SENDING)
    hr.seen(f"/cases/{found.case}", answered)
    expect(answered).to_contain_text(AGREE)
    expect(hr.page.locator("li.opinion").filter(has_text="县级医院负责人")).to_contain_text(AGREE)
    expect(held(hr.page, SENDING)).to_have_count(0)
    other = held(hr.page, RECEIVING)
    expect(other.locator("blockquote")).to_be_hidden()
    other.get_by_text("为什么？").click()
    expect(other.locator("blockquote")).to_have_text(QUOTE)
    expect(other.locator("figcaption")).to_contain_text("DQ-3.1.3b")
    expect(other.get_by_text("系统默认，非政策规定")).to_be_visible()


def test_a_return_goes_to_the_applicant_and_back_with_a_new_link(arrive: Arrive, hr: Visitor) -> None:
    found = both_asked(hr)
    name = hr.page.locator("dl.facts dd").nth(1).inner_text()
    head, applicant = arrive(phone=True), arrive(phone=True)
    head.letter(found.sending, SENDING, found.case)
    old = head.follow()
    link = old.url
    press(old, RETURN)
    expect(old.get_by_role("alert")).to_contain_text("请写明理由")
    old.get_by_label("意见或理由").fill("请说明到岗后的门诊安排。")
    press(old, RETURN)
    expect(old.get_by_role("status")).to_have_text("已记录。")
    applicant.letter(IDS[name], "补正报名材料", found.case)
    asked = applicant.follow()
    expect(asked.locator(".notice.warn")).to_contain_text("请说明到岗后的门诊安排。")
    press(asked, "补正后重新提交")
    expect(asked.get_by_role("status")).to_have_text("已记录。")
    hr.seen(f"/cases/{found.case}", held(hr.page, SENDING))
    head.letter(found.sending, SENDING, found.case, number=2)
    new = head.follow()
    old.goto(link)
    expect(old.locator("article")).to_contain_text("这项待办已经办结。")
    expect(old.locator("article")).to_contain_text("退回补正")
    expect(old.locator("button.choice")).to_have_count(0)
    assert new.url != link
    press(new, AGREE)
    expect(new.get_by_role("status")).to_have_text("已记录。")


def test_of_two_applicants_for_one_post_one_is_taken_and_the_other_told_why(arrive: Arrive, hr: Visitor) -> None:
    head = arrive()
    head.open(_contested_post(head, hr))
    rows = head.page.locator("label.pick-one", has=head.page.locator("b"))
    expect(rows).to_have_count(2)
    taken, refused = (rows.nth(number).locator("input").get_attribute("value") or "" for number in (0, 1))
    name = rows.nth(1).locator("b").inner_text()
    _choose(head.page, "")
    expect(head.page.get_by_role("alert")).to_contain_text("请写明理由")
    _choose(head.page, "本岗位只接收一人，专业更对口者优先。")
    results = head.page.locator("ul.opinions li")
    expect(results).to_have_count(2)
    expect(results.filter(has_text=name)).to_contain_text(f"{REJECT} · 已记录")
    hr.seen("/monitor?stage=matched", rows_of(hr.page, _case(taken)))
    mail = arrive(phone=True)
    mail.letter(IDS[name], "【结果】", _case(refused))
    expect(mail.page.frame_locator("iframe.letter").locator("body")).to_contain_text("未获同意")
    answers = hr.open(f"/cases/{_case(refused)}").locator("ol.timeline li").filter(has_text="作出决定")
    expect(answers.filter(has_text=RECEIVING)).to_contain_text(REJECT)


def _choose(page: Page, reason: str) -> None:
    page.locator("label.pick-one").first.click()
    page.get_by_label("不同意，并告知理由").check()
    page.get_by_label("不同意的理由").fill(reason)
    page.get_by_role("button", name="提交").click()


def _case(task: str) -> str:
    return task.rsplit(".", 1)[0]


def _contested_post(head: Visitor, hr: Visitor) -> str:
    """The page of a post about which one receiving head is asked twice."""
    asked = hr.open("/monitor?stage=under_two_way_review").locator("#cases td").filter(has_text=RECEIVING)
    places = [words.split("\n")[1].split()[0] for words in asked.all_inner_texts()]
    for place in sorted({one for one in places if places.count(one) > 1}):
        tasks = head.act_as(f"{OFFICES[place]}-head")
        compare = tasks.get_by_role("link", name="按岗位比较全部报名人员")
        links = compare.evaluate_all(PATHS)
        contested = [str(one) for one in links if links.count(one) > 1]
        if contested:
            return contested[0]
    raise AssertionError(places)


def test_signing_in_by_a_mailed_link(arrive: Arrive) -> None:
    person = "dq-t06-head"
    page = (visitor := arrive(phone=True)).open("/monitor")
    page.get_by_label("邮箱").fill(f"{person}@deqing.example")
    page.get_by_role("button", name="发送登录链接").click()
    expect(page.get_by_role("status")).to_contain_text("登录链接已经发出")
    visitor.letter(person, "登录")
    entered = visitor.follow("登录")
    expect(entered.locator("header form.out")).to_have_count(0)
    link = entered.url
    entered.get_by_role("button", name="登录").click()
    expect(entered.locator("header form.out")).to_contain_text(NAMES[person])
    entered.goto(link)
    expect(entered.get_by_role("alert")).to_contain_text("链接已经用过")


def test_after_the_switch_pages_are_in_english_but_for_names_and_quotes(arrive: Arrive) -> None:
    reader = arrive()
    reader.open("/sign-in").get_by_role("link", name="English").click()
    expect(reader.page.get_by_role("heading", level=1)).to_have_text("Sign in")
    read: dict[str, list[str]] = {}
    for person in ("dq-t12-hr", "dq-h1-s09", "dq-t07-head", "dq-h3-head", GROUP_OFFICE):
        tasks = reader.act_as(person).locator("ul.tasks a.title").evaluate_all(PATHS)
        assert tasks, person
        read |= {path: chinese(reader.open(path)) for path in tasks}
    cases = reader.open("/monitor?state=all").locator("#cases td:first-child a").evaluate_all(PATHS)
    one_of_each = {path.removeprefix("/cases/").split(".")[0]: path for path in cases}
    assert len(one_of_each) > 4
    read |= {path: chinese(reader.open(path)) for path in (*PLAIN_PAGES, *one_of_each.values())}
    assert {path: words for path, words in read.items() if words} == {}


def test_the_pages_of_the_banner_are_in_english_too(arrive: Arrive) -> None:
    reader = arrive()
    reader.open("/sign-in").get_by_role("link", name="English").click()
    read: dict[str, list[str]] = {}
    for person in ("ot-h1-hr", "ot-h2-hr", "ot-h3-leader", "ot-e02", "ot-wjw-officer"):
        tasks = reader.act_as(person).locator("ul.tasks a.title").evaluate_all(PATHS)
        cases = reader.page.locator("ul.tasks a[href^='/cases/']").evaluate_all(PATHS)
        contracts = reader.open("/talent-contracts").locator("ul.tasks .title a").evaluate_all(PATHS)
        assert tasks, person
        assert contracts, person
        read |= {path: chinese(reader.open(path)) for path in (*tasks, *cases, *contracts)}
    read |= {path: chinese(reader.open(path)) for path in TALENT_PAGES}
    assert {path: words for path, words in read.items() if words} == {}


def test_an_expert_agrees_by_letter_and_the_hospital_is_asked(arrive: Arrive) -> None:
    """OT-2.1d: who signs says so on a phone; what binds is the paper, which is recorded after both have."""
    expert = arrive(phone=True)
    expert.open("/mailbox?to=ot-e02@").locator("td:last-child a", has_text="核对合同").first.click()
    page = expert.follow()
    press(page, "同意签订")
    expect(page.locator("main")).to_contain_text("您的选择：同意签订")
    leader = arrive()
    leader.act_as("ot-h3-leader")
    leader.seen("/tasks", leader.page.locator("a.title", has_text="审定合同"))


def chinese(page: Page) -> list[str]:
    """What a reader of English meets in Chinese that is neither a name nor a quote."""
    assert page.locator("html").get_attribute("lang") == "en"
    words: list[str] = page.evaluate(SAID)
    for name in FACTS:
        words = [each.replace(name, "") for each in words]
    return sorted({found for each in words for found in CJK.findall(each)})
