"""A person's browser: opens pages over HTTP, reads the form that stands there, fills it in and sends it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx2

SAME_SITE = {"Sec-Fetch-Site": "same-origin"}
COOKIE = "pinyong"
PAPER = ("paper.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n", "application/pdf")
# Only forms are read: the rest of a page is most of it.
FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
PROBLEM = re.compile(r'class="(?:problem|notice bad)\b[^"]*"[^>]*>([^<]*)')


@dataclass
class Form:
    """The form of a page: where it goes, what it sends when nothing is changed, what may be chosen, its buttons.

    `options` are those of the selects, radio buttons and check boxes, by field, without the empty one; `files` are the
    fields that take one; `page` is the whole page around the form, for who reads it before filling it in.
    """

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    options: dict[str, list[str]] = field(default_factory=dict)
    choices: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    page: str = ""

    def named(self, beginning: str, ending: str = "") -> list[str]:
        """The fields whose names begin and end so, in the order of the page."""
        names = [*self.fields, *(name for name in self.options if name not in self.fields)]
        return [name for name in names if name.startswith(beginning) and name.endswith(ending)]


@dataclass(frozen=True)
class Page:
    """An answer of the web process."""

    status: int
    form: Form | None
    location: str
    cookie: str
    text: str

    def problems(self) -> str:
        """What the page says is wrong, in its own words."""
        return " ".join(PROBLEM.findall(self.text)) or self.location


class Browser:
    """One browser for everybody: whose cookie goes with a request is said each time."""

    def __init__(self, address: str) -> None:
        """A browser of the console at an address."""
        # It keeps no cookie itself, or the next person would come with the last one's session.
        nobodys = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
        self._http = httpx2.AsyncClient(base_url=address, headers=SAME_SITE, timeout=60, cookies=nobodys)

    async def open(self, path: str, *, cookie: str = "", form: str = "decide") -> Page:
        """GET a page; `form` is the class of the form to be read, or the beginning of its action."""
        return _read(await self._http.get(path, headers=_with(cookie)), form)

    async def send(self, path: str, fields: Mapping[str, str], *, cookie: str = "", files: Iterable[str] = ()) -> Page:
        """POST the fields of a form, with a made-up paper in each of the fields `files`."""
        papers = dict.fromkeys(files, PAPER) or None
        return _read(await self._http.post(path, data=dict(fields), files=papers, headers=_with(cookie)), "decide")

    async def call(self, method: str, path: str, body: object = None, **headers: str) -> httpx2.Response:
        """Call the API as a service account does."""
        return await self._http.request(method, f"/api/v1{path}", json=body, headers=headers)

    async def close(self) -> None:
        """Leave."""
        await self._http.aclose()


def _with(cookie: str) -> dict[str, str]:
    return {"Cookie": f"{COOKIE}={cookie}"} if cookie else {}


def _read(answer: httpx2.Response, wanted: str) -> Page:
    reader = _Reader(wanted)
    if answer.headers.get("content-type", "").startswith("text/html"):
        for one in FORM.findall(answer.text):
            reader.feed(one)
        if reader.form:
            reader.form.page = answer.text
    set_cookie = answer.headers.get("set-cookie", "")
    cookie = set_cookie.partition(f"{COOKIE}=")[2].partition(";")[0]
    return Page(answer.status_code, reader.form, answer.headers.get("location", ""), cookie, answer.text)


class _Reader(HTMLParser):
    """Reads the one form that is wanted."""

    def __init__(self, wanted: str) -> None:
        super().__init__()
        self.form: Form | None = None
        self._wanted, self._inside = wanted, False
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = self._wanted in given.get("class", "").split() or given.get("action", "").startswith(
                self._wanted
            )
            if self._inside:
                self.form = Form(given.get("action", ""))
        elif self._inside and self.form:
            self._field(tag, given, self.form)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._inside and self._area and self.form:
            self.form.fields[self._area] = (self.form.fields[self._area] + data).lstrip("\n")

    def _field(self, tag: str, given: Mapping[str, str], form: Form) -> None:
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "button" and name == "choice":
            form.choices.append(value)
        elif tag == "input" and given.get("type", "") in ("radio", "checkbox"):
            form.options.setdefault(name, []).append(value)
            if "checked" in given:
                form.fields[name] = value
        elif tag == "input" and given.get("type") == "file":
            form.files.append(name)
        elif tag == "input" and name:
            form.fields[name] = value
        elif tag == "textarea":
            self._area = name
            form.fields[name] = ""
        elif tag == "select":
            self._select = name
            form.options[name] = []
        elif tag == "option" and self._select:
            self._option(value, form, chosen="selected" in given, barred="disabled" in given)

    def _option(self, value: str, form: Form, *, chosen: bool, barred: bool) -> None:
        # Without a chosen one a browser sends the first.
        form.fields.setdefault(self._select, value)
        if value and not barred:
            form.options[self._select].append(value)
        if chosen:
            form.fields[self._select] = value


def fields_of(form: Form, changes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What is sent: the page's own fields with the changes."""
    yield from {**form.fields, **changes}.items()
