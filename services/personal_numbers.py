"""Numbers that belong to a person: whether they can be right, how they are written, and how little of them is shown."""

import re
from datetime import date

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
SHOWN = 4

_ID_NUMBER = re.compile(r"\d{6}(\d{8})\d{3}[\dX]", re.ASCII)
_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_LANDLINE = re.compile(r"0\d{9,11}(-\d{1,6})?", re.ASCII)
_BRACKETS = {ord(mark): None for mark in "()（）"}
_SPACES = re.compile(r"[\s\u3000]+")


def written_id_number(number: str) -> str:
    """An identity number without spaces and with a capital X."""
    return _SPACES.sub("", number).upper()


def id_number_holds(number: str) -> bool:
    """Whether 18 characters hold a real birth date and the right check character (GB 11643, ISO 7064 MOD 11-2)."""
    found = _ID_NUMBER.fullmatch(number)
    if found is None:
        return False
    try:
        date.fromisoformat(found[1])
    except ValueError:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, number[:-1], strict=True))
    return CHECK_CHARACTERS[total % 11] == number[-1]


def written_phone(phone: str) -> str:
    """A telephone number without spaces, brackets and +86; an area code's hyphen goes, an extension's stays."""
    plain = _SPACES.sub("", phone).removeprefix("+86").removeprefix("0086").translate(_BRACKETS)
    return re.sub(r"^(1\d{2})-(\d{4})-(\d{4})$|^(0\d{2,3})-(\d{7,8})", r"\1\2\3\4\5", plain)


def phone_holds(phone: str) -> bool:
    """Whether a written phone is a mobile or an area code with a number, as they are given out in mainland China."""
    return bool(_MOBILE.fullmatch(phone) or _LANDLINE.fullmatch(phone))


def masked(number: str | None) -> str | None:
    """The last four characters behind stars: enough to tell two people apart, too little to use."""
    if not number:
        return None
    return "*" * (len(number) - SHOWN) + number[-SHOWN:]
