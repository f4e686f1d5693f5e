"""A letter for tests; every fact of it is a string that occurs nowhere else."""

from dataclasses import replace
from datetime import UTC, date, datetime

from mail.letters import Kind, Letter

LINK = "https://pinyong.example/a/LinkTokenCanary"

A_LETTER = Letter(
    id="case-17.t3.1.letter-1",
    kind=Kind.TASK,
    language="zh-CN",
    mail_to="zhang@hospital.example",
    name="张明镜",
    form_of_address="张院长",
    link=LINK,
    contact_person="王敏之",
    contact_telephone="0572-8001122",
    organisation="样例县健康集团",
    written_at=datetime(2026, 3, 2, 1, tzinfo=UTC),
    topic="case-17.t3",
    case_number="DQA-2026-0017",
    programme="县聘乡用样例",
    title="接收审核样例",
    asked_by="集团统筹岗样例",
    role="卫生院院长样例",
    ask="请确认是否同意申请人到岗，因双向选择须接收单位同意。",
    place="第一卫生院 全科医师",
    due=datetime(2026, 3, 6, 16, tzinfo=UTC),
    holder="第二卫生院院长样例",
    result="结果样例",
    reason="原因样例",
    decided_on=date(2026, 2, 27),
    valid_until=datetime(2026, 3, 2, 1, 15, tzinfo=UTC),
)


def a_letter(kind: Kind = Kind.TASK, language: str = "zh-CN") -> Letter:
    """A complete letter of a kind in a language."""
    return replace(A_LETTER, kind=kind, language=language)
