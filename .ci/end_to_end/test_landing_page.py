"""The page at `/` as people see it, in a real browser that must not complain."""

import base64
import itertools
import json
import re
import subprocess
import time

import pytest
import requests
from websockets.sync.client import connect

from exporter import Exporter, free_port, wait_until

CHROMIUM = ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
WIDTHS = (400, 800, 1000, 1359, 1360, 1600)

# One object per row: its values by the names of their columns, and the texts beside them.
ROWS = """[...document.querySelectorAll('table.outer > tbody')].map(body => ({
    pair: body.querySelector('th > a').textContent,
    reading: body.querySelector('th > small').textContent,
    alert: body.rows[0].cells[1].querySelector('small')?.textContent === 'alert',
    tone: body.rows[0].cells[1].querySelector('span').className,
    values: Object.fromEntries([...body.rows[0].querySelectorAll('td')].map(cell =>
        [cell.dataset.label, cell.firstChild.textContent.trim()])),
    words: [...body.querySelectorAll('.notes')].map(notes => notes.textContent),
    folded: [...body.querySelectorAll('details tbody tr')].map(row => row.cells[0].textContent),
    summary: body.querySelector('summary').textContent,
}))"""

# The texts with too little contrast to what is behind them (WCAG 2.2, 1.4.3).
FAINT = """(() => {
    const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
    const luminance = colour => numbers(colour).slice(0, 3).map(value => value / 255)
        .map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
        .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
    const behind = element => {
        const colour = getComputedStyle(element).backgroundColor;
        return numbers(colour)[3] === 0 ? behind(element.parentElement) : colour;
    };
    return [...document.body.querySelectorAll('*')]
        .filter(element => [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim()))
        .map(element => {
            const levels = [getComputedStyle(element).color, behind(element)].map(luminance).sort((a, b) => a - b);
            return [element.textContent, (levels[1] + 0.05) / (levels[0] + 0.05)];
        })
        .filter(([, contrast]) => !(contrast >= 4.5));
})()"""

# The cells in which a word is broken or cut.
NARROW = """[...document.querySelectorAll('table.outer th, table.outer td:not([colspan])')].filter(cell => {
    if (cell.offsetParent === null) return false;
    const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        for (const word of walker.currentNode.data.matchAll(/[^\\s-]+/g)) {
            const range = document.createRange();
            range.setStart(walker.currentNode, word.index);
            range.setEnd(walker.currentNode, word.index + word[0].length);
            const lines = new Set([...range.getClientRects()].map(box => Math.round(box.top)));
            const isCut = range.getBoundingClientRect().right > cell.getBoundingClientRect().right + 1;
            if (lines.size > 1 || isCut) return true;
        }
    }
    return false;
}).map(cell => cell.textContent)"""


class Browser:
    """Chromium by its DevTools protocol."""

    def __init__(self, socket):
        self.socket = socket
        self.ids = itertools.count(1)
        self.complaints = []
        for domain in ("Page", "Log", "Runtime"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters):
        own = next(self.ids)
        self.socket.send(json.dumps({"id": own, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.recv(timeout=60))
            if message.get("method") in ("Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled"):
                self.complaints.append(message["params"])
            if message.get("id") == own:
                assert "error" not in message, message
                return message["result"]

    def show(self, width: int, scheme: str = "light"):
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=1000, deviceScaleFactor=1, mobile=width < 600
        )
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def open(self, url: str):
        assert "errorText" not in self.call("Page.navigate", url=url)
        wait_until(lambda: self.evaluate("document.readyState") == "complete", 60, url)

    def evaluate(self, expression: str):
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")


@pytest.fixture(scope="module")
def demo(binary, tmp_path_factory):
    exporter = Exporter(binary, ["demo"], tmp_path_factory.mktemp("demo") / "log.txt")
    try:
        yield exporter.wait_until_healthy()
    finally:
        exporter.kill()


@pytest.fixture(scope="module")
def chromium(demo, tmp_path_factory):
    wait_until(lambda: demo.get("/-/ready").status_code == 200, 120, "ready")
    folder = tmp_path_factory.mktemp("browser")
    port = free_port()
    options = [f"--user-data-dir={folder / 'profile'}", f"--remote-debugging-port={port}"]

    def page():
        try:
            targets = requests.get(f"http://127.0.0.1:{port}/json", timeout=5).json()
        except requests.RequestException:
            return None
        return next((target["webSocketDebuggerUrl"] for target in targets if target["type"] == "page"), None)

    with (folder / "log.txt").open("w") as log:
        process = subprocess.Popen([*CHROMIUM, *options, "about:blank"], stdout=log, stderr=subprocess.STDOUT)
        try:
            with connect(wait_until(page, 60, "a browser"), max_size=None) as socket:
                yield Browser(socket)
        finally:
            process.terminate()
            process.wait(timeout=60)


@pytest.fixture
def browser(chromium):
    chromium.show(1600)
    yield chromium
    assert chromium.complaints == []


def size(text: str) -> float | None:
    """A number of the page, by its size; nothing for text."""
    number = re.fullmatch(r"[<>]?-?([\d.]+)( million| %)?", text)
    return float(number[1]) * (1e6 if number[2] == " million" else 1) if number else None


def test_every_pair_has_one_row_and_its_sentences_once(demo, browser):
    browser.open(demo.url)
    pairs = {pair["pair"]: pair["readings"] for pair in demo.get("/api/v1/pairs").json()}
    rows = browser.evaluate(ROWS)
    assert sorted(row["pair"] for row in rows) == sorted(pairs)
    for row in rows:
        readings = [f"{reading['timeframe']} bars, window {reading['window']}" for reading in pairs[row["pair"]]]
        assert [reading for reading in readings if reading != row["reading"]] == row["folded"]
        assert row["summary"].startswith(f"{len(readings) - 1} other reading")
        assert len(row["words"]) == 1
    page = demo.get("/").text
    assert page.count('class="notes"') == len(pairs)
    assert "<script" not in page and "http-equiv" not in page
    assert '<strong class="ready">ready</strong>' in page
    for link in ("/metrics", "/-/healthy", "/-/ready", "/api/v1/pairs", "/sd/pairs"):
        assert f'href="{link.removeprefix("/")}"' in page
        assert demo.get(link).status_code == 200


def test_the_sentences_are_those_of_the_reading_that_is_shown(demo, browser):
    def agreed():
        def words():
            return {
                (pair["pair"], f"{reading['timeframe']} bars, window {reading['window']}"): reading["interpretation"]
                for pair in demo.get("/api/v1/pairs").json() for reading in pair["readings"]
            }

        before = words()
        browser.open(demo.url)
        rows, after = browser.evaluate(ROWS), words()
        for row in rows:
            own = after[row["pair"], row["reading"]]
            if own != before[row["pair"], row["reading"]]:
                return False
            assert row["values"]["State"] == own["state"]
            assert row["words"] == [own["meaning"] + own["confidence"] + own["watch"]]
        return True

    wait_until(agreed, 60, "no reading's words change while the page is made")


def test_what_needs_attention_comes_first(demo, browser):
    browser.open(demo.url)
    rows = browser.evaluate(ROWS)
    levels = [0 if row["alert"] else ["warning", "usual", "missing"].index(row["tone"]) + 1 for row in rows]
    assert levels == sorted(levels)
    assert browser.evaluate("document.querySelector('[aria-sort]').textContent") == "State ▼"
    assert "needs attention most" in browser.evaluate("document.querySelector('caption').textContent")


@pytest.mark.parametrize("column", ["Forecast z", "z-score", "Hedge ratio", "Confidence", "Evidence", "Filled"])
def test_a_click_on_a_column_sorts_by_it_and_a_second_one_turns_it_round(demo, browser, column):
    label = {"Filled": "Window filled"}.get(column, column)
    browser.open(demo.url + "/?refresh=3600")
    for direction in ("descending", "ascending"):
        link = f"[...document.querySelectorAll('thead a')].find(link => link.firstChild.data.trim() === '{column}')"
        browser.open(browser.evaluate(f"{link}.href"))
        assert browser.evaluate(f"{link}.parentElement.ariaSort") == direction
        assert browser.evaluate("document.querySelectorAll('[aria-sort]').length") == 1
        assert "refresh=3600" in browser.evaluate("location.href")
        sizes = [size(row["values"][label]) for row in browser.evaluate(ROWS)]
        known = [value for value in sizes if value is not None]
        assert sizes[:len(known)] == sorted(known, reverse=direction == "descending")


def test_pairs_are_sorted_by_name(demo, browser):
    browser.open(demo.url + "/?sort=pair")
    names = [row["pair"] for row in browser.evaluate(ROWS)]
    assert names == sorted(names)


def test_an_unknown_order_is_refused_with_those_there_are(demo):
    answer = demo.get("/?sort=luck")
    assert answer.status_code == 400
    assert '"luck"' in answer.text and "attention" in answer.text and "evidence" in answer.text


def test_the_browser_refreshes_by_itself_on_request_and_keeps_the_order(demo, browser):
    browser.open(demo.url + "/?sort=z&refresh=5")
    made = "document.querySelector('time')?.dateTime"
    first = browser.evaluate(made)
    wait_until(lambda: browser.evaluate(made) not in (None, first), 30, "a refresh")
    assert browser.evaluate("location.search") == "?sort=z&refresh=5"
    browser.open(browser.evaluate("document.querySelector('.choice a').href"))
    assert browser.evaluate("location.search") == "?sort=z"


def test_the_page_states_its_time(demo, browser):
    browser.open(demo.url)
    now = time.time()
    form = "%Y-%m-%dT%H:%M:%SZ"

    def moment(text: str) -> float:
        return time.mktime(time.strptime(text, form)) - time.timezone

    assert abs(moment(browser.evaluate("document.querySelector('time').dateTime")) - now) < 10
    for row in browser.evaluate(ROWS):
        length = {"1s": 1, "1m": 60}[row["reading"].split()[0]]
        closed = moment(row["values"]["Last bar closed"])
        assert closed % length == 0
        assert -1 < now - closed < length + 30


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_fits_the_window_and_can_be_read(demo, browser, width, scheme):
    browser.show(width, scheme)
    browser.open(demo.url)
    for unfold in (False, True):
        browser.evaluate(f"document.querySelectorAll('details').forEach(fold => fold.open = {str(unfold).lower()})")
        assert browser.evaluate("innerWidth") == width
        assert browser.evaluate("document.documentElement.scrollWidth") <= width
        assert browser.evaluate(FAINT) == []
        assert browser.evaluate(NARROW) == []
    picture = base64.b64decode(browser.call("Page.captureScreenshot")["data"])
    # A page of one colour compresses to a few kilobytes.
    assert picture.startswith(b"\x89PNG") and len(picture) > 20_000


def test_a_pair_leads_to_its_explanation(demo, browser):
    browser.open(demo.url)
    shown = browser.evaluate(ROWS)[0]["reading"].rpartition(" ")[2]
    address = browser.evaluate("document.querySelector('tbody th > a').getAttribute('href')")
    assert f"Window of {shown} bars" in demo.get("/" + address).text
