"""ETag and If-Match (RFC 9110 8.8.3, 13.1.1): a change names the version that it was made from."""

from policies.engine.refusals import Refusal


class VersionMissing(Refusal):
    """A change must say with If-Match which version it was made from."""


def ensure_given(if_match: str | None) -> str:
    """The header's value; VersionMissing without one."""
    if not if_match:
        raise VersionMissing
    return if_match


def tag_of(version: str) -> str:
    """A strong entity tag."""
    return f'"{version}"'


def unquoted(tag: str) -> str:
    """The version in an entity tag; "*" stays. A weak one matches nothing, as strong comparison wants."""
    return tag.strip().strip('"') if tag.strip() == "*" or tag.strip().startswith('"') else tag
