"""Templates, compiled once a language in a process; words, dates and links as filters. No logic beyond presenting."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape

from console import contract_wording, task_wording, term_wording, wording
from i18n import LANGUAGES, SOURCE_LANGUAGE, date_words, day_words, moment_words, translator
from i18n.dates import OFFICE_TIME
from policies.engine.words import Words
from policies.talent.figures import amount
from policies.talent.figures import shown as percent
from services import office_words, talent_words
from services.county_words import INSTITUTION_KINDS, PROFESSIONS, PROGRAMMES, TITLES
from services.day_words import DAY_KINDS, DAY_MARKS

TEMPLATES = Path(__file__).parent.parent / "templates" / "console"


class Pages:
    """Renders pages."""

    def __init__(self, folder: Path = TEMPLATES) -> None:
        """Pages over a folder of templates."""
        self._environments = {language: _environment(folder, language) for language in LANGUAGES}
        self._compiled: dict[tuple[str, str], Template] = {}

    def render(self, language: str, name: str, context: Mapping[str, object]) -> str:
        """One page as text."""
        template = self._compiled.get((language, name))
        if template is None:
            template = self._compiled[language, name] = self._environments[language].get_template(name)
        return template.render(context)


@lru_cache(maxsize=8)
def _environment(folder: Path, language: str) -> Environment:
    words = translator(language)
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.install_gettext_callables(words.gettext, words.ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.globals.update(language=language, wording=wording)
    environment.filters.update(_filters(language))
    return environment


# What a template means by `code|named("table")`.
TABLES: Mapping[str, Mapping[str, str]] = {
    "event": wording.EVENTS,
    "refusal": wording.REFUSALS,
    "channel": office_words.CHANNELS,
    "lifecycle": {**wording.LIFECYCLES, **contract_wording.LIFECYCLES},
    "post_state": wording.POST_STATES,
    "mode": office_words.MODES,
    "day_kind": DAY_KINDS,
    "day_mark": DAY_MARKS,
    "day_weight": term_wording.DAY_WEIGHTS,
    "leave_kind": wording.LEAVE_KINDS,
    "leave_state": wording.LEAVE_STATES,
    "mentor_state": wording.MENTOR_STATES,
    "weighs": wording.WEIGHS,
    "grade": office_words.GRADES,
    "cap": term_wording.CAPS,
    "certificate": term_wording.CERTIFICATES,
    "absence_state": term_wording.ABSENCE_STATES,
    "activity_part": wording.ACTIVITY_PARTS,
    "activity_state": term_wording.ACTIVITY_STATES,
    "prospect": term_wording.PROSPECTS,
    "prospect_day": term_wording.PROSPECT_DAYS,
    "prospect_state": term_wording.PROSPECT_STATES,
    "activity_form": term_wording.ACTIVITY_FORMS,
    "departure": wording.DEPARTURES,
    "change": term_wording.CHANGES,
    "standstill": term_wording.STANDSTILLS,
    "standstill_state": term_wording.STANDSTILL_STATES,
    "standstill_reach": term_wording.STANDSTILL_REACHES,
    "change_state": term_wording.CHANGE_STATES,
    "end_occasion": term_wording.END_OCCASIONS,
    "site_months": term_wording.SITE_MONTHS,
    "occasion": wording.OCCASIONS,
    "credit": wording.CREDITS,
    "count": wording.COUNTS,
    "credit_verdict": wording.CREDIT_VERDICTS,
    "letter": wording.LETTERS,
    "trouble": wording.TROUBLES,
    "why": task_wording.SEATS,
    "mark": office_words.MARKS,
    "outcome": {**contract_wording.OUTCOMES, **talent_words.OUTCOMES, **office_words.OUTCOMES},
    "talent_unit": talent_words.UNITS,
    "session_kind": talent_words.SESSION_KINDS,
    "excuse": talent_words.EXCUSES,
    "excuse_state": talent_words.EXCUSE_STATES,
    "trained_state": talent_words.TRAINED_STATES,
    "contract_state": talent_words.CONTRACT_STATES,
    "figure_cause": talent_words.CAUSES,
    "checkpoint": talent_words.CHECKPOINTS,
    "case_state": wording.CASE_STATES,
    "verdict": office_words.VERDICTS,
    "fact": {**wording.FACTS, **contract_wording.FACTS},
    "profession": PROFESSIONS,
    "professional_title": TITLES,
    "institution_kind": INSTITUTION_KINDS,
    "programme": PROGRAMMES,
    "pool_source": wording.POOL_SOURCES,
    "coverage": wording.COVERAGE,
    "payment_standing": wording.PAYMENT_STANDINGS,
    "end_kind": office_words.END_KINDS,
    "time_unit": office_words.TIME_UNITS,
    "fund_share": contract_wording.FUND_SHARES,
    "fund_payment": contract_wording.FUND_PAYMENTS,
    "fund_payment_state": contract_wording.FUND_PAYMENT_STATES,
}


# The outcome of a scored item carries its points.
POINTS = "points_"


def _filters(language: str) -> dict[str, object]:
    words = translator(language)
    spoken = "zh" if language == SOURCE_LANGUAGE else "en"

    def say(text: Words) -> str:
        return text.said_in("zh") if spoken == "zh" else text.said_in("en")

    def named(code: str, table: str) -> str:
        known = TABLES[table].get(code, code)
        if table == "outcome" and code.startswith(POINTS):
            return words.gettext("%(points)s分") % {"points": code.removeprefix(POINTS)}
        return words.gettext(known) if known else ""

    def until(due: datetime, now: datetime) -> str:
        return date_words(due, language, today=now.astimezone(OFFICE_TIME).date())

    def moment(instant: datetime) -> str:
        return moment_words(instant, language)

    def day(given: date | str) -> str:
        return day_words(given if isinstance(given, date) else date.fromisoformat(given), language)

    def in_unit(given: Decimal | Fraction | int, unit: str) -> str:
        said = named(unit, "talent_unit")
        return f"{amount(given)}{said}" if spoken == "zh" else f"{amount(given)} {said.lower()}"

    exact = {"percent": percent, "amount": amount, "in_unit": in_unit}
    return {"say": say, "named": named, "until": until, "moment": moment, "day": day, **exact}
