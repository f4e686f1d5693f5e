"""What processes have used of the CPU, and which machine this is."""

import os
import platform
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

_TICKS_A_MS = os.sysconf("SC_CLK_TCK") / 1000
# Fields of /proc/<pid>/stat behind the name: parent; user, system, and both of children already waited for.
_PARENT, _TIMES = 1, slice(11, 15)


def cpu_ms(pid: int) -> float:
    """User and system time of a process, of its living descendants, and of those that they have waited for."""
    stats = dict(_stats())
    ticks = sum(int(part) for one in _family(pid, stats) if one in stats for part in stats[one][_TIMES])
    return ticks / _TICKS_A_MS


def peak_mb(pid: int) -> float:
    """The most memory that a process and its living descendants have held at once, each for itself."""
    statuses = (Path(f"/proc/{one}/status").read_text(encoding="utf-8") for one in _family(pid, dict(_stats())))
    lines = (line for status in statuses for line in status.splitlines() if line.startswith("VmHWM:"))
    return sum(int(line.split()[1]) for line in lines) / 1024


def own_cpu_ms() -> float:
    """User and system time of this process alone."""
    spent = os.times()
    return (spent.user + spent.system) * 1000


def conditions() -> str:
    """Machine, load and date, for the head of a table. The date is UTC."""
    load = " ".join(f"{one:.2f}" for one in os.getloadavg())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC · {os.cpu_count()} cores, {_processor()}, {memory:.0f} GB · "
        f"{platform.system()} {platform.release()} · Python {platform.python_version()} · load {load}"
    )


def _family(pid: int, stats: Mapping[int, list[str]]) -> set[int]:
    family, found = {pid}, 0
    while found != len(family):
        found = len(family)
        family |= {one for one, fields in stats.items() if int(fields[_PARENT]) in family}
    return family


def _stats() -> Iterator[tuple[int, list[str]]]:
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                text = (folder / "stat").read_text(encoding="utf-8", errors="replace")
            except (FileNotFoundError, ProcessLookupError):
                continue
            yield int(folder.name), text.rpartition(")")[2].split()


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
