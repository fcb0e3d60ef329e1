"""A venue that is not ours: Binance's combined stream by the `websockets` package."""

import asyncio
import gzip
import threading

from websockets.asyncio.server import serve


def recorded_frames(path) -> list[str]:
    with gzip.open(path / "frames.ndjson.gz", "rt") as lines:
        return [line.split(" ", 1)[1].rstrip("\n") for line in lines]


class Venue:
    """Serves the same frames to every connection, then stays silent; a number among the frames is a pause in seconds."""

    def __init__(self, frames: list[str | bytes | float], pause_every: int = 0, pause: float = 0.0):
        self.frames = frames
        self.pause_every = pause_every
        self.pause = pause
        self.paths: list[str] = []
        self.sent = 0
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    def _run(self):
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())

    async def _serve(self):
        self._stop = asyncio.Event()
        async with serve(self._talk, "127.0.0.1", 0, compression=None, max_size=None) as server:
            self.port = server.sockets[0].getsockname()[1]
            self._ready.set()
            await self._stop.wait()

    async def _talk(self, connection):
        self.paths.append(connection.request.path)
        self.sent = 0
        for frame in self.frames:
            if isinstance(frame, float):
                await asyncio.sleep(frame)
                continue
            await connection.send(frame)
            self.sent += 1
            if self.pause_every and self.sent % self.pause_every == 0:
                await asyncio.sleep(self.pause)
        await connection.wait_closed()
