"""Made-up people and bodies as the API takes them; everybody has an address of the rehearsal's own mail server."""

HOLDS_SINCE = "2030-01-01"
MAIL = "rehearsal.localhost"
BOUNCES = "bounce+"
SURNAMES = "沈章费陆施闵谈柏钮嵇姚潘俞邱蒋褚凌郁宓杭卞车鲍岳傅阮裴严葛程"
GIVEN = ("国平", "丽华", "晓燕", "永康", "伯年", "春生", "月英", "玉兰", "素珍", "元龙", "建明", "志强", "惠芳")


def institution(code: str, name: str, kind: str, parent: str | None) -> dict[str, object]:
    """A body."""
    return {"code": code, "name": name, "kind": kind, "parent": parent, "contact_name": "人事科"}


def person(number: int, of: str, at: str, role: str) -> dict[str, object]:
    """A person of a body with an office in it, or "" for none; each number has a name of its own."""
    held = [{"role": role, "institution": at, "held_from": HOLDS_SINCE}] if role else []
    return {
        "id": of,
        "name": SURNAMES[number % len(SURNAMES)] + GIVEN[(number * 7) % len(GIVEN)],
        "email": f"{of}@{MAIL}",
        "institution": at,
        "roles": held,
    }
