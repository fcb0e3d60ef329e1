#!/usr/bin/env python3
"""Measures how many alerts a quiet market sends, and whether they find what happens in the demo. Writes ALERTS.md.

usage: alerts.py [--days N] [--hours N] [--seeds N] [--seed N] [--only PART]... [--jobs N] [--output FILE]

The program AlertLoad runs simulated markets through the engine of the exporter and writes when `pairs_alert` begins and
ends. Models of Prometheus and Alertmanager make messages of it, with the rules, routes and intervals of the files that
ship. `--only alertmanager` compares the model of Alertmanager with the real program. The same seed gives the same figures.
With --only the parts named are printed, and no file is written.
"""

import argparse
import bisect
import collections
import concurrent.futures
import datetime
import heapq
import http.server
import itertools
import json
import math
import pathlib
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

import yaml

from release_build import built

HERE = pathlib.Path(__file__).resolve().parent
REPOSITORY = HERE.parent
PARTS = "load detect alertmanager".split()

LEAD_HOURS = 1
"""Hours at the beginning of a quiet market that are not counted: alerts that hold from the start on may end there."""

PUBLISHED_AFTER = 0.3
"""Seconds from the close of a bar to its reading: `bars.lateness`, and the arithmetic."""

SIGNALS = "zscore_extreme correlation_breakdown volatility_spike stationarity_risk".split()
EXPECTED = {
    "volatility_burst": "PairsSpreadVolatilitySpike",
    "decoupling": "PairsCorrelationBreakdown",
    "silent_feed": "PairsLegDown",
}
"""The alert that each episode of the demo should raise."""
AFTERMATH = 60
"""Seconds after an episode in which its alert may still begin."""
CYCLE = 900
"""Seconds after which the episodes of the demo come again."""
TARGET = {"job": "pairs", "instance": "exporter:10200"}

# What the rules were before alerts were a metric: a signal that holds, or that has begun within `past`.
BEFORE_RULES = {
    "zscore_extreme": {"alert": "PairsZScoreExtreme", "severity": "info"},
    "correlation_breakdown": {"alert": "PairsCorrelationBreakdown", "severity": "warning"},
    "volatility_spike": {"alert": "PairsSpreadVolatilitySpike", "severity": "info"},
    "stationarity_risk": {"alert": "PairsStationarityRisk", "severity": "warning"},
}
for _signal, _rule in BEFORE_RULES.items():
    _is_slow = _signal == "stationarity_risk"
    _rule.update({"for": 300, "keep": 600, "past": 600} if _is_slow else {"for": 75, "keep": 300, "past": 300})
BEFORE_LEG_RULE = {"alert": "PairsLegDown", "severity": "warning", "for": 45, "keep": 120, "past": 0}
BEFORE_ROUTES = """
route:
  receiver: operator
  group_by: [alertname, job, instance]
  group_wait: 15s
  group_interval: 1m
  repeat_interval: 4h
  routes:
    - {receiver: operator-page, matchers: [severity="critical"], group_wait: 5s, repeat_interval: 1h}
    - {receiver: desk, matchers: [pair=~".+", severity="warning"], group_by: [job, instance, pair]}
    - receiver: desk-digest
      matchers: [pair=~".+", severity="info"]
      group_by: [job, instance, pair]
      group_interval: 5m
      repeat_interval: 24h
inhibit_rules:
  - source_matchers: [alertname="PairsLegDown"]
    target_matchers: [signal=~".+"]
    equal: [job, instance, pair]
receivers:
  - {name: operator-page, webhook_configs: [{url: ""}]}
  - {name: operator, webhook_configs: [{url: ""}]}
  - {name: desk, webhook_configs: [{url: ""}]}
  - {name: desk-digest, webhook_configs: [{url: ""}]}
"""


def seconds(text):
    """A duration of Prometheus and Alertmanager in seconds."""
    units = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
    parts = re.findall(r"(\d+)(ms|[smhdw])", str(text))
    return sum(int(number) * units[unit] for number, unit in parts)


# Prometheus

Post = collections.namedtuple("Post", "time labels starts ends")
"""An alert as it is sent to Alertmanager: `ends` is in the past once it is resolved."""

Firing = collections.namedtuple("Firing", "labels close starts ends")
"""An alert from when it fires to its end (infinite where it has none), with the time of what began it."""


class Rules:
    """The alerting rules that ship: names, labels, `for` and `keep_firing_for`."""

    def __init__(self):
        self.by_signal, self.by_name = {}, {}
        for file in ("pairs-signals.yml", "pairs-exporter.yml"):
            document = yaml.safe_load((REPOSITORY / "prometheus/rules" / file).read_text())
            for rule in (rule for group in document["groups"] for rule in group["rules"] if "alert" in rule):
                entry = {
                    "alert": rule["alert"], "severity": rule["labels"]["severity"], "past": 0,
                    "for": seconds(rule.get("for", "0s")), "keep": seconds(rule.get("keep_firing_for", "0s")),
                }
                self.by_name[rule["alert"]] = entry
                if "signal" in rule["labels"]:
                    self.by_signal[rule["labels"]["signal"]] = entry


class Prometheus:
    """Scrapes and evaluates at fixed intervals with phases of its own, and sends alerts as Prometheus 3 does."""

    RESEND = 60
    RETENTION = 900
    """Seconds for which a resolved alert is sent again."""

    def __init__(self, generator, interval=None):
        settings = yaml.safe_load((REPOSITORY / "prometheus/prometheus.yml").read_text())["global"]
        self.scrape = interval or seconds(settings["scrape_interval"])
        self.interval = interval or seconds(settings["evaluation_interval"])
        self.scrape_phase = generator.random() * self.scrape
        self.phase = generator.random() * self.interval

    def seen(self, moment):
        """The number of the first evaluation after the publication at a moment."""
        scraped = math.ceil((moment - self.scrape_phase) / self.scrape) * self.scrape + self.scrape_phase
        return math.ceil((scraped - self.phase) / self.interval)

    def alert(self, labels, rule, spans, end):
        """The alerts and the posts about them, from the spans in which the expression holds: see `spans`."""
        ticks = []
        for begin, over, close in spans:
            first, last = self.seen(begin), self.seen(over) if over < math.inf else math.inf
            if first >= last:
                continue
            if ticks and first <= ticks[-1][1]:
                ticks[-1][1] = max(ticks[-1][1], last)
            else:
                ticks.append([first, last, close])
        pending = math.ceil(rule["for"] / self.interval)
        keep = math.ceil(rule["keep"] / self.interval)
        firings = []
        for first, last, close in ticks:
            if firings and first <= firings[-1][1]:
                firings[-1][1] = last + keep
            elif first + pending < last:
                firings.append([first + pending, last + keep, close])
        posts, alerts = [], []
        final = math.floor((end - self.phase) / self.interval)
        for number, (first, last, close) in enumerate(firings):
            starts, ends = self.time(first), self.time(last)
            alerts.append(Firing(labels, close, starts, ends if last <= final else math.inf))
            following = firings[number + 1][0] if number + 1 < len(firings) else math.inf
            step = math.floor(self.RESEND / self.interval) + 1
            tick = first
            while tick < min(last, final):
                posts.append(Post(self.time(tick), labels, starts, self.time(tick) + 4 * self.RESEND))
                tick += step
            tick = last
            while tick <= min(final, following - 1, last + self.RETENTION / self.interval):
                posts.append(Post(self.time(tick), labels, starts, ends))
                tick += step
        return alerts, posts

    def time(self, tick):
        return tick * self.interval + self.phase if tick < math.inf else math.inf


def spans(changes, end, past=0):
    """The spans in which a state holds or has begun within `past` seconds: from, to, and the close of the first bar."""
    result, begin = [], None
    for moment, is_on in sorted(changes):
        if is_on and begin is None:
            begin = moment
        elif not is_on and begin is not None:
            result.append((begin + PUBLISHED_AFTER, max(moment, begin + past) + PUBLISHED_AFTER, begin))
            begin = None
    if begin is not None:
        result.append((begin + PUBLISHED_AFTER, math.inf, begin))
    return result


# Alertmanager

class Matcher:
    def __init__(self, text):
        self.name, self.operator, value = re.fullmatch(r'\s*([\w.]+)\s*(=~|!~|!=|=)\s*(.*?)\s*', text).groups()
        self.value = json.loads(value) if value.startswith('"') else value

    def matches(self, labels):
        value = labels.get(self.name, "")
        found = re.fullmatch(self.value, value) is not None if "~" in self.operator else value == self.value
        return found != self.operator.startswith("!")


class Route:
    def __init__(self, node, parent=None):
        def inherited(key, default):
            return node.get(key, getattr(parent, key) if parent else default)

        def wait(key, default):
            return seconds(node[key]) if key in node else getattr(parent, key) if parent else seconds(default)

        self.receiver = inherited("receiver", None)
        self.group_by = inherited("group_by", [])
        self.matchers = [Matcher(text) for text in node.get("matchers", [])]
        self.continues = node.get("continue", False)
        self.group_wait = wait("group_wait", "30s")
        self.group_interval = wait("group_interval", "5m")
        self.repeat_interval = wait("repeat_interval", "4h")
        self.routes = [Route(child, self) for child in node.get("routes", [])]

    def matching(self, labels):
        """The routes of an alert: the first child that matches and those after one that continues, else this one."""
        if not all(matcher.matches(labels) for matcher in self.matchers):
            return []
        found = []
        for child in self.routes:
            routes = child.matching(labels)
            found += routes
            if routes and not child.continues:
                break
        return found or [self]


class Inhibition:
    def __init__(self, node):
        self.source = [Matcher(text) for text in node.get("source_matchers", [])]
        self.target = [Matcher(text) for text in node.get("target_matchers", [])]
        self.equal = node.get("equal", [])

    def is_source(self, labels):
        return all(matcher.matches(labels) for matcher in self.source)

    def is_target(self, labels):
        return all(matcher.matches(labels) for matcher in self.target)

    def silences(self, source, target):
        if any(source.get(name, "") != target.get(name, "") for name in self.equal):
            return False
        # An alert that is both source and target does not silence another such alert.
        return not (self.is_target(source) and self.is_source(target))


Message = collections.namedtuple("Message", "time receiver group firing resolved")
"""What a webhook receives: alerts are tuples of sorted labels."""


class Group:
    def __init__(self, route, labels, flush_at):
        self.route, self.labels, self.flush_at = route, labels, flush_at
        self.alerts = {}
        self.has_flushed = False
        self.is_gone = False


class Alertmanager:
    """Dispatch, inhibition and notification log of Alertmanager 0.25 to 0.28."""

    def __init__(self, document, phase=0, lateness=lambda: 0):
        """Empty groups are removed at a phase of every 30 seconds; `lateness` is added to each wait of a group."""
        self.root = Route(document["route"])
        self.inhibitions = [Inhibition(node) for node in document.get("inhibit_rules", [])]
        self.sends_resolved = {
            receiver["name"]: all(hook.get("send_resolved", True) for hook in receiver.get("webhook_configs", []))
            for receiver in document["receivers"]
        }
        self.phase, self.lateness = phase, lateness

    def messages(self, posts, end):
        order = itertools.count()
        queue = [(post.time, 1, next(order), post) for post in posts if post.time <= end]
        queue += [(self.phase + 30 * n, 0, next(order), None) for n in range(1, int(end / 30) + 2)]
        heapq.heapify(queue)
        groups, sources, log, places, sent = {}, {}, {}, {}, []
        while queue:
            now, _, _, item = heapq.heappop(queue)
            if now > end:
                break
            if item is None:
                for key, group in list(groups.items()):
                    if not group.alerts:
                        group.is_gone = True
                        del groups[key]
            elif isinstance(item, Post):
                if item.labels not in places:
                    places[item.labels] = self.places(dict(item.labels))
                is_source, keys = places[item.labels]
                if is_source:
                    sources[item.labels] = item
                for route, key in keys:
                    group = groups.get(key)
                    if group is None:
                        group = groups[key] = Group(route, key, now + route.group_wait + self.lateness())
                        heapq.heappush(queue, (group.flush_at, 2, next(order), group))
                    group.alerts[item.labels] = item
                    if not group.has_flushed and item.starts + route.group_wait < now:
                        group.flush_at = now
                        heapq.heappush(queue, (now, 2, next(order), group))
            elif not item.is_gone and item.flush_at == now:
                item.has_flushed = True
                item.flush_at = now + item.route.group_interval + self.lateness()
                heapq.heappush(queue, (item.flush_at, 2, next(order), item))
                message = self.flush(item, now, sources, log)
                if message:
                    sent.append(message)
        return sent

    def places(self, labels):
        """Whether an alert can silence others, and its routes, each with the labels of its groups."""
        routes = self.root.matching(labels)
        names = [tuple((name, labels[name]) for name in sorted(route.group_by) if name in labels) for route in routes]
        keys = [(route, (id(route), group)) for route, group in zip(routes, names)]
        return any(rule.is_source(labels) for rule in self.inhibitions), keys

    def flush(self, group, now, sources, log):
        """Sends the notifications that are due by the notification log; then resolved alerts leave the group."""
        active = [source for source in sources.values() if source.ends > now]
        alerts = [post for post in group.alerts.values() if not self.is_silenced(post.labels, active)]
        group.alerts = {labels: post for labels, post in group.alerts.items() if post.ends > now}
        if not alerts:
            return None
        firing = frozenset(post.labels for post in alerts if post.ends > now)
        resolved = frozenset(post.labels for post in alerts if post.ends <= now)
        receiver = group.route.receiver
        entry = log.get(group.labels)
        if not self.needs_update(entry, firing, resolved, now, group.route, receiver):
            return None
        log[group.labels] = (now, firing, resolved)
        if not self.sends_resolved[receiver]:
            resolved = frozenset()
        return Message(now, receiver, group.labels[1], firing, resolved) if firing or resolved else None

    def needs_update(self, entry, firing, resolved, now, route, receiver):
        if entry is None:
            return bool(firing)
        moment, known_firing, known_resolved = entry
        if not firing <= known_firing:
            return True
        if not firing:
            return bool(known_firing)
        if self.sends_resolved[receiver] and not resolved <= known_resolved:
            return True
        return moment < now - route.repeat_interval

    def is_silenced(self, labels, active):
        target = dict(labels)
        return any(
            rule.silences(dict(source.labels), target)
            for rule in self.inhibitions if rule.is_target(target)
            for source in active if rule.is_source(dict(source.labels))
        )


def shipped_routes():
    return yaml.safe_load((REPOSITORY / "alertmanager/alertmanager.yml").read_text())


# From changes to messages

def key(**labels):
    return tuple(sorted((name, str(value)) for name, value in labels.items()))


class Course:
    """The alerts and messages of one run of one market."""

    def __init__(self, lines, rules, routes, end, seed, phase=0, kind="alert", target=None, leg_rule=None):
        generator = random.Random(f"{seed} {phase} phases")
        prometheus = Prometheus(generator)
        series = collections.defaultdict(list)
        for line in lines:
            if line["kind"] == kind:
                name = line["pair"], line["timeframe"], line["window"], line["signal"]
                series[name].append((line["time"], line["on"]))
            elif line["kind"] == "leg":
                series[line["pair"], line["leg"]].append((line["time"], 1 - line["on"]))
        self.alerts, posts = [], []
        for name, changes in series.items():
            if len(name) == 4:
                pair, timeframe, window, signal = name
                rule = rules[signal]
                labels = dict(pair=pair, timeframe=timeframe, window=window, signal=signal)
            elif leg_rule:
                rule, labels = leg_rule, dict(pair=name[0], leg=name[1])
            else:
                continue
            labels = key(alertname=rule["alert"], severity=rule["severity"], **labels, **(target or {}))
            alerts, sent = prometheus.alert(labels, rule, spans(changes, end, rule["past"]), end)
            self.alerts += alerts
            posts += sent
        posts.sort(key=lambda post: post.time)
        manager = Alertmanager(routes, phase=generator.random() * 30)
        self.messages = manager.messages(posts, end)
        self.receivers = {alert.labels: manager.root.matching(dict(alert.labels))[0].receiver for alert in self.alerts}
        self.told = collections.defaultdict(list)
        for message in self.messages:
            for labels in message.firing:
                self.told[labels].append(message.time)

    def first_message(self, alert):
        """When a message first named an alert as firing; None where none did."""
        times = self.told[alert.labels]
        place = bisect.bisect_left(times, alert.starts)
        return times[place] if place < len(times) and times[place] <= alert.ends else None


# Quiet markets

class Load:
    """What each receiver got in some days of a quiet market, each several times with other phases."""

    def __init__(self, courses, lead, hours):
        """`courses` are all phases of the first day, then all of the second and so on."""
        self.days = len(courses)
        self.hours = hours * len(courses[0])
        self.counts = collections.defaultdict(lambda: [0] * self.days)
        self.delays = collections.defaultdict(lambda: [[] for _ in range(self.days)])
        self.readings = collections.defaultdict(lambda: [0] * self.days)
        for day, course in ((day, course) for day, phases in enumerate(courses) for course in phases):
            for message in course.messages:
                if message.time >= lead:
                    self.counts[message.receiver, "messages"][day] += 1
                    self.counts[message.receiver, "firing messages"][day] += bool(message.firing)
            for alert in course.alerts:
                if alert.starts < lead:
                    continue
                receiver = course.receivers[alert.labels]
                labels = dict(alert.labels)
                self.counts[receiver, "begun"][day] += 1
                self.readings[labels["signal"], labels["timeframe"], labels["window"]][day] += 1
                told = course.first_message(alert)
                # Of an alert near the end the message may be still to come.
                if told is None and alert.ends < math.inf:
                    self.counts[receiver, "untold"][day] += 1
                elif told is not None:
                    self.delays[receiver][day].append(told - alert.close)

    def rate(self, receiver, what):
        values = [count / self.hours for count in self.counts[receiver, what]]
        return statistics.mean(values), error(values)

    def reading_rate(self, name):
        values = [count / self.hours for count in self.readings[name]]
        return statistics.mean(values), error(values)

    def delay(self, receiver, share):
        return bootstrap(self.delays[receiver], lambda delays: quantile(delays, share))

    def untold(self, receiver):
        days = list(zip(self.counts[receiver, "untold"], self.counts[receiver, "begun"]))
        if not sum(begun for _, begun in days):
            return None
        return bootstrap(
            [[day] for day in days],
            lambda days: 100 * sum(day[0] for day in days) / max(1, sum(day[1] for day in days)),
        )


def error(values):
    return statistics.stdev(values) / math.sqrt(len(values)) if len(values) > 1 else math.nan


def quantile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, math.ceil(share * len(values)) - 1)] if values else None


def bootstrap(days, figure):
    """A figure of all days together, and its standard error over days drawn with replacement."""
    value = figure([item for day in days for item in day])
    if value is None:
        return None
    generator = random.Random(1)
    drawn = [figure([item for day in generator.choices(days, k=len(days)) for item in day]) for _ in range(200)]
    drawn = [other for other in drawn if other is not None]
    return value, statistics.stdev(drawn) if len(days) > 1 else math.nan


def answer(*command):
    return subprocess.run([str(word) for word in command], check=True, stdout=subprocess.PIPE, text=True).stdout


def run(binary, command, **settings):
    """The lines of a run by seed."""
    words = [word for name, value in settings.items() for word in (f"--{name.replace('_', '-')}", str(value))]
    start = time.monotonic()
    lines = collections.defaultdict(list)
    for text in answer(binary, command, *words).splitlines():
        line = json.loads(text)
        lines[line["seed"]].append(line)
    log(f"{command} {' '.join(words)}: {time.monotonic() - start:.0f} s")
    return lines


def default_settings():
    """The default bar lengths and windows of a pair, as options of AlertLoad."""
    text = (REPOSITORY / "Sources/PairsApp/Configuration/PairSettings.swift").read_text()
    timeframes = re.search(r"var timeframes: .*? = \[(.*?)\]", text)[1]
    windows = re.search(r"var windows = \[(.*?)\]", text)[1]
    return {"timeframes": re.sub(r'[" ]', "", timeframes), "windows": windows.replace(" ", "")}


def loads(binary, law, seed, days, hours, jobs, pairs=50, phases=8, **settings):
    """A quiet market now and before: as the rules and routes ship, and as they were."""
    lead = LEAD_HOURS * 3600
    end = lead + hours * 3600
    settings = default_settings() | settings
    lines = run(
        binary, "load", law=law, seed=seed, seeds=days, pairs=pairs, hours=LEAD_HOURS + hours, jobs=jobs, **settings
    )
    rules, routes = Rules(), shipped_routes()
    old_routes = yaml.safe_load(BEFORE_ROUTES)
    after = [
        [Course(of_day, rules.by_signal, routes, end, number, phase) for phase in range(phases)]
        for number, of_day in lines.items()
    ]
    before = [
        [
            Course(of_day, BEFORE_RULES, old_routes, end, number, phase, kind="signal", target=TARGET)
            for phase in range(phases)
        ]
        for number, of_day in lines.items()
    ]
    return Load(after, lead, hours), Load(before, lead, hours), lines


# The demo

def demo_settings():
    """The settings of the demo, as options of AlertLoad."""
    text = (REPOSITORY / "Sources/PairsApp/Configuration/DemoConfiguration.swift").read_text()
    template = re.search(r'template = """\n(.*?)"""', text, re.DOTALL)[1]
    document = yaml.safe_load(re.sub(r"\{EPISODES\}", "{}", template))
    alerts = document["alerts"]
    settings = {
        "timeframes": ",".join(document["timeframes"]),
        "windows": ",".join(map(str, document["windows"])),
        "every_bars": document["tests"]["every_bars"],
        "alert_timeframes": ",".join(alerts["timeframes"]),
    }
    optional = {"min_confidence": "min_confidence", "zscore": "zscore", "zscore_exit": "zscore_exit"}
    return settings | {option: alerts[name] for name, option in optional.items() if name in alerts}


class Episode:
    def __init__(self, kind, pair, begin, end):
        self.kind, self.pair, self.begin, self.end = kind, pair, begin, end
        self.alert = EXPECTED[kind]

    def covers(self, alert):
        """Whether an alert is of this pair and begins in the episode or soon after."""
        labels = dict(alert.labels)
        return labels["pair"] == self.pair and self.begin <= alert.starts <= self.end + AFTERMATH


class Demo:
    """One seed of the demo, with the rules that ship or with those before."""

    def __init__(self, lines, length, seed, is_before=False):
        rules = Rules()
        if is_before:
            self.course = Course(
                lines, BEFORE_RULES, yaml.safe_load(BEFORE_ROUTES), length, seed,
                kind="signal", target=TARGET, leg_rule=BEFORE_LEG_RULE,
            )
        else:
            self.course = Course(
                lines, rules.by_signal, shipped_routes(), length, seed, leg_rule=rules.by_name["PairsLegDown"]
            )
        pairs = {line["pair"].split("-")[0]: line["pair"] for line in lines if "pair" in line}
        begun, self.episodes = {}, []
        for line in lines:
            if line["kind"] != "episode":
                continue
            name = line["episode"], line["instrument"]
            if line["on"]:
                begun[name] = line["time"]
            else:
                self.episodes.append(Episode(line["episode"], pairs[line["instrument"]], begun.pop(name), line["time"]))
        for (kind, instrument), begin in begun.items():
            self.episodes.append(Episode(kind, pairs[instrument], begin, math.inf))

    def found(self, episode):
        """The first alert that an episode should raise, if it did."""
        alerts = [
            alert for alert in self.course.alerts
            if dict(alert.labels)["alertname"] == episode.alert and episode.covers(alert)
        ]
        return min(alerts, key=lambda alert: alert.starts, default=None)

    def strays(self):
        """Alerts that begin in no episode of their pair."""
        return [
            alert for alert in self.course.alerts
            if not any(episode.covers(alert) for episode in self.episodes)
        ]


# The real Alertmanager

class Webhook:
    """A server that keeps each message with its time."""

    def __init__(self):
        self.received = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.received.append((time.time(), self.path.strip("/"), json.loads(body)))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}"


def faster(node, factor):
    """Routes with all waits divided by a factor."""
    if isinstance(node, dict):
        return {
            name: f"{round(seconds(value) * 1000 / factor)}ms"
            if name in ("group_wait", "group_interval", "repeat_interval") else faster(value, factor)
            for name, value in node.items()
        }
    return [faster(item, factor) for item in node] if isinstance(node, list) else node


def scenario(length, factor, seed):
    """Alerts that begin and end by chance, as Prometheus sends them, with all waits divided by a factor."""
    generator = random.Random(f"{seed} scenario")
    rules = Rules()
    step = 300 / factor
    kinds = [
        key(alertname=rule["alert"], severity=rule["severity"], pair=pair, window=window, timeframe="1m", signal=signal)
        for signal, rule in rules.by_signal.items() for pair in ("A", "B", "C") for window in (240, 1000)
    ]
    kinds += [key(alertname="PairsLegDown", severity=rules.by_name["PairsLegDown"]["severity"], pair="B", leg="y")] * 2
    posts = []
    for labels in generator.sample(kinds, 5) + kinds[-1:]:
        now = generator.expovariate(1 / step)
        while now < length:
            ends = now + generator.expovariate(1 / step)
            resend = 65 / factor
            moment = now
            while moment < min(ends, length):
                posts.append(Post(moment, labels, now, moment + 240 / factor))
                moment += resend
            following = ends + generator.expovariate(1 / step)
            moment = ends
            while moment < min(following, length, ends + 900 / factor):
                posts.append(Post(moment, labels, now, ends))
                moment += resend
            now = following
    return sorted(posts, key=lambda post: post.time)


def stable_scenario(length, factor, seed):
    """A scenario whose messages do not depend on milliseconds, and these messages.

    The real program starts some time before the first post, and waits a little longer than configured.
    """
    document = faster(shipped_routes(), factor)
    for number in range(seed, seed + 2000):
        posts = scenario(length, factor, number)
        expected = Alertmanager(document, phase=-0.5).messages(posts, length)
        generator = random.Random(number)
        if all(
            contents(late_messages(document, posts, length, generator), length) == contents(expected, length)
            for _ in range(20)
        ):
            return posts, expected
    raise SystemExit("every scenario depends on milliseconds")


def late_messages(document, posts, length, generator):
    posts = [post._replace(time=post.time + generator.random() * 0.05) for post in posts]
    slowness = generator.random() * 0.016
    manager = Alertmanager(document, -generator.random(), lambda: generator.random() * slowness)
    return manager.messages(sorted(posts, key=lambda post: post.time), length)


def contents(messages, length):
    """The messages of each group without their times; those near the end may come too late."""
    groups = by_group(message for message in messages if message.time < length - MARGIN)
    return {name: [message[3:] for message in group] for name, group in groups.items()}


def replay(posts, length, factor):
    """What the real Alertmanager sends when it gets these posts, with all waits divided by a factor."""
    hook = Webhook()
    document = faster(shipped_routes(), factor)
    for receiver in document["receivers"]:
        for target in receiver.get("webhook_configs", []):
            target["url"] = f"{hook.url}/{receiver['name']}"
    document.pop("templates", None)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "alertmanager.yml").write_text(yaml.safe_dump(document))
        process = subprocess.Popen(
            [
                "prometheus-alertmanager", "--config.file=alertmanager.yml", f"--storage.path={folder}/data",
                "--cluster.listen-address=", f"--web.listen-address=127.0.0.1:{port}",
            ],
            cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        try:
            wait_until_ready(f"http://127.0.0.1:{port}/-/ready", process)
            begin = time.time()
            for moment, together in itertools.groupby(posts, key=lambda post: post.time):
                time.sleep(max(0, begin + moment - time.time()))
                send(f"http://127.0.0.1:{port}/api/v2/alerts", begin, together)
            time.sleep(max(0, begin + length - time.time()))
        finally:
            process.terminate()
            process.wait()
    messages = []
    for moment, receiver, body in hook.received:
        alerts = {
            status: frozenset(key(**alert["labels"]) for alert in body["alerts"] if alert["status"] == status)
            for status in ("firing", "resolved")
        }
        group = tuple(sorted(body["groupLabels"].items()))
        messages.append(Message(moment - begin, receiver, group, alerts["firing"], alerts["resolved"]))
    return messages


def wait_until_ready(url, process, patience=20):
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5) as response:
                if response.status == 200:
                    return
        except OSError:
            if process.poll() is not None:
                break
        time.sleep(0.02)
    raise SystemExit("Alertmanager does not start")


def send(url, begin, posts):
    def text(moment):
        return datetime.datetime.fromtimestamp(begin + moment, datetime.timezone.utc).isoformat()

    alerts = [
        {"labels": dict(post.labels), "startsAt": text(post.starts), "endsAt": text(post.ends)} for post in posts
    ]
    request = urllib.request.Request(url, json.dumps(alerts).encode(), {"Content-Type": "application/json"})
    urllib.request.urlopen(request, timeout=10).close()


MARGIN = 0.8
"""Seconds by which a message of the real program may come earlier or later than that of the model."""


def compare_with_alertmanager(length=34, factor=60, seeds=(187, 218, 231)):
    """What differs between the messages of the model and of the real program, and how many the model sends.

    There is one scenario for each seed, and all run at the same time.
    """
    found = [stable_scenario(length, factor, seed) for seed in seeds]
    with concurrent.futures.ThreadPoolExecutor(len(found)) as pool:
        real = list(pool.map(lambda posts: replay(posts, length, factor), [posts for posts, _ in found]))
    differences, count = [], 0
    for (_, expected), received in zip(found, real):
        ours, theirs = by_group(expected), by_group(received)
        for name in ours.keys() | theirs.keys():
            for one, other in itertools.zip_longest(ours[name], theirs[name]):
                if (one or other).time >= length - MARGIN:
                    break
                count += one is not None
                if one is None or other is None or one[3:] != other[3:] or abs(one.time - other.time) > MARGIN:
                    differences.append(f"{name}: model {brief(one)}, Alertmanager {brief(other)}")
                    break
    return differences, count


def by_group(messages):
    groups = collections.defaultdict(list)
    for message in sorted(messages, key=lambda message: message.time):
        groups[message.receiver, message.group].append(message)
    return groups


def brief(message):
    if message is None:
        return "none"

    def names(alerts):
        return " ".join(sorted(f"{a.get('signal', 'leg')}/{a.get('window', '')}" for a in map(dict, alerts))) or "none"

    return f"at {message.time:.2f} s firing {names(message.firing)} resolved {names(message.resolved)}"


# The report

class Table:
    """A table of Markdown that keeps what misses its goal."""

    def __init__(self, *columns):
        self.lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]

    def add(self, *cells):
        self.lines.append("| " + " | ".join(str(cell) for cell in cells) + " |")


class Report:
    def __init__(self):
        self.body, self.missed = [], []

    def section(self, title, *parts):
        self.body += [f"## {title}", ""]
        for part in parts:
            self.body += [*(part.lines if isinstance(part, Table) else [part]), ""]

    def verdict(self, what, figures):
        """Whether each figure (text, value, error, goal, is_least) meets its goal; the summary names what does not."""
        missed = []
        for text, value, spread, goal, is_least in figures:
            beyond = (goal - value) if is_least else (value - goal)
            if beyond > 1e-9:
                missed.append(text)
                errors = f", {beyond / spread:.1f} standard errors beyond" if spread and spread > 0 else ""
                bound = f"{'≥' if is_least else '≤'} {goal:g}"
                self.missed.append(f"- {what}, {text}: {value:.2f}, required {bound}{errors}")
        return f"MISSED: {', '.join(missed)}" if missed else "met"


def figure(value, digits=2):
    if value is None:
        return "–"
    mean, spread = value
    return f"{mean:.{digits}f}" + ("" if math.isnan(spread) else f" ± {spread:.{digits}f}")


LAWS = {"gaussian": "Gaussian", "garch": "GARCH"}
GOALS = {
    ("desk", "messages"): 1, ("desk", "begun"): 1, ("desk", "p95"): 60,
    ("desk-digest", "messages"): 2, ("desk-digest", "p95"): 1800,
}
ROWS = {
    "messages": "messages an hour",
    "firing messages": "of them with an alert that fires",
    "begun": "alerts begun an hour",
    "median": "from close to webhook, median, s",
    "p95": "from close to webhook, 95 %, s",
    "untold": "alerts that end before a message names them, %",
}


def load_figure(load, receiver, row):
    match row:
        case "median": return load.delay(receiver, 0.5)
        case "p95": return load.delay(receiver, 0.95)
        case "untold": return load.untold(receiver)
        case _: return load.rate(receiver, row)


def report_load(report, binary, options):
    results = {
        law: loads(binary, law, options.seed, options.days, options.hours, options.jobs) for law in LAWS
    }
    fast = {
        law: loads(binary, law, options.seed, options.days, 1, options.jobs, phases=1, timeframes="1s") for law in LAWS
    }
    columns = [f"{name} {when}" for name in LAWS.values() for when in ("before", "now")]
    table = Table("receiver", "", *columns, "goal", "verdict")
    for receiver in ("desk", "desk-digest"):
        for row, name in ROWS.items():
            goal = GOALS.get((receiver, row))
            cells, judged = [], []
            digits = 0 if row in ("median", "p95", "untold") else 2
            for law, law_name in LAWS.items():
                after, before, _ = results[law]
                now = load_figure(after, receiver, row)
                cells += [figure(load_figure(before, receiver, row), digits), figure(now, digits)]
                if goal is not None and now is not None:
                    judged.append((law_name, *now, goal, False))
            verdict = report.verdict(f"{receiver}: {name}", judged) if goal is not None else ""
            table.add(receiver, name, *cells, "–" if goal is None else f"≤ {goal}", verdict)
    cells, judged = [], []
    for law, law_name in LAWS.items():
        after, before, _ = fast[law]
        totals = [
            [sum(load.rate(receiver, what)[0] for receiver in ("desk", "desk-digest")) for what in ("messages", "begun")]
            for load in (before, after)
        ]
        cells += [f"{messages:.0f} / {begun:.0f}" for messages, begun in totals]
        judged.append((law_name, totals[1][1], 0, 0, False))
    table.add("both", "bars of 1s: messages / alerts begun an hour", *cells, "0", report.verdict("bars of 1s: alerts", judged))
    report.section(
        "Quiet markets",
        f"Of 50 cointegrated pairs, {options.days} days of {options.hours} h for each law; ± is one standard error over the"
        " days. Messages count for all pairs together and include those of ends. An alert counts when it begins to fire."
        " The time is from the close of the bar that begins the alert to the first message that names it. Bars of 1s are"
        f" simulated for {options.days} hours of their own.",
        table,
        "The program as it ran before, with bars of 1s that could alert, was measured at 287 to 562 messages an hour for 50"
        " simulated pairs.",
    )
    readings = sorted({name for after, before, _ in results.values() for name in [*after.readings, *before.readings]},
                      key=lambda name: (SIGNALS.index(name[0]), name[1], int(name[2])))
    table = Table("signal", "timeframe", "window", *columns)
    for name in readings:
        cells = [figure(load.reading_rate(name)) for after, before, _ in results.values() for load in (before, after)]
        table.add(name[0], name[1], name[2], *cells)
    report.section("Alerts begun an hour, by reading", table)


OLD_DEMO = {
    "timeframes": "1s,1m,5m", "windows": "60,240", "every_bars": 5,
    "episodes": "volatility_burst:ETHUSDT:180:45,decoupling:SOLUSDT:300:90,silent_feed:XRPUSDT:480:50",
}


def report_detection(report, binary, options):
    length = CYCLE + 300
    settings = {"seed": options.seed, "seeds": options.seeds, "jobs": options.jobs}
    now = [
        Demo(lines, length, seed)
        for seed, lines in run(binary, "detect", seconds=length, **settings, **demo_settings()).items()
    ]
    before = [
        Demo(lines, length, seed, is_before=True)
        for seed, lines in run(binary, "detect", seconds=length, **settings, **OLD_DEMO).items()
    ]
    goal = math.ceil(0.95 * options.seeds)
    table = Table("episode and alert", "", "before", "now", "goal", "verdict")
    for kind, name in EPISODES.items():
        old, new = Detection(before, kind), Detection(now, kind)
        line = f"{name}, {EXPECTED[kind]}"
        for row, of_old, of_new in [
            ("fires for the right pair, seeds", old.fired, new.fired), ("ends, seeds", old.ended, new.ended),
        ]:
            verdict = report.verdict(f"{name}: {row}", [("now", of_new, 0, goal, True)])
            table.add(line, row, of_old, of_new, f"≥ {goal}", verdict)
        table.add(line, "a message names it, seeds", old.told, new.told, "–", "")
        table.add(line, "from the start of the episode to the alert, median (longest), s", old.delay, new.delay, "–", "")
        table.add(line, "from the end of the episode to the end of the alert, median (longest), s", old.end, new.end, "–", "")
        table.add(line, "the same alert outside episodes of its pair", old.wrong, new.wrong, "–", "")
    rates = [[3600 / CYCLE * sum(m.time >= length - CYCLE for m in demo.course.messages) for demo in demos]
             for demos in (before, now)]
    cells = [figure((statistics.mean(values), error(values)), 1) for values in rates]
    table.add("all", "messages an hour, of all receivers", *cells, "–", "")
    report.section(
        "Detection",
        f"The market of the demo, {options.seeds} seeds of {length} s; of each episode the first time counts. An alert counts"
        f" where it begins in the episode or at most {AFTERMATH} s later. `desk-digest` sends at most one message in each"
        " `group_interval`, so that a short alert may end before a message names it. Before, the silence lasted 50 s, the"
        " decoupling 90 s, and bars of 1s, 1m and 5m with windows of 60 and 240 bars could alert.",
        table,
    )
    others = collections.Counter(describe(alert) for demo in now for alert in demo.strays())
    table = Table("alert", "pair", f"in {options.seeds} × {length} s")
    for (name, pair), count in sorted(others.items()):
        table.add(name, pair, count)
    report.section("Alerts outside episodes of their pair", table)


def report_quiet_hour(report, binary, options):
    length = 3600
    settings = {"seed": options.seed, "seeds": options.seeds, "jobs": options.jobs}
    lines_of_seeds = run(binary, "detect", seconds=length, episodes="none", **settings, **demo_settings())
    demos = [Demo(lines, length, seed) for seed, lines in lines_of_seeds.items()]
    rules = Rules().by_signal
    table = Table("signal", "receiver", "alerts an hour", "most in one hour", "goal", "verdict")
    for signal in SIGNALS:
        name = rules[signal]["alert"]
        counts = [sum(dict(alert.labels)["alertname"] == name for alert in demo.course.alerts) for demo in demos]
        receivers = {
            demo.course.receivers[alert.labels] for demo in demos for alert in demo.course.alerts
            if dict(alert.labels)["alertname"] == name
        }
        on_desk = sum(
            dict(alert.labels)["alertname"] == name and demo.course.receivers[alert.labels] == "desk"
            for demo in demos for alert in demo.course.alerts
        )
        mean = statistics.mean(counts), error(counts)
        if signal == "stationarity_risk":
            goal, verdict = "≤ 1", report.verdict("Quiet hour: stationarity_risk", [("mean", *mean, 1, False)])
        else:
            goal = "0 on desk"
            verdict = report.verdict(f"Quiet hour: {signal} on desk", [("alerts", on_desk, 0, 0, False)])
        table.add(signal, ", ".join(sorted(receivers)) or "–", figure(mean), max(counts), goal, verdict)
    messages = []
    for receiver in ("desk", "desk-digest"):
        counts = [sum(message.receiver == receiver for message in demo.course.messages) for demo in demos]
        messages.append(f"`{receiver}` {figure((statistics.mean(counts), error(counts)))}")
    report.section(
        "A quiet hour of the demo",
        f"`demo --episodes none`, {options.seeds} seeds of an hour. Messages an hour: {', '.join(messages)}.",
        table,
    )


EPISODES = {"volatility_burst": "volatility burst", "decoupling": "decoupling", "silent_feed": "silent feed"}


class Detection:
    """What one kind of episode raised in some seeds."""

    def __init__(self, demos, kind):
        found = []
        for demo in demos:
            episode = next(episode for episode in demo.episodes if episode.kind == kind)
            alert = demo.found(episode)
            if alert:
                found.append((demo, episode, alert))
        self.fired = len(found)
        self.ended = sum(alert.ends < math.inf for _, _, alert in found)
        self.told = sum(demo.course.first_message(alert) is not None for demo, _, alert in found)
        self.delay = self.spread([alert.starts - episode.begin for _, episode, alert in found])
        self.end = self.spread([alert.ends - episode.end for _, episode, alert in found if alert.ends < math.inf])
        self.wrong = sum(
            dict(alert.labels)["alertname"] == EXPECTED[kind] for demo in demos for alert in demo.strays()
        )

    @staticmethod
    def spread(values):
        return f"{statistics.median(values):.0f} ({max(values):.0f})" if values else "–"


def describe(alert):
    labels = dict(alert.labels)
    return labels["alertname"], labels["pair"]


def report_alertmanager(report, options):
    differences, count = compare_with_alertmanager()
    text = (
        f"The model and the real Alertmanager got the same alerts, with all waits divided by 60: {count - len(differences)} of"
        f" {count} messages have the same receiver, group, firing and resolved alerts"
        + (", none more, none less." if not differences else ".")
    )
    if differences:
        report.missed.append(f"- Model of Alertmanager: {len(differences)} differences from the real one")
    report.section("The model of Alertmanager", text, *(f"- {difference}" for difference in differences))


def head(options, report):
    changed = [
        f" --{name} {getattr(options, name)}" for name, value in DEFAULTS.items() if getattr(options, name) != value
    ]
    quiet = default_settings()
    lines = [
        "# Alerts",
        "",
        "How many alerts and messages quiet markets cause, and whether alerts find what happens in the demo. Written by",
        "",
        "```sh",
        "python3 Benchmarks/alerts.py" + "".join(changed),
        "```",
        "",
        f"- Seeds from {options.seed} on: the same figures on every run.",
        "- Quiet markets: pairs with half-lives of 8 to 30 one-minute bars, correlations of returns of 0.6 to 0.95; normal"
        " innovations, or GARCH(1,1) with α 0.1 and β 0.88. Default configuration: bars of"
        f" {quiet['timeframes'].replace(',', ' and ')}, windows of {quiet['windows'].replace(',', ' and ')} bars, warmed with"
        " 6 windows of history.",
        "- Bars and trades go through the engine of the exporter. Models of Prometheus and Alertmanager make messages of"
        " its alerts, with `for`, `keep_firing_for`, routes, waits and inhibition of the files that ship. Prometheus sends"
        " an alert again each minute, and a resolved one for 15 minutes.",
        f"- A reading is published {PUBLISHED_AFTER} s after the close of its bar. Scrapes and evaluations come at the"
        " intervals of `prometheus.yml`, each with a phase of its own; a quiet day counts with eight pairs of phases.",
        "- Before: rules and routes that asked for `pairs_signal` and for beginnings in the past 5 to 10 minutes, one group"
        " for each pair; in the same markets.",
        "- A figure beyond its goal is MISSED; by less than two standard errors it may be chance.",
        "",
        "## Missed",
        "",
        *(report.missed or ["Nothing."]),
        "",
    ]
    return lines


DEFAULTS = {"days": 5, "hours": 24, "seeds": 20, "seed": 1}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=DEFAULTS["days"], help="days of each quiet market")
    parser.add_argument("--hours", type=int, default=DEFAULTS["hours"], help="hours of such a day")
    parser.add_argument("--seeds", type=int, default=DEFAULTS["seeds"], help="seeds of the demo")
    parser.add_argument("--seed", type=int, default=DEFAULTS["seed"], help="the first seed")
    parser.add_argument("--only", action="append", default=[], choices=PARTS, help="only this part; repeatable")
    parser.add_argument("--jobs", type=int, default=2, help="threads")
    parser.add_argument("--output", type=pathlib.Path, default=REPOSITORY / "prometheus/ALERTS.md")
    options = parser.parse_args()

    report = Report()
    parts = options.only or PARTS
    binary = built("AlertLoad") if parts != ["alertmanager"] else None
    if "load" in parts:
        report_load(report, binary, options)
    if "detect" in parts:
        report_detection(report, binary, options)
        report_quiet_hour(report, binary, options)
    if "alertmanager" in parts:
        report_alertmanager(report, options)
    if options.only:
        print("\n".join([*report.missed, *report.body]))
    else:
        options.output.write_text("\n".join([*head(options, report), *report.body[:-1]]) + "\n")
        log(f"written: {options.output}")


def log(text):
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
