"""Who calls: a service account by its key, or a person by their session; and what each may do here."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated

from fastapi import Depends, Request

from api.desks import ApiDesks
from policies.engine.refusals import Refusal
from services.engine.keys import ServiceAccount
from services.engine.permissions import Viewer

SESSION_COOKIES = ("__Host-pinyong", "pinyong")
BEARER = "bearer"

# What a person's session may do here, by role (policy.md section 6); reading cases and tasks follows the person.
ROLES_FOR: Mapping[str, frozenset[str]] = {
    "cases:start": frozenset({"R-07", "R-09", "R-10"}),
    "people:read": frozenset({"R-29", "R-30"}),
    "facts:write": frozenset({"R-30"}),
    "roles:write": frozenset({"R-30"}),
}

Caller = Viewer | ServiceAccount


class CallerUnknown(Refusal):
    """The request carries neither a good key nor a live session."""


class ScopeMissing(Refusal):
    """The key, or the person's roles, do not reach this."""


class MayNotDecide(Refusal):
    """A service account may start cases and deliver facts; it never decides (AS-115)."""


def desks_of(request: Request) -> ApiDesks:
    """The desks that the application was built with."""
    desks: ApiDesks = request.app.state.desks
    return desks


async def _desks(request: Request) -> ApiDesks:
    """As a dependency; one that is not async would be sent to a thread, for more time than the whole of it takes."""
    return desks_of(request)


async def caller_of(request: Request) -> Caller:
    """Who calls. A key wins over a cookie, so that a program with a person's browser is still a program."""
    desks = desks_of(request)
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme:
        account = await desks.keys.account_of(secret.strip()) if scheme.lower() == BEARER else None
        if account is None:
            raise CallerUnknown
        return account
    for name in SESSION_COOKIES:
        cookie = request.cookies.get(name)
        viewer = await desks.sessions.viewer_of(cookie) if cookie else None
        if viewer:
            return viewer
    raise CallerUnknown


def may(caller: Caller, scope: str) -> bool:
    """Whether the key has the scope, or one of the person's roles stands for it."""
    if isinstance(caller, ServiceAccount):
        return scope in caller.scopes
    return scope not in ROLES_FOR or any(held.role in ROLES_FOR[scope] for held in caller.roles)


def needs(scope: str) -> Callable[[Caller], Awaitable[Caller]]:
    """A dependency that lets only callers with this scope through."""

    async def allowed(caller: Annotated[Caller, Depends(caller_of)]) -> Caller:
        if not may(caller, scope):
            raise ScopeMissing(scope=scope)
        return caller

    return allowed


async def person_of(caller: Annotated[Caller, Depends(caller_of)]) -> Viewer:
    """The person who decides; MayNotDecide for a service account."""
    if isinstance(caller, ServiceAccount):
        raise MayNotDecide
    return caller


def name_of(caller: Caller) -> str:
    """Under which id the record keeps who asked."""
    return caller.id if isinstance(caller, ServiceAccount) else caller.person


Desks = Annotated[ApiDesks, Depends(_desks)]
Starter = Annotated[Caller, Depends(needs("cases:start"))]
CaseReader = Annotated[Caller, Depends(needs("cases:read"))]
TaskReader = Annotated[Caller, Depends(needs("tasks:read"))]
Recorder = Annotated[Caller, Depends(needs("facts:write"))]
READS_PEOPLE, RECORDS = Depends(needs("people:read")), Depends(needs("facts:write"))
READS_CASES = Depends(needs("cases:read"))
Anyone = Annotated[Caller, Depends(caller_of)]
Decider = Annotated[Viewer, Depends(person_of)]
