"""Renew the vendored browser assets: `python tools/vendor.py` fetches what static/vendor.toml names with `npm pack`.

The files are committed; nothing here runs with the product. A test compares the files with the hashes of the list.
"""

import hashlib
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path

STATIC = Path(__file__).parent.parent / "static"
LIST = STATIC / "vendor.toml"


def folder_of(package: str, version: str) -> Path:
    """Where a package's files lie; a scope's slash becomes a dash."""
    return STATIC / "vendor" / f"{package.removeprefix('@').replace('/', '-')}-{version}"


def digest(path: Path) -> str:
    """The hex SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def fetch(package: str, version: str, files: dict[str, str]) -> None:
    """Put the named files of a package into its folder; `files` is name here → path in the package."""
    target = folder_of(package, version)
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        command = ["npm", "pack", "--silent", f"{package}@{version}"]
        subprocess.run(command, cwd=scratch, check=True, stdout=subprocess.DEVNULL)
        (archive,) = Path(scratch).glob("*.tgz")
        with tarfile.open(archive) as packed:
            for name, inside in files.items():
                content = packed.extractfile(f"package/{inside}")
                if content is not None:
                    (target / name).write_bytes(content.read())


def main() -> int:
    """Fetch everything on the list; say which hashes differ from it."""
    listed = tomllib.loads(LIST.read_text(encoding="utf-8"))["asset"]
    differing = 0
    for asset in listed:
        fetch(asset["package"], asset["version"], {name: file["from"] for name, file in asset["files"].items()})
        for name, file in asset["files"].items():
            found = digest(folder_of(asset["package"], asset["version"]) / name)
            if found != file["sha256"]:
                differing += 1
                sys.stdout.write(f"{asset['package']} {name}: sha256 = {found}\n")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
