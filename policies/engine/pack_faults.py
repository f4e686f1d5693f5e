"""What can be wrong with a pack, each with its words in two languages."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from policies.engine.words import Language, Words

_WORDS: Mapping[str, Words] = {
    "malformed": Words("TOML 格式错误,第 {line} 行:{detail}", "malformed TOML, line {line}: {detail}"),
    "missing": Words("缺少“{name}”", "“{name}” is missing"),
    "unknown_key": Words("没有“{name}”这一项", "there is no key “{name}”"),
    "wrong_type": Words("“{name}”应为{expected_zh}", "“{name}” must be {expected_en}"),
    "half_translated": Words("“{name}”须同时有中文(zh)和英文(en)", "“{name}” needs both zh and en"),
    "not_listed": Words(
        "“{name}”的值“{value}”不在允许范围:{allowed}", "“{name}” is “{value}”; it must be one of: {allowed}"
    ),
    "unquoted": Words("依据为原文(text)的参数须有原文引文", "a value that rests on the text needs its quote"),
    "misquoted": Words("引文不在条款 {rule} 的原文中", "the quote does not occur in the quotes of {rule}"),
    "lines_unfit": Words(
        "{quotes}段引文给出了{lines}个行号;每段一个,或全部共用一个",
        "{quotes} quotes have {lines} lines: one each, or one for all",
    ),
    "unexplained_default": Words(
        "系统默认值须注明 DEF-、COR- 编号或 PD,收到“{value}”",
        "a default must name its DEF-, COR- id or PD, got “{value}”",
    ),
    "value_unfit": Words("值“{value}”与单位“{unit}”不符", "the value “{value}” does not fit the unit “{unit}”"),
    "unknown_rule": Words("引用了不存在的条款“{value}”", "names a clause that the pack does not have: “{value}”"),
    "unknown_choice": Words("引用了未定义的选项“{value}”", "names a choice that is not defined: “{value}”"),
    "unknown_role": Words("引用了未定义的角色“{value}”", "names a role that is not defined: “{value}”"),
    "unknown_receiver": Words(
        "接收人“{value}”未知,可用:{allowed}", "the receiver “{value}” is unknown; known are: {allowed}"
    ),
    "unknown_ladder": Words("引用了未定义的催办规则“{value}”", "names a ladder that is not defined: “{value}”"),
    "unknown_days": Words(
        "期限“{value}”不是以工作日为单位的参数", "“{value}” is no parameter with the unit working_days"
    ),
    "no_steps": Words("事项没有任何步骤", "the task has no step"),
    "steps_not_in_turn": Words("只有“依次”(in_turn)才能有多个步骤", "several steps are allowed only with kind in_turn"),
    "no_quorum": Words("“票签”(quorum)须写明不小于 1 的票数", "kind quorum needs a quorum of at least 1"),
    "unknown_task": Words("引用了未定义的事项“{value}”", "names a task that is not defined: “{value}”"),
    "unknown_blank": Words(
        "文字中的“{{{value}}}”不可用,可用:{allowed}", "the text has “{{{value}}}”; it may have: {allowed}"
    ),
    "unknown_base": Words(
        "所依据的规则“{value}”不存在,或其本身又依据另一规则",
        "extends “{value}”, which is not there or extends another itself",
    ),
    "repeated": Words("“{value}”重复出现", "“{value}” appears twice"),
    "not_after": Words(
        "自某日起算(since)的提醒须在该日之后,offset 应为正整数,收到 {value}",
        "a rung that counts from a day (since) comes after it: offset is 1 or more, got {value}",
    ),
}


@dataclass(frozen=True)
class Fault:
    """One fault: a stable code, the key where it stands, the rule it touches (or ""), and the values of its message."""

    code: str
    key: str
    rule: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def problem(self) -> Words:
        """The message, without its place."""
        return _WORDS[self.code].filled(**({"rule": self.rule} | dict(self.values)))

    def said_in(self, language: Language) -> str:
        """Key, rule and problem on one line."""
        rule = f" [{self.rule}]" if self.rule else ""
        return f"{self.key}{rule}: {self.problem.said_in(language)}"


class PackError(ValueError):
    """A policy pack has faults and is not loaded; all of them are named."""

    def __init__(self, file: str, faults: tuple[Fault, ...]) -> None:
        self.file = file
        self.faults = faults
        super().__init__(self.said_in("zh") + "\n" + self.said_in("en"))

    @property
    def key(self) -> str:
        """Where the first fault stands."""
        return self.faults[0].key

    @property
    def rule(self) -> str:
        """The rule that the first fault touches, or ""."""
        return self.faults[0].rule

    @property
    def problem(self) -> Words:
        """What is wrong, for the first fault."""
        return self.faults[0].problem

    def said_in(self, language: Language) -> str:
        """One line per fault with the file's name, in one language."""
        return "\n".join(f"{self.file}: {fault.said_in(language)}" for fault in self.faults)
