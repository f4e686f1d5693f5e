"""The opinion about a term as pages and papers show it (DQ-3.3.3a)."""

from collections.abc import Mapping, Sequence
from typing import Any


def in_order(form: Mapping[str, Any], listed: Sequence[str]) -> dict[str, Any]:
    """An opinion with its dimensions in the order of the text, which a record does not keep."""
    written = form.get("dimensions", {})
    return {**form, "dimensions": {name: written[name] for name in listed if name in written}}
