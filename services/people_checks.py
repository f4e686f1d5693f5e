"""Whether facts can be right, field by field, before anything is looked up."""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from email_validator import EmailNotValidError, validate_email

from services.county_words import INSTITUTION_KINDS, LANGUAGE_NAMES, PROFESSIONS, TITLES
from services.facts import InstitutionFacts, PersonFacts, RoleFacts
from services.field_problems import FieldProblem
from services.personal_numbers import id_number_holds, phone_holds

LONGEST = {"name": 60, "name_en": 120, "specialty": 60, "email": 254, "contact_name": 60, "contact_phone": 40}
EARLIEST = date(1930, 1, 1)

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,39}", re.ASCII)
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,39}", re.ASCII)
# Eleven digits and more are a telephone or an identity number, which may not stand in an id.
_LIKE_A_NUMBER = re.compile(r"\d{11}", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

Problems = Iterator[FieldProblem]


def faults_of_person(facts: PersonFacts) -> list[FieldProblem]:
    """Every fault that the facts carry in themselves."""
    faults = [*facts.faults, *_texts(facts, ("name", "specialty", "email"))]
    faults += _closed(facts, {"profession": PROFESSIONS, "professional_title": TITLES})
    if facts.language is not None and facts.language not in LANGUAGE_NAMES:
        faults.append(_not_among("language", LANGUAGE_NAMES))
    return [*faults, *_numbers(facts), *_days(facts.roles)]


def faults_of_institution(facts: InstitutionFacts) -> list[FieldProblem]:
    """Every fault that the facts carry in themselves."""
    faults = [*facts.faults, *_texts(facts, ("name", "name_en", "contact_name", "contact_phone"))]
    if facts.code is not None and not code_holds(facts.code):
        faults.append(FieldProblem("code", "code_wrong"))
    if facts.kind is not None and facts.kind not in INSTITUTION_KINDS:
        faults.append(_not_among("kind", INSTITUTION_KINDS))
    return faults


def code_holds(code: str) -> bool:
    """Whether this can be an institution's code: it stands in case ids."""
    return bool(_CODE.fullmatch(code)) and not _LIKE_A_NUMBER.search(code)


def missing(facts: PersonFacts | InstitutionFacts, names: tuple[str, ...]) -> list[FieldProblem]:
    """What a new entry needs and does not have."""
    already = {fault.field for fault in facts.faults}
    return [FieldProblem(name, "missing") for name in names if not getattr(facts, name) and name not in already]


def _numbers(facts: PersonFacts) -> Problems:
    if facts.id is not None and (not _ID.fullmatch(facts.id) or _LIKE_A_NUMBER.search(facts.id)):
        yield FieldProblem("id", "id_wrong")
    if facts.email and not _mailable(facts.email):
        yield FieldProblem("email", "email_wrong")
    if facts.phone and not phone_holds(facts.phone):
        yield FieldProblem("phone", "phone_wrong")
    if facts.id_number and not id_number_holds(facts.id_number):
        yield FieldProblem("id_number", "id_number_wrong")
    if facts.qualified_on and facts.qualified_on < EARLIEST:
        yield FieldProblem("qualified_on", "date_wrong")


def _mailable(address: str) -> bool:
    # An office's own network may use names that the public internet reserves, such as .local: only the form is judged.
    if not address.isascii():
        return False
    try:
        validate_email(f"{address}.cn", check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return False
    return True


def _days(roles: tuple[RoleFacts, ...]) -> Problems:
    for role in roles:
        if role.held_until is not None and role.held_until <= role.held_from:
            yield FieldProblem("role_until", "date_order")


def _texts(facts: PersonFacts | InstitutionFacts, names: tuple[str, ...]) -> Problems:
    for name in names:
        text = getattr(facts, name) or ""
        if len(text) > LONGEST[name]:
            yield FieldProblem(name, "too_long", (("limit", str(LONGEST[name])),))
        if _CONTROL.search(text):
            yield FieldProblem(name, "characters_wrong")


def _closed(facts: PersonFacts, lists: Mapping[str, Mapping[str, str]]) -> Problems:
    for name, words in lists.items():
        value = getattr(facts, name)
        if value and value not in words:
            yield _not_among(name, words)


def _not_among(field: str, words: Mapping[str, str]) -> FieldProblem:
    return FieldProblem(field, "choice_unknown", (("choices", "、".join(words)),))
