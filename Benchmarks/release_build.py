"""The release build of the program and of the benchmarks, which are targets of the same package."""

import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def built(product: str) -> pathlib.Path:
    """Builds a product and returns its path."""
    command = ["swift", "build", "--package-path", str(ROOT), "-c", "release"]
    environment = os.environ | {"BENCHMARKS": "1"}
    subprocess.run([*command, "--product", product], check=True, stdout=sys.stderr, env=environment)
    shown = subprocess.run([*command, "--show-bin-path"], check=True, stdout=subprocess.PIPE, text=True, env=environment)
    return pathlib.Path(shown.stdout.strip()) / product
