from collections.abc import Mapping
from pathlib import Path

import pytest

from db.engine.pack_files import read_pack
from policies.engine.pack import Pack, parse_pack

PACKS = Path(__file__).parents[2] / "policies" / "packs"
PACK_FILE = PACKS / "dq-a.toml"


@pytest.fixture(scope="session")
def pack_text() -> str:
    return PACK_FILE.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def pack(pack_text: str) -> Pack:
    return parse_pack(pack_text, file=PACK_FILE.name)


@pytest.fixture(scope="session")
def talent() -> Pack:
    """The rules of flexible talent contracts."""
    return read_pack(PACKS / "ot-a.toml")


@pytest.fixture(scope="session")
def pack_of(pack: Pack, talent: Pack) -> Mapping[str, Pack]:
    """The pack of each clause."""
    return {clause: one for one in (pack, talent) for clause in one.clauses}
