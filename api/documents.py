"""The API's documents as a page that needs no script, and the Chinese names of its operations."""

from collections.abc import Mapping
from html import escape
from typing import Any

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute

METHODS = ("get", "post", "patch")
# By the route's function: documents are read by programmers in both languages.
NAMES: Mapping[str, str] = {
    "start_cycle": "发起年度需求周期",
    "start_application": "代人报名岗位",
    "start_inspection": "开展检查",
    "claim_service": "登记基层服务",
    "start_check": "申请晋升前核对",
    "start_clinics": "安排定期坐诊",
    "start_method": "发起考核办法备案",
    "method_standing": "查询考核办法是否生效",
    "start_pay_total": "发起绩效工资总量核定",
    "pay_total_standing": "查询绩效工资总量与发放",
    "list_posts": "查询已公布的岗位",
    "record_departure": "登记人员离岗",
    "record_absence": "登记缺勤",
    "record_activity": "登记累计服务",
    "record_attendance": "批量登记或更正考勤",
    "import_attendance": "以月表导入考勤",
    "attendance_sheet": "下载考勤月表模板",
    "start_contract": "发起柔性引才",
    "start_fund_year": "发起年度引才经费",
    "start_fund_payment": "发起引才经费申请",
    "read_targets": "查询柔性引才年度目标",
    "record_sessions": "批量登记或更正柔性引才工作时间",
    "import_sessions": "以表格导入柔性引才工作时间",
    "contract_openings_sheet": "下载在履柔性引才合同导入表",
    "look_at_contract_openings": "核对在履柔性引才合同",
    "confirm_contract_openings": "确认导入在履柔性引才合同",
    "sessions_sheet": "下载柔性引才工作时间登记表",
    "list_cases": "查询事项",
    "read_case": "读取事项及其在办任务",
    "read_timeline": "读取事项档案",
    "list_tasks": "查询任务",
    "read_task": "读取本人任务",
    "decide": "作出决定（仅限登录人员）",
    "list_people": "查询人员",
    "add_person": "登记人员",
    "add_people": "批量登记或更新人员",
    "import_people": "以表格导入人员",
    "people_sheet": "下载人员导入模板",
    "read_person": "读取人员",
    "change_person": "更新人员",
    "list_institutions": "查询单位",
    "add_institution": "登记单位",
    "add_institutions": "批量登记或更新单位",
    "import_institutions": "以表格导入单位",
    "institutions_sheet": "下载单位导入模板",
    "read_institution": "读取单位",
    "change_institution": "更新单位",
}
HEAD = (
    '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width"><title>Pinyong 聘用 API</title></head><body>'
)


def name_operations(routes: list[APIRoute]) -> None:
    """Give every operation its name in both languages; KeyError for one that has none."""
    for route in routes:
        route.summary = f"{NAMES[route.name]} / {route.name.replace('_', ' ')}"


def page_of(app: FastAPI, prefix: str) -> HTMLResponse:
    """Every operation with its fields, from the OpenAPI document itself."""
    document = app.openapi()
    operations = [
        _operation(f"{prefix}{path}", method, operations[method])
        for path, operations in document["paths"].items()
        for method in METHODS
        if method in operations
    ]
    schemas = [_schema(name, schema) for name, schema in document["components"]["schemas"].items()]
    link = f'<p><a href="{prefix}/openapi.json">OpenAPI 3.1 (JSON)</a></p>'
    body = f"<h1>{escape(document['info']['title'])}</h1>{link}{''.join(operations)}<h2>Schemas</h2>{''.join(schemas)}"
    return HTMLResponse(f"{HEAD}<main>{body}</main></body></html>")


def _operation(path: str, method: str, operation: Mapping[str, Any]) -> str:
    fields = [each["name"] for each in operation.get("parameters", ())]
    answers = ", ".join(operation["responses"])
    content = operation.get("requestBody", {}).get("content", {})
    bodies = [_name(each["schema"].get("$ref", "")) for each in content.values()]
    takes = ", ".join(escape(each) for each in (*fields, *bodies) if each)
    return (
        f"<section><h3><code>{method.upper()} {escape(path)}</code></h3><p>{escape(operation['summary'])}</p>"
        f"<p>{escape(operation.get('description', ''))}</p>"
        f"<p><small>→ {takes or '–'} · ← {answers}</small></p></section>"
    )


def _schema(name: str, schema: Mapping[str, Any]) -> str:
    needed = schema.get("required", ())
    fields = [f"{escape(field)}{'*' if field in needed else ''}" for field in schema.get("properties", {})]
    return (
        f'<h3 id="{escape(name)}">{escape(name)}</h3><p>{escape(schema.get("description", ""))}</p>'
        f"<p><code>{', '.join(fields)}</code></p>"
    )


def _name(reference: str) -> str:
    return reference.rsplit("/", 1)[-1]
