"""The report as lines for a console and as a page with charts, in either language."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from console.pages import TABLES, Pages
from i18n import SOURCE_LANGUAGE, day_words, translator
from policies.engine.words import Words
from rehearsal.breaches import RULES, WORDS
from rehearsal.report import Report

FOLDER = Path(__file__).parents[1] / "templates" / "rehearsal"
PAGE = "report.html"
BAR = 30
MOST_LINES = 12


def page(report: Report, language: str) -> str:
    """The report as a page of its own: no script, nothing from elsewhere."""
    context = {"report": report, "rules": RULES, "faults": WORDS, "language": language}
    return Pages(FOLDER).render(language, PAGE, context)


def lines(report: Report, language: str) -> Iterator[str]:
    """The report on a console: the numbers, what went up, what broke; everything else is in the page."""
    words = translator(language)
    _ = words.gettext

    def say(text: Words) -> str:
        return text.zh if language == SOURCE_LANGUAGE else text.en

    yield ""
    yield _("演练结果：%(programme)s %(version)s，%(people)s人，种子%(seed)s") % {
        "programme": say(report.pack.title),
        "version": report.pack.version,
        "people": report.people,
        "seed": report.seed,
    }
    yield _("模拟时间：%(first)s至%(last)s，共%(days)s天；决定%(decisions)s项") % {
        "first": day_words(report.first, language),
        "last": day_words(report.last, language),
        "days": report.days,
        "decisions": report.decisions,
    }
    yield ""
    for bar in report.way:
        yield f"  {'█' * round(BAR * bar.share):<{BAR}} {bar.number:>4}  {say(bar.label)}"
    yield ""
    for one in report.endings:
        yield f"  {one.number:>4}  {_(TABLES['lifecycle'][one.lifecycle])} · {say(one.outcome)}"
    yield ""
    yield from _of_stories(report, language)
    yield from _of_roles(report, language)
    yield from _of_escalations(report, language)
    yield from _of_findings(report, language)
    yield ""
    for rule, broken in report.breaches.items():
        yield f"  {'✗' if broken else '✓'} {_(RULES[rule])}"
        for breach in broken[:MOST_LINES]:
            yield f"      {_(WORDS[breach.what])}：{breach.where}"
        if len(broken) > MOST_LINES:
            yield f"      … {len(broken) - MOST_LINES}"


def _of_stories(report: Report, language: str) -> Iterator[str]:
    """Whether the stories of which something is expected came about."""
    _ = translator(language).gettext
    told = [one for one in report.story if one.told]
    for one in told:
        yield f"  {'✓' if one.as_told else '✗'} {_(one.story.words)} · {' '.join(one.story.rules)}"
    if told:
        yield ""


def _of_roles(report: Report, language: str) -> Iterator[str]:
    _ = translator(language).gettext
    for one in report.roles:
        label = one.role.zh if language == SOURCE_LANGUAGE else one.role.en
        numbers = {"asked": one.asked, "median": f"{one.median_days:.1f}", "longest": f"{one.longest_days:.1f}"}
        told = _("办理%(asked)s项，中位%(median)s天，最长%(longest)s天，逾期%(late)s项") % {**numbers, "late": one.late}
        yield f"  {label}：{told}"
    yield ""


def _of_escalations(report: Report, language: str) -> Iterator[str]:
    _ = translator(language).gettext
    yield _("催办和升级共%(number)s次，最晚逾期%(days)s天") % {
        "number": len(report.escalations),
        "days": max((one.days_late for one in report.escalations), default=0),
    }


def _of_findings(report: Report, language: str) -> Iterator[str]:
    """The clauses by which outcomes changed, and the grades beside their cap."""
    _ = translator(language).gettext
    changed = Counter(one.rule for one in report.changes)
    by_clause = "、".join(f"{rule} × {number}" for rule, number in sorted(changed.items()))
    yield _("改变结果的认定：%(clauses)s") % {"clauses": by_clause or "—"}
    for one in report.cohorts:
        numbers = {"year": one.year, "graded": one.graded, "proposed": one.proposed, "excellent": one.excellent}
        yield _("%(year)s年已定等次%(graded)s人，建议优秀%(proposed)s人，评为优秀%(excellent)s人，上限%(cap)s人") % {
            **numbers,
            "cap": one.cap,
        }
