"""The packs that come with the product, and one that an operator names: files, each beside the pack that it extends."""

from pathlib import Path

from policies.engine.pack import Pack, parse_pack


def read_packs(folder: Path) -> list[Pack]:
    """Every pack of a folder, in the order of their names. Raises PackError, OSError."""
    return [read_pack(path) for path in sorted(folder.glob("*.toml"))]


def read_pack(path: Path) -> Pack:
    """One pack; what it extends lies beside it. Raises PackError, OSError."""
    beside = {other.stem: other.read_text(encoding="utf-8") for other in path.parent.glob("*.toml") if other != path}
    return parse_pack(path.read_text(encoding="utf-8"), file=path.name, bases=beside)
