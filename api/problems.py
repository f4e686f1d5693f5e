"""What a refusal says: RFC 9457 problem details with a stable code, in Chinese or English."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.pay_problems import PAY_PROBLEMS
from api.talent_problems import TALENT_PROBLEMS
from api.task_problems import TASK_PROBLEMS
from i18n import N_, translator
from policies.engine.refusals import Refusal
from services.field_problems import FieldProblem, said

TYPE = "urn:pinyong:problem:"


@dataclass(frozen=True)
class Problem:
    """One problem before it has a language: its code, what fills its sentence, and the fields at fault."""

    code: str
    status: int
    facts: Mapping[str, str]
    fields: Sequence[FieldProblem] = ()


def code_of(refusal: type[Refusal] | str) -> str:
    """The stable code of a refusal: its class name in small letters."""
    name = refusal if isinstance(refusal, str) else refusal.__name__
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def worded(problem: Problem, language: str) -> dict[str, object]:
    """The body of application/problem+json in zh-CN or en."""
    title, detail, advice = problem_words(problem.code, problem.facts, language)
    body: dict[str, object] = {
        "type": TYPE + problem.code,
        "title": title,
        "status": problem.status,
        "detail": detail,
        "code": problem.code,
        "advice": advice,
    }
    if problem.facts:
        body["facts"] = dict(problem.facts)
    if problem.fields:
        body["errors"] = [field_said(each, language) for each in problem.fields]
    return body


def problem_words(code: str, facts: Mapping[str, str], language: str) -> tuple[str, str, str]:
    """Title, detail and advice of a code in zh-CN or en, their places filled."""
    words, known = translator(language), defaultdict(lambda: "–", facts)
    title, detail, advice = (words.gettext(text).format_map(known) for text in PROBLEMS.get(code, PROBLEMS["refused"]))
    return title, detail, advice


def field_said(problem: FieldProblem, language: str) -> dict[str, str]:
    """One fault of a field in a language."""
    words = said(problem, language)
    return {"field": problem.field, "code": problem.code, "detail": words.detail, "advice": words.advice}


_RELOAD = N_("请刷新后查看最新状态。")
_ASK_HR = N_("如有疑问，请联系人事部门。")
_CHECK = N_("请核对后重新提交。")

# code: title, what is wrong, what to do
PROBLEMS: Mapping[str, tuple[str, str, str]] = {
    **TASK_PROBLEMS,
    **TALENT_PROBLEMS,
    **PAY_PROBLEMS,
    "starting_up": (
        N_("系统正在启动"),
        N_("系统正在首次启动，规则尚未载入，本次请求没有生效。"),
        N_("请稍后以相同内容重发。"),
    ),
    "own_case": (N_("本人事项须回避"), N_("任何人不得对本人的事项作决定。"), N_("将由上级或代理人办理。")),
    "both_sides": (N_("不得同时代表双方"), N_("同一人不能在同一事项中既代表派出单位又代表接收单位。"), _ASK_HR),
    "case_closed": (N_("事项已结束"), N_("该事项已结束，档案保留，不再受理决定。"), _ASK_HR),
    "withdrawal_too_late": (N_("备案后不得自行撤回"), N_("备案后撤回须经双方和备案机关同意。"), _ASK_HR),
    "sign_in_needed": (N_("须登录后办理"), N_("该决定影响重大，须登录后办理。"), N_("请登录后重新提交。")),
    "not_counted": (N_("决定未计入"), N_("决定已收到，但未被事项接受：{why}"), _RELOAD),
    "one_open_case": (
        N_("已有在办事项"),
        N_("该人员在本项目中已有在办事项 {case}。"),
        N_("请等待其办结，或查看该事项。"),
    ),
    "not_on_dispatch_list": (
        N_("不在派出名单中"),
        N_("该人员不在本年度已核定的派出名单中。"),
        N_("请先由所在医院上报。"),
    ),
    "no_cycle": (N_("尚未公布岗位"), N_("本项目本年度没有已公布岗位的周期。"), N_("请等待岗位公布。")),
    "no_mentor": (
        N_("没有带教老师"),
        N_("该事项目前没有带教老师，或正在另行指定。"),
        N_("请查看该事项的服务记录。"),
    ),
    "clinics_off": (N_("未启用"), N_("原文为“可安排”，方案主管单位启用后才能办理。"), _ASK_HR),
    "programme_unclear": (
        N_("方案不明确"),
        N_("目前没有或有多个方案办理这一事项，请系统管理员核对已启用的方案。"),
        _ASK_HR,
    ),
    "not_onboarding": (N_("已到岗"), N_("服务已经开始或已结束，不能再改到岗日期。"), _RELOAD),
    "not_standing_still": (
        N_("没有暂停记录"),
        N_("服务期 {case} 没有这条暂停记录，或服务已经恢复。"),
        N_("请查看服务期变动。"),
    ),
    "change_under_way": (
        N_("变动正在办理"),
        N_("服务期 {case} 已有一项变动正在办理。"),
        N_("请等待其办结，或查看该事项。"),
    ),
    "method_under_way": (
        N_("考核办法正在办理"),
        N_("这类人员的考核办法已有一个版本正在办理（{case}）。"),
        N_("请等待其办结，或查看该事项。"),
    ),
    "opening_stands": (
        N_("导入不能撤回"),
        N_("该服务期已经结束、已经评定等次或已转岗，不能再撤回导入。"),
        N_("请查看该事项的工作档案。"),
    ),
    "sheet_not_seen": (N_("尚未核对"), N_("请先上传并核对该文件，再确认导入。"), _RELOAD),
    "method_not_in_force": (
        N_("考核办法尚未生效"),
        N_("这类人员的绩效考核办法尚未经四个局全部备案，尚待：{missing}。"),
        N_("请等待四个局备案。"),
    ),
    "post_matched": (N_("岗位已匹配"), N_("该岗位已有匹配人员，不能取消。"), N_("请按提前结束办理。")),
    "cycle_ended": (
        N_("本年度岗位工作已结束"),
        N_("本年度岗位工作已经结束，不再办理取消岗位。"),
        N_("如有人报名，请在接收审核中不同意并写明理由；下一年度不再需要的，请不要再申报。"),
    ),
    "post_taken_back": (N_("岗位已关闭"), N_("该岗位已经关闭，无须再取消。"), _RELOAD),
    "not_in_service": (
        N_("服务期不在进行中"),
        N_("该服务期不存在，或目前不在服务中，内容没有保存。"),
        N_("请核对编号；服务开始后、期满前才能登记。"),
    ),
    "no_open_application": (
        N_("没有办理中的报名"),
        N_("人员 {person} 没有办理中的报名，离岗登记没有可结束的事项。"),
        N_("已完成报备的，按提前结束办理。"),
    ),
    "post_unknown": (N_("没有这个岗位"), N_("没有编号为 {post} 的岗位。"), N_("请核对编号。")),
    "file_locked": (
        N_("工作档案已锁定"),
        N_("工作档案已归档锁定，不能再补充；如需整改，请由县卫生健康局就本事项开展检查。"),
        _CHECK,
    ),
    "issued_in_future": (N_("印发日期有误"), N_("印发日期不能晚于今天。"), _CHECK),
    "fonts_missing": (
        N_("缺少中文字体"),
        N_("系统所在的机器没有简体中文字体，不能生成 PDF。"),
        N_("请下载 Word 文件，并告知系统管理员。"),
    ),
    "qualified_settled": (
        N_("合格及以上已经确定"),
        N_("提名优秀时合格及以上已经确定，异议和名单都不能使其不合格。"),
        N_("请选择优秀或合格；发现弄虚作假的，请报县卫生健康局检查，证明随即冻结。"),
    ),
    "case_unknown": (N_("没有这个事项"), N_("没有编号为 {case} 的事项，或您无权查看。"), N_("请核对编号。")),
    "scan_unfit": (
        N_("扫描件不可用"),
        N_("扫描件格式或大小不符合要求。"),
        N_("请上传不超过 10 MB 的 PDF、JPEG 或 PNG。"),
    ),
    "proof_missing": (N_("缺少凭据"), N_("代录决定须附扫描件或会议纪要编号。"), N_("请补充后重新提交。")),
    "signer_out_of_office": (
        N_("签字人未任该职"),
        N_("签字人在决定日期未担任该职务，不能作为这项待办的决定。"),
        _CHECK,
    ),
    "decided_in_future": (N_("日期不成立"), N_("决定日期不能晚于今天。"), _CHECK),
    "second_person_needed": (
        N_("须第二人核对"),
        N_("代录决定须由录入人、签署人以外的人核对。"),
        N_("请交由他人核对。"),
    ),
    "paper_settled": (N_("已核对过"), N_("该代录决定已经核对。"), _RELOAD),
    "not_for_you": (N_("无权查看或办理"), N_("您的角色无权查看或办理此项。"), _ASK_HR),
    "link_unknown": (N_("链接无效"), N_("没有这个链接。"), N_("请使用邮件中的完整链接。")),
    "link_expired": (N_("链接已过期"), N_("链接的有效期已过。"), N_("请重新申请。")),
    "link_used": (N_("链接已使用"), N_("该链接只能使用一次，已被使用。"), N_("请重新申请。")),
    "idempotency_key_reused": (
        N_("Idempotency-Key 已用于另一请求"),
        N_("同一个 Idempotency-Key 曾用于内容不同的请求。"),
        N_("新的请求请换用新的键；重发原请求请保持内容不变。"),
    ),
    "start_under_way": (
        N_("相同请求正在处理"),
        N_("带有同一 Idempotency-Key 的请求仍在处理。"),
        N_("请稍后以相同内容重发。"),
    ),
    "idempotency_key_malformed": (
        N_("Idempotency-Key 格式不正确"),
        N_("Idempotency-Key 须为 1 至 200 个可见的 ASCII 字符。"),
        N_("请改用 UUID 之类的键。"),
    ),
    "scope_unknown": (N_("没有这个权限范围"), N_("没有名为 {scope} 的权限范围。"), N_("请核对权限范围的名称。")),
    "api_key_unknown": (N_("没有这个密钥"), N_("没有编号为 {key} 的有效密钥。"), N_("请核对密钥编号。")),
    "person_unknown": (N_("没有这个人员"), N_("没有编号为 {person} 的人员。"), N_("请核对编号，或先登记该人员。")),
    "institution_unknown": (
        N_("没有这个单位"),
        N_("没有代码为 {institution} 的单位。"),
        N_("请核对代码，或先登记该单位。"),
    ),
    "person_known": (N_("人员已登记"), N_("编号 {person} 已有登记。"), N_("如需更新，请用 PATCH 并附 If-Match。")),
    "institution_known": (
        N_("单位已登记"),
        N_("代码 {institution} 已有登记。"),
        N_("如需更新，请用 PATCH 并附 If-Match。"),
    ),
    "version_stale": (N_("内容已被他人更改"), N_("您读取之后，该条目已被更改。"), N_("请重新读取，核对后再提交。")),
    "version_missing": (
        N_("缺少 If-Match"),
        N_("更改条目须附上读取时得到的 ETag。"),
        N_("请先读取条目，再以 If-Match 提交。"),
    ),
    "stored_meanwhile": (N_("有人同时登记"), N_("他人正在登记相同的人员或单位，本次未保存。"), N_("请稍后重新提交。")),
    "facts_refused": (N_("内容有误"), N_("提交的内容有误，未保存；详见 errors。"), N_("请按各项提示改正后重新提交。")),
    "sheet_unreadable": (
        N_("无法读取文件"),
        N_("文件不是可读取的 .xlsx 工作簿。"),
        N_("请另存为 .xlsx，或下载模板填写。"),
    ),
    "sheet_too_large": (N_("文件过大"), N_("文件超过 5 MB，或超过 5000 行。"), N_("请拆分后分次导入。")),
    "sheet_columns_wrong": (
        N_("表头不符"),
        N_("未知的列：{unknown}；缺少的列：{absent}；重复的列：{repeated}。"),
        N_("请使用模板的表头，放在第一行。"),
    ),
    "sheet_empty": (N_("没有内容"), N_("表头之下没有任何一行。"), N_("请从第二行起填写。")),
    "institution_not_chosen": (
        N_("请指定单位"),
        N_("有多个没有上级的单位：{institutions}。"),
        N_("请用 --institution 指明管理员所属的单位。"),
    ),
    "caller_unknown": (
        N_("未登录或密钥无效"),
        N_("请求没有有效的密钥或登录会话。"),
        N_("请附上 Authorization: Bearer 密钥，或先登录。"),
    ),
    "scope_missing": (N_("权限不足"), N_("此密钥或您的角色不具备 {scope} 权限。"), N_("请向系统管理员申请。")),
    "may_not_decide": (
        N_("服务账号不得作决定"),
        N_("服务账号可以发起事项和报送事实，不得作出决定。"),
        N_("请由有权的人员登录后，在任务页面作出决定。"),
    ),
    "cursor_unknown": (N_("分页游标无效"), N_("cursor 不是本接口给出的值。"), N_("请从第一页重新读取。")),
    "facts_only": (
        N_("发起只收事实"),
        N_("发起事项的请求不得带有决定、等次或确认标记。"),
        N_("请删除 errors 中列出的字段；决定由有权的人员在任务页面作出。"),
    ),
    "request_invalid": (
        N_("请求内容不符合要求"),
        N_("部分字段缺失或有误；详见 errors。"),
        N_("请按各项提示改正后重新提交。"),
    ),
    "json_malformed": (
        N_("不是有效的 JSON"),
        N_("请求正文在第 {position} 个字符处不是有效的 JSON。"),
        N_("请检查引号、逗号和括号。"),
    ),
    "body_undecodable": (
        N_("无法解码请求正文"),
        N_("请求正文不是 UTF-8 编码，或不是声明的格式。"),
        N_("请以 UTF-8 编码发送。"),
    ),
    "not_found": (N_("没有这个地址"), N_("接口中没有这个地址。"), N_("请对照接口文档。")),
    "method_not_allowed": (N_("不支持此方法"), N_("该地址不支持这个 HTTP 方法。"), N_("请对照接口文档。")),
    "database_away": (
        N_("数据库暂时无法使用"),
        N_("数据库暂时无法连接，本次请求没有生效。"),
        N_("请稍后以相同内容重发；发起请求请保持同一 Idempotency-Key。"),
    ),
    "internal": (N_("系统内部错误"), N_("系统出错，已记录。"), N_("请稍后重试；若持续出现，请联系系统管理员。")),
    "refused": (N_("未被接受"), N_("请求未被接受。"), _ASK_HR),
}
