"""An independent venue: Binance's combined stream by the `websockets` package."""

import asyncio
import gzip

from websockets.asyncio.server import serve

from server import Server, port_of


def recorded_frames(path) -> list[str]:
    with gzip.open(path / "frames.ndjson.gz", "rt") as lines:
        return [line.split(" ", 1)[1].rstrip("\n") for line in lines]


class Venue(Server):
    """Serves the same frames to every connection, then stays silent; a number among the frames is a pause in seconds."""

    def __init__(self, frames: list[str | bytes | float], pause_every: int = 0, pause: float = 0.0):
        super().__init__()
        self.frames = frames
        self.pause_every = pause_every
        self.pause = pause
        self.paths: list[str] = []
        self.sent = 0

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    async def open(self, stack):
        serving = serve(self._serve_client, "127.0.0.1", 0, compression=None, max_size=None)
        self.port = port_of(await stack.enter_async_context(serving))

    async def _serve_client(self, connection):
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
