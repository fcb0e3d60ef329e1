"""The page at `/` as people see it, in a real browser that must not complain."""

import subprocess

import pytest

from exporter import wait_until

CHROMIUM = ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--hide-scrollbars"]


def browse(profile, url: str, *options: str) -> tuple[str, str]:
    """What the browser prints, and what its console says."""
    result = subprocess.run(
        [*CHROMIUM, f"--user-data-dir={profile}", "--window-size=1800,1000", "--timeout=20000", *options, url],
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout, "\n".join(line for line in result.stderr.splitlines() if "CONSOLE" in line)


@pytest.fixture
def demo(start):
    exporter = start("demo").wait_until_healthy()
    wait_until(lambda: exporter.get("/-/ready").status_code == 200, 60, "ready")
    return exporter


def test_a_browser_shows_every_pair_and_says_nothing_on_its_console(demo, tmp_path):
    document, console = browse(tmp_path / "profile", demo.url, "--dump-dom")
    assert console == ""
    assert "<strong class=\"ready\">ready</strong>" in document
    for pair in demo.get("/api/v1/pairs").json():
        assert document.count(f'>{pair["pair"]}</a>') == len(pair["readings"])
    assert document.count("<script") == 0
    for link in ("/metrics", "/-/healthy", "/-/ready", "/api/v1/pairs", "/sd/pairs"):
        assert f'href="{link}"' in document
        assert demo.get(link).status_code == 200


def test_the_page_is_drawn(demo, tmp_path):
    picture = tmp_path / "page.png"
    _, console = browse(tmp_path / "profile", demo.url, f"--screenshot={picture}")
    assert console == ""
    # A page of one colour compresses to a few kilobytes.
    assert picture.read_bytes().startswith(b"\x89PNG") and picture.stat().st_size > 50_000


def test_a_pair_leads_to_its_explanation(demo, tmp_path):
    document, console = browse(
        tmp_path / "profile", f"{demo.url}/probe?pair=ETHUSDT-BTCUSDT&timeframe=1m&window=60&debug=true", "--dump-dom"
    )
    assert console == ""
    assert "Window of 60 bars" in document
