"""Words in two languages: Chinese in the source, English in a catalogue, dates in the office's own patterns."""

from i18n.dates import date_words, day_words, moment_words
from i18n.words import ENGLISH, LANGUAGES, N_, SOURCE_LANGUAGE, Translator, chosen_language, translator

__all__ = [
    "ENGLISH",
    "LANGUAGES",
    "N_",
    "SOURCE_LANGUAGE",
    "Translator",
    "chosen_language",
    "date_words",
    "day_words",
    "moment_words",
    "translator",
]
