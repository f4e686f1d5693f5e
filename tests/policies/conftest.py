from pathlib import Path

import pytest

from policies.engine.pack import Pack, parse_pack

PACK_FILE = Path(__file__).parents[2] / "policies" / "packs" / "dq-a.toml"


@pytest.fixture(scope="session")
def pack_text() -> str:
    return PACK_FILE.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def pack(pack_text: str) -> Pack:
    return parse_pack(pack_text, file=PACK_FILE.name)
