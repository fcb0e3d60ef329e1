"""The load and the detection of alerts on a small sample, and the model of Alertmanager beside the real one.

The figures of all markets are those of Benchmarks/alerts.py in prometheus/ALERTS.md.
"""

import sys

import pytest

from stack import REPOSITORY

sys.path.append(str(REPOSITORY / "Benchmarks"))
import alerts

ALERT_LOAD = REPOSITORY / ".build/release/AlertLoad"


@pytest.fixture(scope="module")
def alert_load():
    assert ALERT_LOAD.exists(), "BENCHMARKS=1 swift build -c release"
    return ALERT_LOAD


def test_the_model_of_alertmanager_sends_what_the_real_one_sends():
    differences, count = alerts.compare_with_alertmanager()
    assert not differences and count > 20, "\n".join(differences)


def test_each_episode_of_the_demo_raises_its_alert_for_its_pair(alert_load):
    length = 800
    lines = alerts.run(alert_load, "detect", seconds=length, seed=1, seeds=3, **alerts.demo_settings())
    assert sorted(lines) == [1, 2, 3]
    for seed, of_seed in lines.items():
        demo = alerts.Demo(of_seed, length, seed)
        assert [episode.kind for episode in demo.episodes] == list(alerts.EPISODES), seed
        for episode in demo.episodes:
            assert demo.found(episode), (seed, episode.kind)
        strays = {alerts.describe(alert)[0] for alert in demo.strays()}
        assert strays.isdisjoint({"PairsCorrelationBreakdown", "PairsLegDown"}), seed


def test_a_quiet_market_sends_few_messages(alert_load):
    hours = 6
    after, before, lines = alerts.loads(alert_load, "gaussian", 1, days=1, hours=hours, jobs=2, pairs=20)
    assert {line["timeframe"] for line in lines[1] if line["kind"] == "alert"} <= {"1m", "5m"}
    assert after.rate("desk", "messages")[0] <= 1 and after.rate("desk-digest", "messages")[0] <= 2
    # The same market was not quiet under earlier rules, so the sample can show a difference.
    assert before.rate("desk-digest", "messages")[0] > 5


def test_bars_of_a_second_do_not_alert_by_default(alert_load):
    lines = alerts.run(alert_load, "load", timeframes="1s", pairs=4, hours=1, seed=1)
    kinds = {line["kind"] for line in lines[1]}
    assert "signal" in kinds and "alert" not in kinds


class TestPrometheus:
    """`for` and `keep_firing_for`, evaluated every 5 s from 2 s on; a scrape comes 1 s before."""

    @pytest.fixture
    def prometheus(self):
        class Phases:
            values = [1 / 5, 2 / 5]

            def random(self):
                return self.values.pop(0)

        return alerts.Prometheus(Phases())

    def firings(self, prometheus, spans, **rule):
        found, _ = prometheus.alert((), rule, [(begin, over, begin) for begin, over in spans], 1000)
        return [(alert.starts, alert.ends) for alert in found]

    def test_an_alert_fires_at_the_first_evaluation_after_the_first_scrape(self, prometheus):
        assert self.firings(prometheus, [(10, 50)], **{"for": 0, "keep": 0}) == [(12, 52)]
        assert self.firings(prometheus, [(11.5, 50)], **{"for": 0, "keep": 0}) == [(17, 52)]

    def test_what_ends_between_two_scrapes_is_not_seen(self, prometheus):
        assert self.firings(prometheus, [(11.5, 15)], **{"for": 0, "keep": 0}) == []

    def test_a_pause_within_keep_firing_for_does_not_end_the_alert(self, prometheus):
        assert self.firings(prometheus, [(10, 50), (70, 90)], **{"for": 0, "keep": 30}) == [(12, 122)]
        assert self.firings(prometheus, [(10, 50), (90, 110)], **{"for": 0, "keep": 30}) == [(12, 82), (92, 142)]

    def test_an_alert_that_is_pending_for_less_than_for_does_not_fire(self, prometheus):
        assert self.firings(prometheus, [(10, 50), (70, 200)], **{"for": 45, "keep": 0}) == [(117, 202)]
