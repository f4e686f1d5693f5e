"""The API as an application of its own under /api/v1, with its own documents and its own way to say no."""

from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.telemetry import TelemetryConfig

from api import (
    attendance,
    cases,
    contract_openings,
    documents,
    errors,
    filings,
    funds,
    institutions,
    pay,
    people,
    posts,
    promotion,
    starts,
    talent_contracts,
    talent_targets,
    tasks,
    terms,
)
from api.desks import ApiDesks
from api.messages import ProblemOut

PREFIX, DOCUMENTS = "/api/v1", "/api/docs"
PROBLEM = {"model": ProblemOut, "content": {errors.MEDIA_TYPE: {}}}
SAID: dict[int | str, dict[str, object]] = {
    400: {"description": "The request cannot be read."},
    401: {"description": "No good key and no live session."},
    403: {"description": "Not for this caller."},
    404: {"description": "There is no such thing, or not for this caller."},
    409: {"description": "It clashes with what is recorded."},
    410: {"description": "It has ended."},
    412: {"description": "The entry was changed since it was read."},
    413: {"description": "Too much at once."},
    422: {"description": "Fields are missing or wrong; `errors` names each."},
    428: {"description": "A change must carry If-Match."},
    429: {"description": "Too soon."},
    503: {"description": "The database is away, or the system is starting; nothing was done."},
}
# No spans, metrics or exception texts leave the process: an address may hold a link's token, an exception a name.
SILENT: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False}
PARTS = (
    *(starts, filings, pay, posts, cases, tasks, people, institutions, terms, attendance, promotion),
    *(contract_openings, talent_contracts, talent_targets, funds),
)
SUMMARY = "Start cases, deliver facts, read where things stand. Service accounts never decide."


def mount(app: FastAPI, desks: ApiDesks) -> None:
    """Put the API under /api/v1 of an application, and its documents at /api/docs."""
    api = build(desks)
    app.mount(PREFIX, api)
    app.add_api_route(DOCUMENTS, lambda: documents.page_of(api, PREFIX), include_in_schema=False)


def build(desks: ApiDesks) -> FastAPI:
    """The application alone, as tests drive it; its OpenAPI 3.1 document is at /openapi.json."""
    app = FastAPI(
        title="Pinyong 聘用 API",
        version="1",
        summary=SUMMARY,
        docs_url=None,
        redoc_url=None,
        telemetry=SILENT,
        responses={status: {**PROBLEM, **words} for status, words in SAID.items()},
    )
    app.state.desks = desks
    for part in PARTS:
        documents.name_operations([route for route in part.router.routes if isinstance(route, APIRoute)])
        app.include_router(part.router)
    errors.install(app)
    return app
