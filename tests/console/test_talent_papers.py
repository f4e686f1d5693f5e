"""What is printed of a talent contract: nomination, file, contract in brief, quarters, acceptance (COR-10)."""

import pytest

from db.engine.packs import PackShelf
from services.talent_contracts import TalentContractDesk
from tests.builders.banner import settle_banner
from tests.builders.county import publish_calendar
from tests.console.conftest import Town
from tests.console.test_contract_ends import printed
from tests.workflows import talent_life as life

PAPERS = {
    "talent_nomination_sheet": ("柔性引才推荐申报表", "内镜诊疗能力不足", "自治区级重点专科带头人", "评审组"),
    "talent_file": ("一人一档", "鄂旗医柔聘2040-01", "季度小结4份"),
    "talent_contract_brief": ("柔性引才合同摘要", "100次", "300,000.00元", "2040年7月1日至2041年6月30日", "25"),
    "talent_quarters": ("柔性引才季度小结", "诊疗120人次", "96.00%"),
    "talent_acceptance": ("终期验收报告", "按规定使用", "符合合同约定"),
}


@pytest.fixture
async def closed(town: Town) -> str:
    office = town.office
    await settle_banner(office.record)
    for year in (2041, 2042):
        await publish_calendar(office.record, year)
    desk = TalentContractDesk(office.record, office.delivery, clock=office.clock, shelf=PackShelf(office.record))
    case = await life.in_force(office, desk)
    await life.lived_to_the_end(office, case)
    return case


async def test_every_paper_of_a_contract_says_what_people_wrote_as_page_pdf_and_word(town: Town, closed: str) -> None:
    for person in (life.HR, life.OFFICER, life.EXPERT):
        for name, words in PAPERS.items():
            for way, text in (await printed(town, person, closed, name)).items():
                assert [word for word in words if word not in text] == [], (person, name, way)
    stranger = await town.as_person("o-h2-hr")
    assert (await stranger.get(f"/cases/{closed}/documents/talent_acceptance")).status == 404
