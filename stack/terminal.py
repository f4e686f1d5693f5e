"""The terminal from which we were started, and the moment when it is closed."""

import asyncio
import os
import select
import signal

BEAT = 0.2
GONE = select.POLLHUP | select.POLLERR


async def terminal_closed() -> None:
    """Return when our terminal has been closed; never without a terminal, or where a hang-up is ignored (nohup).

    The system sends SIGHUP to the leader of the session only. Where that is make, or a script, nobody passes it on.
    """
    terminal = _opened()
    if terminal is None or signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        await asyncio.Event().wait()
        return
    watched = select.poll()
    watched.register(terminal, 0)
    try:
        while not any(what & GONE for _, what in watched.poll(0)):  # noqa: ASYNC110  # an event loop would read it too
            await asyncio.sleep(BEAT)
    finally:
        os.close(terminal)


def _opened() -> int | None:
    try:
        return os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY)
    except OSError:  # a service, or a job without a terminal
        return None
