"""A text in the two languages of the product."""

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]


@dataclass(frozen=True)
class Words:
    """One text in Chinese (zh-CN, the source) and in English; never one without the other."""

    zh: str
    en: str

    def said_in(self, language: Language) -> str:
        """The text in the language asked for."""
        return self.zh if language == "zh" else self.en

    def filled(self, **values: object) -> "Words":
        """Both texts with their {named} places filled with the same values."""
        return Words(self.zh.format(**values), self.en.format(**values))

    def filled_by(self, **words: "Words") -> "Words":
        """Both texts with their {named} places filled, each in its own language."""
        return Words(
            self.zh.format(**{name: each.zh for name, each in words.items()}),
            self.en.format(**{name: each.en for name, each in words.items()}),
        )
