"""A case's state as JSON, for the record and back."""

from typing import Any

from pydantic import TypeAdapter

from activities.engine.messages import CaseStart, CaseState

_STATE = TypeAdapter(CaseState)
_START = TypeAdapter(CaseStart)


def as_stored(state: CaseState) -> dict[str, Any]:
    """The state as plain JSON values."""
    stored: dict[str, Any] = _STATE.dump_python(state, mode="json")
    return stored


def as_state(stored: dict[str, Any]) -> CaseState:
    """The state from plain JSON values."""
    return _STATE.validate_python(stored)


def as_start(stored: dict[str, Any]) -> CaseStart:
    """The start of a case from its row."""
    return _START.validate_python(stored)
