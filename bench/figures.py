"""Figures of rounds: medians, spreads and ratios, as a table that a person reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

WHOLE_STACK = ("temporal", "postgres", "worker", "web")


@dataclass(frozen=True)
class Round:
    """One repetition; cpu in ms by part. `seconds` is the whole window (last letter), `decided` to the last answer."""

    what: str
    decisions: int
    seconds: float
    decided: float
    cpu: Mapping[str, float]
    driver: float
    waits: Sequence[float]

    @property
    def rate(self) -> float:
        """Decisions per second over the window."""
        return self.decisions / self.seconds

    def cpu_each(self, part: str) -> float:
        """CPU ms of a part per decision."""
        return self.cpu.get(part, 0.0) / self.decisions

    @property
    def stack_each(self) -> float:
        """CPU ms of Temporal, PostgreSQL, worker and web per decision."""
        worker = "floor" if self.what == "floor" else "worker"
        return sum(self.cpu_each(part) for part in ("temporal", "postgres", worker, "web"))

    @property
    def wait_ms(self) -> float:
        """Median wait from the click to the next task, in ms."""
        return median(self.waits) * 1000


@dataclass(frozen=True)
class Line:
    """One line of the table: what was measured, in words, and whether the aim is met (None: no aim)."""

    name: str
    figure: str
    aim: str = ""
    met: bool | None = None


def spread(values: Sequence[float], form: str = ".1f") -> str:
    """Median with least and greatest."""
    return f"{median(values):{form}} ({min(values):{form}}–{max(values):{form}})"


def percentile(values: Sequence[float], share: float) -> float:
    """The value under which this share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def table(lines: Sequence[Line]) -> str:
    """The lines in Markdown."""
    rows = [f"| {line.name} | {line.figure} | {line.aim} | {_verdict(line)} |" for line in lines]
    return "\n".join(["| what | figure | aim | met |", "|---|---|---|---|", *rows])


def _verdict(line: Line) -> str:
    return "" if line.met is None else "yes" if line.met else "**no**"
