"""The pages on which an approver asks others beside, and what those who are asked see."""

from sqlalchemy import select

from db.engine.tasks import DecisionRow, SeatRow
from tests.console.conftest import Town

HEAD, COLLEAGUE = "p-h1-head", "p-h1-hr"


async def test_a_head_asks_for_an_opinion_and_the_colleague_gives_it_from_the_mail(town: Town) -> None:
    task = await town.enquire()
    head = await town.as_person(HEAD)
    case = task.rsplit(".", 1)[0]
    page = await head.get(f"/tasks/{task}/hand-over?case={case}")
    assert "征求意见：对方只提意见，仍由您决定" in page.text
    form = page.fields('form:has(input[name="how"])')
    act = {**form, "act": "add_seat", "how": "consulted", "taker": COLLEAGUE, "words": "请提意见"}
    assert (await head.post(f"/cases/{case}/acts", act)).status == 200
    await town.seen(select(SeatRow).where(SeatRow.person == COLLEAGUE, SeatRow.open))
    link = f"/d/{await town.link(COLLEAGUE)}"
    asked = await town.browser().get(link)
    assert "（征求意见）" in asked.text
    assert [each.text for each in asked.html.select("button.choice")] == ["提交意见须写理由"]
    given = await town.browser().decide(link, "reply", "建议同意")
    assert "已记录。" in given.text
    await town.seen(select(DecisionRow).where(DecisionRow.choice == "reply"))
    seen = await head.get(f"/tasks/{task}")
    assert "已答复" in seen.text
    assert "建议同意" in seen.text


async def test_who_may_not_answer_yet_is_told_so_and_may_take_the_signer_back(town: Town) -> None:
    task = await town.enquire()
    head, case = await town.as_person(HEAD), task.rsplit(".", 1)[0]
    act = {"request": "a" * 32, "act": "add_seat", "how": "signs_before", "task": task, "taker": COLLEAGUE}
    assert (await head.post(f"/cases/{case}/acts", {**act, "words": "请先签"})).status == 200
    await town.seen(select(SeatRow).where(SeatRow.person == COLLEAGUE, SeatRow.open))
    page = await head.get(f"/tasks/{task}")
    assert (page.html.select("button.choice"), "还有加签人尚未签署" in page.text) == ([], True)
    answer = {"request": "c" * 32, "revision": "1", "choice": "agree", "words": ""}
    early = await head.post(f"/tasks/{task}", answer)
    assert (early.status, "还有加签人尚未签署" in early.text) == (409, True)
    taken_back = {**act, "request": "b" * 32, "act": "recall_seat"}
    assert "德清县人民医院 县级医院人事" in page.text
    assert "尚未答复" in page.text
    assert (await head.post(f"/cases/{case}/acts", taken_back)).status == 200
    await town.seen(select(SeatRow).where(SeatRow.person == COLLEAGUE, ~SeatRow.open))
    assert await town.all_of(select(SeatRow.person).where(SeatRow.open)) == [HEAD]
    assert "已记录。" in (await head.decide(f"/tasks/{task}", "agree")).text
