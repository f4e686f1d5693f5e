"""Two assessment methods of the sample county: one that is in force, one that a bureau has not filed yet."""

from cli.sample_county import GROUP, PACK
from cli.sample_office import Office

FILERS = ("dq-wjj-officer", "dq-rsj-officer", "dq-ybj-officer", "dq-czj-officer")
# (kind of staff, as it stands in the case's id, title, its areas with their tasks, how many bureaus have filed it)
METHODS = (
    (
        "county_hired_township_used",
        "sent-down",
        "“县聘乡用”人员绩效考核办法（示例）",
        {
            "业务技术带教": "每月带教查房不少于四次，带教本院医师两名以上。",
            "基层学科建设": "协助建成一个特色科室，每季度开展新技术一项以上。",
            "医防融合管理": "参与慢性病一体化门诊，每周不少于一个半天。",
        },
        4,
    ),
    (
        "township_managed_county_trained",
        "trainees",
        "“乡管县育”人员绩效考核办法（示例）",
        {
            "专业技术": "完成六项培训目标，由带教老师逐项确认。",
            "科研学术": "参加科室学术活动每月两次以上。",
            "医疗制度": "掌握核心制度并通过考试。",
        },
        3,
    ),
)


async def filed_methods(office: Office) -> None:
    """Start, draft and file them."""
    for programme, short, title, areas, filed in METHODS:
        await office.post("/assessment-methods", {"pack": PACK, "group": GROUP, "programme": programme, "version": 1})
        case = f"method.{PACK}.{GROUP}.{short}.1"
        form = {"title": title, "areas": areas}
        await office.answer(f"{GROUP}-coordinator", "submit_to_bureaus", case=case, form=form)
        for officer in FILERS[:filed]:
            await office.answer(officer, "file_method", case=case, words="同意备案。")
