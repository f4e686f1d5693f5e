"""One request by one person: who they are, in which language they read, and the page that answers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Protocol
from urllib.parse import quote

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from console.pages import Pages
from i18n import LANGUAGES, chosen_language
from services.desks import Desks
from services.engine.permissions import Viewer

LANGUAGE_COOKIE = "lang"
A_YEAR = int(timedelta(days=365).total_seconds())
MOST_FIELDS = 3000
DIGITS = 8


class NotSignedIn(Exception):
    """The page needs a signed-in person; `wanted` is where they go once they are."""

    def __init__(self, wanted: str) -> None:
        super().__init__()
        self.wanted = wanted


class Mail(Protocol):
    """A caught letter, as the mailbox page shows it."""

    @property
    def id(self) -> str:
        """Its id in the mailbox."""
        ...

    @property
    def subject(self) -> str:
        """Its subject."""
        ...

    @property
    def sender(self) -> str:
        """From whom."""
        ...

    @property
    def to(self) -> tuple[str, ...]:
        """To whom."""
        ...

    @property
    def date(self) -> datetime | None:
        """When it was written, with its offset."""
        ...

    @property
    def text(self) -> str:
        """The letter as text."""
        ...

    @property
    def html(self) -> str:
        """The letter as html."""
        ...

    @property
    def ics(self) -> str:
        """Its calendar entry."""
        ...

    @property
    def links(self) -> tuple[str, ...]:
        """Its links, each once."""
        ...


class Mails(Protocol):
    """The mailbox of a demonstration."""

    def messages(self, limit: int = 100) -> Sequence[Mail]:
        """The newest letters, newest first."""
        ...

    def message(self, message_id: str) -> Mail:
        """One letter."""
        ...


@dataclass(frozen=True)
class Setting:
    """What the process entry tells the console. `temporal_ui` is the address of Temporal's own pages, or ""."""

    language: str
    secure: bool
    demo: bool = False
    mailbox: Mails | None = None
    no_mail: type[Exception] = LookupError
    temporal_ui: str = ""

    @property
    def cookie(self) -> str:
        """The session cookie's name; only over https may it carry the prefix that binds it to this host."""
        return "__Host-pinyong" if self.secure else "pinyong"


@dataclass(frozen=True)
class Console:
    """All that the routes use."""

    desks: Desks
    pages: Pages
    setting: Setting
    now: Callable[[], datetime]


@dataclass(frozen=True)
class Visit:
    """One request. `viewer` is None for somebody who is not signed in."""

    request: Request
    console: Console
    viewer: Viewer | None
    language: str

    @property
    def desks(self) -> Desks:
        """The desks."""
        return self.console.desks

    @property
    def cookie(self) -> str:
        """The session cookie that came with the request, or ""."""
        return self.request.cookies.get(self.console.setting.cookie, "")

    def signed_in(self) -> Viewer:
        """The viewer; raises NotSignedIn, which leads over the sign-in page back to here."""
        if self.viewer is None:
            raise NotSignedIn(self._here() if self.request.method == "GET" else "")
        return self.viewer

    def page(self, template: str, *, status: int = 200, **facts: object) -> Response:
        """A page in the visitor's language."""
        context = {
            "viewer": self.viewer,
            "setting": self.console.setting,
            "here": self.request.url.path,
            "now": self.console.now(),
            "switch": self._switch(),
            **facts,
        }
        response = HTMLResponse(self.console.pages.render(self.language, template, context), status_code=status)
        self._keep_language(response)
        return response

    def go(self, path: str) -> Response:
        """To another page of ours, by GET."""
        response = RedirectResponse(path, status_code=303)
        self._keep_language(response)
        return response

    def _here(self) -> str:
        query = self.request.url.query
        return self.request.url.path + (f"?{query}" if query else "")

    def _switch(self) -> Mapping[str, str]:
        """The address of this page in each language; a page that answered a POST is not asked for again by GET."""
        if self.request.method == "POST":
            return {}
        kept = [(name, value) for name, value in self.request.query_params.multi_items() if name != "lang"]
        pairs = {language: [*kept, ("lang", language)] for language in LANGUAGES}
        return {
            language: "?" + "&".join(f"{quote(name)}={quote(value)}" for name, value in each)
            for language, each in pairs.items()
        }

    def _keep_language(self, response: Response) -> None:
        if self.request.query_params.get("lang"):
            secure = self.console.setting.secure
            response.set_cookie(LANGUAGE_COOKIE, self.language, max_age=A_YEAR, samesite="lax", secure=secure)


async def _visit(request: Request) -> Visit:
    console: Console = request.app.state.console
    cookie = request.cookies.get(console.setting.cookie, "")
    viewer = await console.desks.sessions.viewer_of(cookie) if cookie else None
    return Visit(request, console, viewer, language_of(request, viewer))


def language_of(request: Request, viewer: Viewer | None = None) -> str:
    """By the switch, else its cookie, else the person's own, else the office's."""
    console: Console = request.app.state.console
    wishes = (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE))
    return chosen_language(*wishes, viewer.language if viewer else None, console.setting.language)


async def _fields(request: Request) -> FormData:
    return await request.form(max_fields=MOST_FIELDS, max_files=1)


def text(form: FormData, name: str) -> str:
    """A field as text; "" when it is missing or a file."""
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def number(written: str) -> int:
    """A whole number as it stands in a field or an address; 0 for what is none, or too long to be one of ours."""
    return int(written) if written.isdecimal() and len(written) <= DIGITS else 0


Here = Annotated[Visit, Depends(_visit)]
Fields = Annotated[FormData, Depends(_fields)]
