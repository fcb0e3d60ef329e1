"""The base of every venue of the end-to-end checks: a server on an event loop in a thread of its own."""

import asyncio
import contextlib
import threading


class Server:
    """Serves within a `with` block."""

    port: int

    def __init__(self):
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=lambda: self._loop.run_until_complete(self._serve()), daemon=True)

    def __enter__(self):
        self._thread.start()
        assert self._ready.wait(60)
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(60)

    async def open(self, stack: contextlib.AsyncExitStack):
        """Opens the ports, sets `port`, and adds to the stack what has to be closed."""
        raise NotImplementedError

    async def _serve(self):
        self._stop = asyncio.Event()
        async with contextlib.AsyncExitStack() as stack:
            await self.open(stack)
            self._ready.set()
            await self._stop.wait()


def port_of(server) -> int:
    return server.sockets[0].getsockname()[1]
