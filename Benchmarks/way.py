#!/usr/bin/env python3
"""Lists the source files that run while trades flow: those that one passes from the socket to disk, bars and exposition.

usage: way.py [--exporter BINARY] [--seconds N]

A simulated venue sends 20,000 trades a second of four symbols; perf samples the program 4,000 times a second, and each
sampled address is resolved to its source file and those that are inlined there. Two scrapes a second are made beside. A
file counts where it is found in two samples or more: what runs once a second, such as a bar's end, is found in few. It
needs perf and llvm-symbolizer, and a release build, which has line tables.
"""

import argparse
import collections
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / ".ci" / "end_to_end"))

import yaml  # noqa: E402
from exporter import Exporter  # noqa: E402
from flood import VENUE, FloodingVenue  # noqa: E402
from release_build import built  # noqa: E402

SYMBOLS = ("AAAUSDT", "BBBUSDT", "CCCUSDT", "DDDUSDT")
RATE = 20_000
SOURCE = re.compile(r"/Sources/((\w[\w-]*)/.*\.swift)")
LEAST_SAMPLES = 2


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--exporter", type=pathlib.Path, help="a release build; built when not given")
    parser.add_argument("--seconds", type=int, default=25)
    options = parser.parse_args()
    binary = (options.exporter or built("pairs-exporter")).resolve()
    with tempfile.TemporaryDirectory() as name:
        recording = pathlib.Path(name) / "perf.data"
        record(binary, pathlib.Path(name), recording, options.seconds)
        samples = addresses(binary, recording)
    files = source_files(binary, samples)
    found = {file: count for file, count in files.items() if count >= LEAST_SAMPLES}
    rooms = collections.Counter(file.split("/")[0] for file in found)
    for file, count in sorted(found.items(), key=lambda item: -item[1]):
        print(f"{count:6} {file}")
    print(f"{len(found)} files of {sum(samples.values())} samples: " + ", ".join(f"{n} {room}" for room, n in rooms.most_common()))


def record(binary, folder, recording, seconds):
    """Samples the program among trades and scrapes."""
    with FloodingVenue(RATE, seconds + 60, symbols=SYMBOLS) as venue:
        file = folder / "pairs.yml"
        urls = {"websocket_url": f"ws://127.0.0.1:{venue.port}", "rest_url": f"http://127.0.0.1:{venue.port}"}
        pairs = [{"y": f"{VENUE}:{y}", "x": f"{VENUE}:{x}"} for y, x in zip(SYMBOLS[::2], SYMBOLS[1::2])]
        file.write_text(yaml.safe_dump({
            "feeds": [{"venue": VENUE, **urls}], "storage": {"path": str(folder / "pairs.sqlite")}, "timeframes": ["1s"],
            "windows": [60], "pairs": pairs,
        }))
        exporter = Exporter(binary, ["--config.file", str(file)], folder / "log")
        try:
            exporter.wait_until_healthy()
            time.sleep(8)
            done = threading.Event()

            def scrape():
                while not done.wait(0.5):
                    exporter.get("/metrics")

            client = threading.Thread(target=scrape)
            client.start()
            command = ["perf", "record", "-q", "-F", "4000", "-p", exporter.process.pid, "-o", recording, "--", "sleep", seconds]
            subprocess.run([str(word) for word in command], check=True)
            done.set()
            client.join()
            exporter.terminate()
        finally:
            exporter.kill()


def addresses(binary, recording) -> collections.Counter:
    """How often each address of the binary was sampled."""
    command = ["perf", "script", "-i", recording, "--show-mmap-events", "-F", "ip,dso"]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    maps, counts = [], collections.Counter()
    for line in lines:
        if found := re.search(r"MMAP2? .*\[(0x[0-9a-f]+)\((0x[0-9a-f]+)\) @ (0x[0-9a-f]+|0) .*\]: r-xp (\S+)", line):
            if pathlib.Path(found[4]) == binary:
                maps.append([int(value, 16) for value in found.groups()[:3]])
        elif (found := re.match(r"\s*([0-9a-f]+) \((\S+)\)", line)) and pathlib.Path(found[2]) == binary:
            counts[int(found[1], 16)] += 1
    headers = subprocess.run(["readelf", "-lW", binary], check=True, capture_output=True, text=True).stdout
    segments = [
        [int(value, 16) for value in found.groups()]
        for found in re.finditer(r"^\s+LOAD\s+(0x\w+)\s+(0x\w+)\s+0x\w+\s+(0x\w+)", headers, re.M)
    ]
    result = collections.Counter()
    for address, count in counts.items():
        for start, length, offset in maps:
            if start <= address < start + length:
                place = address - start + offset
                result.update({place - begin + base: count for begin, base, size in segments if begin <= place < begin + size})
    return result


def source_files(binary, samples) -> collections.Counter:
    """Files of this package by samples, inlined functions included."""
    command = ["llvm-symbolizer", f"--obj={binary}", "--inlines", "--functions=none"]
    text = "".join(f"{address:#x}\n" for address in samples)
    output = subprocess.run(command, check=True, input=text, capture_output=True, text=True).stdout
    rooms = {folder.name for folder in (ROOT / "Sources").iterdir()}
    files = collections.Counter()
    for block, count in zip(output.split("\n\n"), samples.values()):
        matches = [SOURCE.search(line) for line in block.splitlines()]
        files.update({found[1]: count for found in matches if found and found[2] in rooms})
    return files


if __name__ == "__main__":
    main()
