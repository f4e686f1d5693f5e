"""What the answers of one step make of it: 或签 any, 会签 all, 票签 quorum, 依次 in turn; and what added signers add.

Source: design 6, DEF-07 (silence decides nothing), decision 0020.
"""

from collections.abc import Sequence

from policies.engine.questions import Kind, Shape

NO_QUORUM = "no_quorum"


def verdict(shape: Shape, choices: Sequence[str], seats: int) -> str:
    """The outcome that the answers of a step's own seats make, or "" while more are awaited."""
    if not choices:
        return ""
    if shape.kind is Kind.ALL:
        return negative(shape, choices) or (choices[-1] if len(choices) >= seats else "")
    if shape.kind is Kind.QUORUM:
        return _quorum(choices, needed=shape.quorum, left=seats - len(choices))
    return choices[-1]


def negative(shape: Shape, choices: Sequence[str]) -> str:
    """The first choice that does not agree, or ""."""
    return next((choice for choice in choices if choice not in shape.positive), "")


def _quorum(choices: Sequence[str], *, needed: int, left: int) -> str:
    votes = {choice: choices.count(choice) for choice in dict.fromkeys(choices)}
    winner = next((choice for choice, count in votes.items() if count >= needed), "")
    reachable = max(votes.values(), default=0) + left >= needed
    return winner or ("" if reachable else NO_QUORUM)
