"""The desk for sheets of people and institutions: every row gets a result, the good ones are stored."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.county_words import INSTITUTION_KINDS, LANGUAGE_NAMES, PROFESSIONS, TITLES, code_of
from services.facts import CHANGED, CREATED, REFUSED, UNCHANGED, InstitutionFacts, PersonFacts, RoleFacts, RowResult
from services.field_problems import FieldProblem
from services.institutions import InstitutionDesk
from services.people import PeopleDesk
from services.roll import Hand
from services.sheets import Heading, Sheet, SheetRow, read_sheet

PEOPLE = (
    Heading("id", "人员编号"),
    Heading("name", "姓名", needed=True),
    Heading("email", "邮箱", needed=True),
    Heading("institution", "单位代码", needed=True),
    Heading("phone", "电话"),
    Heading("id_number", "身份证号"),
    Heading("profession", "执业类别"),
    Heading("specialty", "专业"),
    Heading("professional_title", "职称"),
    Heading("qualified_on", "取得执业资格日期", is_day=True),
    Heading("language", "语言"),
    Heading("role", "角色编号"),
    Heading("role_institution", "任职单位代码"),
    Heading("role_from", "任职起始日期", is_day=True),
    Heading("role_until", "任职结束日期", is_day=True),
)
INSTITUTIONS = (
    Heading("code", "单位代码", needed=True),
    Heading("name", "单位名称", needed=True),
    Heading("name_en", "英文名称"),
    Heading("kind", "单位类别", needed=True),
    Heading("parent", "上级单位代码"),
    Heading("contact_name", "联系人"),
    Heading("contact_phone", "联系电话"),
)
_CLOSED = {"profession": PROFESSIONS, "professional_title": TITLES, "language": LANGUAGE_NAMES}
_ROLE = ("role", "role_institution", "role_from")


@dataclass(frozen=True)
class ImportedRow:
    """One row of the sheet (its number there) with its result; a problem's column is found in `Imported.columns`."""

    number: int
    result: RowResult


@dataclass(frozen=True)
class Imported:
    """What became of a sheet; `tried` means that nothing was kept."""

    tried: bool
    columns: dict[str, str]
    rows: tuple[ImportedRow, ...]

    def count(self, outcome: str) -> int:
        """How many rows had this outcome."""
        return sum(row.result.outcome == outcome for row in self.rows)

    @property
    def counts(self) -> dict[str, int]:
        """Rows by outcome."""
        return {outcome: self.count(outcome) for outcome in (CREATED, CHANGED, UNCHANGED, REFUSED)}


class ImportDesk:
    """Takes sheets."""

    def __init__(self, people: PeopleDesk, institutions: InstitutionDesk) -> None:
        """A desk that stores through the desks of people and of institutions."""
        self._people, self._institutions = people, institutions

    async def people(self, content: bytes, *, hand: Hand, try_only: bool = False) -> Imported:
        """A sheet of people, a row for each and one more for each further role.

        Raises SheetUnreadable, SheetTooLarge, SheetColumnsWrong, SheetEmpty or StoredMeanwhile; then nothing is stored.
        """
        sheet = read_sheet(content, PEOPLE)
        rows = [_person(row) for row in sheet.rows]
        return imported(sheet, await self._people.store(rows, hand=hand, try_only=try_only), tried=try_only)

    async def institutions(self, content: bytes, *, try_only: bool = False) -> Imported:
        """A sheet of institutions; refusals as for people."""
        sheet = read_sheet(content, INSTITUTIONS)
        rows = [_institution(row) for row in sheet.rows]
        return imported(sheet, await self._institutions.store(rows, try_only=try_only), tried=try_only)


def imported(sheet: Sheet, results: Sequence[RowResult], *, tried: bool) -> Imported:
    """The results of a sheet's rows with their numbers and columns."""
    rows = zip(sheet.rows, results, strict=True)
    return Imported(tried, dict(sheet.columns), tuple(ImportedRow(row.number, result) for row, result in rows))


def _person(row: SheetRow) -> PersonFacts:
    texts = {name: text for name, text in row.texts.items() if name not in _ROLE}
    for name, words in _CLOSED.items():
        if name in texts:
            texts[name] = code_of(words, texts[name])
    facts = PersonFacts(qualified_on=row.days.get("qualified_on"), faults=row.faults, **texts)  # type: ignore[arg-type]  # the headings name texts
    given = {name for name in (*_ROLE, "role_until") if name in row.texts or name in row.days}
    if not given:
        return facts
    absent = [FieldProblem(name, "role_incomplete") for name in _ROLE if name not in given]
    wrong = {fault.field for fault in row.faults}
    if absent:
        return replace(facts, faults=(*row.faults, *(each for each in absent if each.field not in wrong)))
    days = (row.days["role_from"], row.days.get("role_until"))
    return replace(facts, roles=(RoleFacts(row.texts["role"], row.texts["role_institution"], *days),))


def _institution(row: SheetRow) -> InstitutionFacts:
    texts = dict(row.texts)
    if "kind" in texts:
        texts["kind"] = code_of(INSTITUTION_KINDS, texts["kind"])
    return InstitutionFacts(faults=row.faults, **texts)
