"""Ports on this machine: who answers, and which are taken."""

import asyncio
import random
import socket
from collections.abc import Iterable
from dataclasses import dataclass

LOOPBACK = "127.0.0.1"
# Linux gives outgoing connections ports from 32768 on, macOS from 49152 on.
BELOW_OUTGOING = (15_000, 32_000)


@dataclass(frozen=True)
class Wanted:
    """A port that a part will listen on, and the setting that names it."""

    part: str
    port: int
    setting: str
    host: str = LOOPBACK


class PortTaken(Exception):
    """Another program already listens on a port that a part needs."""

    def __init__(self, wanted: Wanted) -> None:
        super().__init__(f"{wanted.part}: port {wanted.port} is taken, change {wanted.setting}")
        self.wanted = wanted


def refuse_taken(wanted: Iterable[Wanted]) -> None:
    """Raise PortTaken for the first port that cannot be had, or that two parts want."""
    seen: set[int] = set()
    for one in wanted:
        if one.port in seen or not _free(one):
            raise PortTaken(one)
        seen.add(one.port)


def free_port() -> int:
    """A port that nobody listens on at this moment, below those that the system gives to outgoing connections."""
    while True:
        port = random.randrange(*BELOW_OUTGOING)  # noqa: S311  # a port is no secret
        if _free(Wanted("", port, "")):
            return port


async def answers(host: str, port: int) -> bool:
    """Whether something accepts a connection."""
    try:
        _, writer = await asyncio.open_connection(host, port)
    except OSError:
        return False
    writer.close()
    return True


async def answers_http(host: str, port: int, path: str) -> bool:
    """Whether GET on the path is answered with 200."""
    try:
        reader, writer = await asyncio.open_connection(host, port)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n".encode())
        status = await reader.readline()
    except OSError:
        return False
    writer.close()
    return status.split()[1:2] == [b"200"]


def _free(wanted: Wanted) -> bool:
    family = socket.AF_INET6 if ":" in wanted.host else socket.AF_INET
    with socket.socket(family) as probe:
        # Without this a port just left by our own previous run would look taken for a minute.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((wanted.host, wanted.port))
        except OSError:
            return False
    return True
