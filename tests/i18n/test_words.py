"""Words and dates in two languages."""

from datetime import UTC, date, datetime

import pytest

from i18n import chosen_language, date_words, day_words, moment_words, translator
from i18n.words import LanguageUnknown

FRIDAY_AT_24 = datetime(2026, 3, 6, 16, tzinfo=UTC)


def test_chinese_words_are_their_own_translation_in_any_number() -> None:
    words = translator("zh-CN")
    assert words.gettext("办理时限") == "办理时限"
    assert words.ngettext("%d个工作日", "%d个工作日", 3) == "%d个工作日"


def test_english_words_come_from_the_catalogue() -> None:
    assert translator("en").gettext("办理时限") == "Due"


def test_a_language_that_is_not_ours_is_refused() -> None:
    with pytest.raises(LanguageUnknown):
        translator("fr")


@pytest.mark.parametrize(
    ("wishes", "expected"),
    [
        (("en-GB,en;q=0.9",), "en"),
        (("fr-FR,en;q=0.8",), "en"),
        ((None, "zh_TW"), "zh-CN"),
        (("fr", "en"), "en"),
        (("", None), "zh-CN"),
        (("english",), "zh-CN"),
    ],
)
def test_the_first_wish_that_is_ours_is_taken_else_chinese(wishes: tuple[str | None, ...], expected: str) -> None:
    assert chosen_language(*wishes) == expected


def test_midnight_ends_the_day_before_it() -> None:
    assert date_words(FRIDAY_AT_24, "zh-CN") == "3月6日(周五)24时前"
    assert date_words(FRIDAY_AT_24, "en") == "by the end of Friday 6 March"


def test_another_time_is_said_to_the_minute() -> None:
    half_past_three = datetime(2026, 3, 8, 7, 30, tzinfo=UTC)
    assert date_words(half_past_three, "zh-CN") == "3月8日(周日)15:30前"
    assert date_words(half_past_three, "en") == "by 15:30 on Sunday 8 March"


def test_the_year_is_said_when_it_is_another_than_todays() -> None:
    new_year = datetime(2027, 1, 4, 16, tzinfo=UTC)
    assert date_words(new_year, "zh-CN", today=date(2026, 12, 30)) == "2027年1月4日(周一)24时前"
    assert date_words(new_year, "en", today=date(2026, 12, 30)) == "by the end of Monday 4 January 2027"
    assert date_words(new_year, "zh-CN", today=date(2027, 1, 2)) == "1月4日(周一)24时前"


def test_the_last_day_of_the_year_belongs_to_its_own_year() -> None:
    last_day_at_24 = datetime(2026, 12, 31, 16, tzinfo=UTC)
    assert date_words(last_day_at_24, "zh-CN", today=date(2026, 12, 1)) == "12月31日(周四)24时前"


def test_days_and_moments_are_said_in_office_time() -> None:
    assert day_words(date(2026, 3, 6), "zh-CN") == "2026年3月6日"
    assert day_words(date(2026, 3, 6), "en") == "6 March 2026"
    assert moment_words(FRIDAY_AT_24, "zh-CN") == "2026年3月7日 00:00"
    assert moment_words(FRIDAY_AT_24, "en") == "7 March 2026, 00:00"
