"""What answers on the port of a database that is still recovering after a power cut."""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

SSL_WANTED = 80877103
REFUSAL = b"SFATAL\0VFATAL\0C57P03\0Mthe database system is not yet accepting connections\0\0"


@asynccontextmanager
async def starting_database() -> AsyncIterator[str]:
    """The address, for SQLAlchemy, of a server that refuses every client as PostgreSQL does while it starts."""
    async with await asyncio.start_server(_refuse, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        yield f"postgresql+asyncpg://nobody:x@127.0.0.1:{port}/nothing"


async def _refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    if await _message(reader) == SSL_WANTED:
        writer.write(b"N")
        await _message(reader)
    writer.write(b"E" + struct.pack("!i", len(REFUSAL) + 4) + REFUSAL)
    await writer.drain()
    writer.close()


async def _message(reader: asyncio.StreamReader) -> int:
    """Read one message of the start; its code."""
    (length,) = struct.unpack("!i", await reader.readexactly(4))
    code: int = struct.unpack("!i", (await reader.readexactly(length - 4))[:4])[0]
    return code
