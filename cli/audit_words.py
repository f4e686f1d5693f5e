"""What `pinyong audit verify` says to people of an office: of each damage where it is, what was found, what to do."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from db.engine.damage import Damage, Tally
from i18n.dates import moment_words
from policies.engine.words import Language, Words


class Said(NamedTuple):
    """What was found, and what to do about it."""

    found: Words
    todo: Words


RECOVER = Words(
    "从该时间之后的备份中找回缺少的内容，并查明这段时间谁有数据库权限。",
    "find what is missing in a backup made after that time, and find out who had rights on the database since.",
)
COMPARE = Words(
    "与最近一份核对无误的备份比对这一处，并查明谁改动过数据库。",
    "compare this place with the newest backup that verified, and find out who changed the database.",
)
DAMAGES: Mapping[str, Said] = {
    "gone": Said(
        Words(
            "整份档案已不在数据库中。{at}的第 {seal} 号封签记有它，当时有 {number} 行。",
            "the whole file is gone from the database. Seal {seal} of {at} names it, with {number} lines.",
        ),
        RECOVER,
    ),
    "gone_unsealed": Said(
        Words(
            "整份档案在第一次封签之前被删除。",
            "the whole file was deleted before its first seal.",
        ),
        COMPARE,
    ),
    "cut_off": Said(
        Words(
            "档案缺少内容：{at}的第 {seal} 号封签记有第 {number} 行，现在没有这一行。",
            "the file is shorter than it was: seal {seal} of {at} names line {number}, which is not there.",
        ),
        RECOVER,
    ),
    "replaced": Said(
        Words(
            "档案曾被退回到旧状态，之后又写了别的内容：第 {number} 行不是{at}的第 {seal} 号封签所记的那一行。",
            "the file was set back and then went on otherwise: line {number} is not the one that seal {seal} of {at} "
            "names.",
        ),
        RECOVER,
    ),
    "unsealed": Said(
        Words(
            "没有一枚封签记有这份档案的现状，它也不在待封之列：封签或待封记录被人删除过，或档案是从旁写入的。",
            "no seal names the file as it stands, and it does not wait for one: seals or marks were deleted, or the "
            "file was written by other means.",
        ),
        COMPARE,
    ),
    "seal_missing": Said(
        Words("登记中缺第 {seal} 号至第 {number} 号封签。", "missing from the register: seals {seal} to {number}."),
        Words(
            "从备份中找出缺少的封签和它们所记的各份档案，逐一比对，并查明谁有数据库权限。",
            "find the seals in a backup, compare the files they name, and find out who had rights on the database.",
        ),
    ),
    "seal_altered": Said(
        Words("第 {seal} 号封签（{at}）与写入时不符。", "seal {seal} of {at} is not as it was made."),
        Words(
            "从备份中找出这枚封签，逐一比对它所记的各份档案，并查明谁改动过数据库。",
            "find the seal in a backup, compare the files that it names, and find out who changed the database.",
        ),
    ),
    "seal_unknown": Said(
        Words(
            "您给出的第 {seal} 号封签（校验码 {which}）不在登记中：登记被退回过更早的状态，或抄写有误。",
            "seal {seal} with the code {which}, which you gave, is not in the register: the register was set back, or "
            "the number was copied wrongly.",
        ),
        Words(
            "先核对抄写。数据库若在此期间从备份恢复过，请把恢复时间记入审计记录；若没有，按篡改处理。",
            "check what you copied. If the database was restored from a backup since, note that in the audit's record; "
            "if not, treat it as tampering.",
        ),
    ),
    "line_missing": Said(Words("档案第 {number} 行缺失。", "line {number} of the file is missing."), COMPARE),
    "line_altered": Said(
        Words("档案第 {number} 行与写入时不符。", "line {number} of the file is not as it was written."), COMPARE
    ),
    "end_of_file": Said(
        Words(
            "档案末尾与事项自己的记录不符：被截短或被添加。",
            "the end of the file is not what the case itself has on record: cut off, or added to.",
        ),
        COMPARE,
    ),
    "case_row": Said(
        Words("事项的阶段或结果与档案所记不符。", "stage or outcome of the case is not what its file says."),
        COMPARE,
    ),
    "decision": Said(
        Words(
            "决定 {which} 与档案所记不符，或已缺失。",
            "decision {which} differs from its line in the file, or is missing.",
        ),
        COMPARE,
    ),
    "pack": Said(
        Words(
            "办理依据（规则版本 {which}）的存档文本不是装载时的文本。",
            "the stored text of the rules, version {which}, is not the one that was loaded.",
        ),
        Words(
            "与发布的规则文件比对，并查明谁改动过数据库。",
            "compare it with the released file of the rules, and find out who changed the database.",
        ),
    ),
    "scan": Said(
        Words("扫描件 {which} 的内容已被更换。", "the scan {which} is not the one that was kept."),
        Words("以纸质原件为准，重新扫描比对。", "go by the paper original, and compare a new scan."),
    ),
}
ROWS: Mapping[str, Words] = {
    "start": Words("开办登记（人员、机构、依据版本）", "what the case was started with"),
    "finding": Words("认定结论", "finding"),
    "post": Words("岗位", "post"),
    "closed_post": Words("岗位取消", "post that was taken back"),
    "match": Words("达成的意向（岗位）", "match with the post"),
    "verdict": Words("备案意见（事项）", "verdict on the case"),
    "official": Words("公文登记", "recording for a document"),
    "service_credit": Words("基层服务", "grassroots service"),
}
CHANGES: Mapping[str, Words] = {
    "altered": Words(
        "{row} {which}：现在的内容不是档案所记的内容。", "{row} {which}: what it says now is not what the file says."
    ),
    "missing": Words("{row} {which}：档案记有它，现在没有了。", "{row} {which}: the file names it, and it is gone."),
    "added": Words(
        "{row} {which}：档案没有记载，不是由系统办理写入的。",
        "{row} {which}: no file names it; it was not written by the product.",
    ),
}
CASE = Words("事项 {case}", "case {case}")
REGISTER = Words("封签登记", "register of seals")
NO_CASE = Words("台账和规则", "registers and rules")
FOUND, TODO = Words("发现：{words}", "found: {words}"), Words("办法：{words}", "to do: {words}")

LOOKED_AT = Words(
    "已核对 {cases} 份档案、{lines} 行、{seals} 枚封签。", "checked: {cases} files, {lines} lines, {seals} seals."
)
SEALED = Words(
    "封签截至{at}：第 {number} 号，校验码 {code}。请抄下另行保管，下次核对时加上 --seal {number}:{code}。",
    "sealed until {at}: seal {number}, code {code}. Write it down and keep it elsewhere; give it to the next audit as "
    "--seal {number}:{code}.",
)
WAITING = Words(
    "尚未封签的事项：{waiting} 份。最后一枚封签之后写入的内容，有数据库权限的人可以删去而不被本核对发现。",
    "cases that wait for the next seal: {waiting}. What was written after the newest seal can be removed, by somebody "
    "with rights on the database, without this audit seeing it.",
)
NO_SEAL = Words(
    "还没有封签：后台程序（worker）运行几秒后写下第一枚。在此之前，整份删除或截短的档案不能被发现。",
    "there is no seal yet: the worker makes the first one a few seconds after it starts. Until then a file that was "
    "deleted or cut off as a whole cannot be found.",
)
UNNAMED = Words(
    "未核对：{unnamed} 条开办登记、认定、岗位、意向或备案意见。"
    "它们所属的档案开立于 {since} 之前，那时尚未逐条载入档案。",
    "not covered: {unnamed} starts, findings, posts, matches or verdicts. Their files were begun before {since}, when "
    "such rows were not yet named in the files.",
)
NOT_YET = Words("本版本启用", "this release")
WHOLE = Words("完整：全部相符，没有发现问题。", "whole: everything is as it was written.")
DAMAGED = Words(
    "发现 {found} 处问题。请保存本次输出，先另存一份数据库（不要覆盖旧备份），不要自行修补，立即报告负责人和审计人员。",
    "{found} damages found. Keep this output, make a copy of the database first (over no older backup), repair nothing "
    "yourselves, and report it to the person in charge and to the auditors at once.",
)
SEAL_UNREADABLE = Words(
    "--seal 应写作 封签号:校验码，例如 12:3f9a-0c41-77de。",
    "--seal is written as number:code, for example 12:3f9a-0c41-77de.",
)


def paragraph(damage: Damage, number: int, language: Language) -> str:
    """Three lines: where, what was found, what to do."""
    found, todo = _said(damage, language)
    elsewhere = REGISTER if damage.seal else NO_CASE
    place = CASE.filled(case=damage.case_id) if damage.case_id else elsewhere
    lines = (
        f"{number}. {place.said_in(language)}",
        "   " + FOUND.filled(words=found).said_in(language),
        "   " + TODO.filled(words=todo).said_in(language),
    )
    return "\n".join(lines)


def _said(damage: Damage, language: Language) -> tuple[str, str]:
    if damage.what in ROWS:
        row = ROWS[damage.what].said_in(language)
        change = CHANGES[damage.how].filled(row=row, which=_row_named(damage, language))
        return change.said_in(language), COMPARE.said_in(language)
    kind = "gone_unsealed" if damage.what == "gone" and not damage.seal else damage.what
    said, at = DAMAGES[kind], moment_words(damage.at, _code(language)) if damage.at else ""
    found = said.found.filled(number=damage.number, which=damage.which, seal=damage.seal, at=at)
    return found.said_in(language), said.todo.said_in(language)


def _row_named(damage: Damage, language: Language) -> str:
    """A finding has no number that people know; its rule and its instant name it."""
    rule, _, at = damage.which.partition(" ")
    if damage.what != "finding" or not at:
        return damage.which
    return f"{rule} ({moment_words(datetime.fromisoformat(at), _code(language))})"


def summary(tally: Tally, found: int, language: Language) -> str:
    """What was looked at, until when it is sealed, what is not covered, and the result in the last line."""
    lines = [LOOKED_AT.filled(cases=tally.cases, lines=tally.lines, seals=tally.seals)]
    if tally.sealed_until:
        at = moment_words(tally.sealed_until, _code(language))
        lines.append(SEALED.filled(at=at, number=tally.newest_seal, code=tally.code))
        lines.append(WAITING.filled(waiting=tally.waiting))
    else:
        lines.append(NO_SEAL)
    if tally.unnamed:
        since = tally.named_since
        named = moment_words(since, _code(language)) if since else NOT_YET.said_in(language)
        lines.append(UNNAMED.filled(unnamed=tally.unnamed, since=named))
    lines.append(DAMAGED.filled(found=found) if found else WHOLE)
    return "\n".join(line.said_in(language) for line in lines)


def _code(language: Language) -> str:
    return "zh-CN" if language == "zh" else "en"
