"""Whom a term tells at its two institutions: their HR officers, whose roles depend on who sends and who receives."""

from workflows.engine.case import Case

# Of terms that were opened before their facts said so: a county hospital sends, a township receives.
SENDING_HR, RECEIVING_HR = "R-03", "R-01"


def sending(case: Case) -> dict[str, str]:
    """Role and place of the sending side, as `tell` takes them."""
    return {"role": case.facts.get("sending_hr", SENDING_HR), "place": case.facts["sending"]}


def receiving(case: Case) -> dict[str, str]:
    """Role and place of the receiving side."""
    return {"role": case.facts.get("receiving_hr", RECEIVING_HR), "place": case.facts["receiving"]}


def parties(case: Case) -> tuple[dict[str, str], ...]:
    """The person and both institutions."""
    return {"person": case.facts["person"]}, sending(case), receiving(case)
