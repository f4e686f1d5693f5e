"""How the cast reaches the product: by the links of their letters, signed in on the pages, and through the API."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from rehearsal.browser import Browser, Form, Page, fields_of

TAKEN, REPLACED, REFUSED, FAULTS = 200, 303, (422,), 400


class NotTaken(Exception):
    """The product refused what the script does: the script is wrong, or the product is."""


class Visitors:
    """Everybody who calls, each with their own cookie."""

    def __init__(self, browser: Browser, key: str, *, mail: Callable[[str], Awaitable[str]]) -> None:
        """Callers with one browser; `key` is a service account's, `mail` the newest sign-in link of a person."""
        self._browser, self._key, self._mail = browser, key, mail
        self._cookies: dict[str, str] = {}

    async def open(self, path: str, person: str = "", *, form: str = "decide", what: str = "") -> Page:
        """A page, as its reader sees it. Raises NotTaken for one that does not open."""
        page = await self._browser.open(path, cookie=self._cookies.get(person, ""), form=form)
        if page.status >= FAULTS:
            raise NotTaken(f"{what or path}: {page.status} {page.problems()}")
        return page

    async def send(
        self,
        form: Form,
        changes: Mapping[str, str],
        person: str = "",
        *,
        what: str = "",
        refusable: bool = False,
        files: Iterable[str] = (),
    ) -> Page:
        """Send a form with changes, and a sealed paper in each of the fields `files`. Raises NotTaken naming `what` it
        is, with the words of the page that refuses; a form that may be refused comes back with its page instead.
        """
        cookie = self._cookies.get(person, "")
        answer = await self._browser.send(form.action, dict(fields_of(form, changes)), cookie=cookie, files=files)
        if answer.status not in (TAKEN, REPLACED, *(REFUSED if refusable else ())):
            raise NotTaken(f"{what or form.action}: {answer.status} {answer.problems()}")
        return answer

    async def open_signed_in(self, path: str, person: str, *, form: str = "decide", what: str = "") -> Page:
        """A page for which one has to be signed in; a session that has ended is begun anew."""
        if person in self._cookies:
            page = await self.open(path, person, form=form, what=what)
            if page.status == TAKEN:
                return page
        await self._sign_in(person)
        return await self.open(path, person, form=form, what=what)

    async def _sign_in(self, person: str) -> None:
        """As people do: ask for a link, follow it, confirm."""
        asked = await self._browser.open("/sign-in", form="/sign-in")
        link = await self._mail_after(asked, person)
        confirm = await self._browser.open(link, form="/s/")
        if confirm.form is None:
            raise NotTaken(f"sign-in: {confirm.status}")
        self._cookies[person] = (await self.send(confirm.form, {})).cookie

    async def _mail_after(self, asked: Page, person: str) -> str:
        if asked.form is None:
            raise NotTaken(f"sign-in: {asked.status}")
        await self.send(asked.form, {"address": await self.address(person)})
        return await self._mail(person)

    async def fill_in(
        self, person: str, path: str, form: str, fields: Mapping[str, str], *, scan: bool = False
    ) -> None:
        """Open a page signed in, and send one of its forms; `scan`: with a paper where it takes one."""
        page = await self.open_signed_in(path, person, form=form)
        if page.form is None:
            raise NotTaken(f"{path}: {page.status}, {form}")
        await self.send(page.form, fields, person, what=path, files=page.form.files if scan else ())

    async def call(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        """Call the API; every row of a bulk must be taken."""
        answer = await self._browser.call(method, path, body, Authorization=f"Bearer {self._key}", **headers)
        content = answer.json() if answer.content else {}
        refused = [row for row in content.get("rows", ()) if row.get("outcome") == "refused"]
        if answer.is_error or refused:
            raise NotTaken(f"{method} {path}: {answer.status_code} {refused[:3] or content}")
        return content

    async def change_person(self, person: str, change: Callable[[Mapping[str, str]], Mapping[str, str]]) -> None:
        """Change an entry, as it was read a moment ago."""
        path = f"/people/{person}"
        answer = await self._browser.call("GET", path, Authorization=f"Bearer {self._key}")
        await self.call("PATCH", path, dict(change(answer.json())), **{"If-Match": answer.headers["etag"]})

    async def address(self, person: str) -> str:
        """The e-mail address of a person."""
        return str((await self.call("GET", f"/people/{person}"))["email"])
