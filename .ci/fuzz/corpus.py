"""Writes the seeds of a fuzz target: recorded messages of every kind, and the few kinds that no recording holds."""

import gzip
import pathlib
import re
import sys

SOURCES = {
    "BINANCE_USDM": ["ws-frames-cryptofeed/BINANCE_FUTURES.ws.1.0.txt.gz"],
    "BINANCE_SPOT": ["binance-spot-20240808/frames.ndjson.gz", "ws-frames-cryptofeed/BINANCE.ws.1.0.txt.gz"],
    "OKX": ["ws-frames-cryptofeed/OKX.ws.1.0.txt.gz"],
    "COINBASE": ["ws-frames-cryptofeed/COINBASE.ws.28.0.txt.gz"],
}

DOCUMENTED = {
    "BINANCE_USDM": ['{"result":null,"id":1}', '{"e":"serverShutdown","E":1770123456789}'],
    "BINANCE_SPOT": ['{"result":null,"id":1}', '{"e":"serverShutdown","E":1770123456789}'],
    "OKX": [
        "pong",
        '{"event":"error","code":"60018","msg":"Wrong URL","connId":"a4d3ae55"}',
        '{"event":"notice","code":"64008","msg":"The connection will soon be closed"}',
    ],
    "COINBASE": [
        '{"type":"heartbeat","sequence":90,"last_trade_id":20,"product_id":"SKL-USD","time":"2014-11-07T08:19:28Z"}',
        '{"type":"error","message":"Failed to subscribe","reason":"not a product"}',
    ],
}

PER_KIND = 40
LONGEST = 2000


def messages(path: pathlib.Path):
    with gzip.open(path, "rt") as lines:
        for line in lines:
            if not line.startswith("wss:") and "{" in line:
                yield line[line.index("{") :].rstrip("\n")


def kind(message: str) -> str:
    found = re.search(r'"(?:e|type|channel|event)":"(\w+)"', message)
    return found.group(1) if found else ""


def main(venue: str, data: str, folder: str):
    seeds = list(DOCUMENTED[venue])
    seen: dict[str, int] = {}
    for source in SOURCES[venue]:
        for message in messages(pathlib.Path(data) / source):
            name = kind(message)
            seen[name] = seen.get(name, 0) + 1
            if seen[name] <= PER_KIND and len(message) <= LONGEST:
                seeds.append(message)
    target = pathlib.Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds):
        (target / f"seed-{number}").write_text(seed)


main(*sys.argv[1:])
