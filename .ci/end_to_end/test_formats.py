"""Every format has the same contents, by independent parsers: prometheus_client, Google's protobuf, and Prometheus."""

import gzip
import urllib.request

import pytest
import requests
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parse_text

import metric_family
from exporter import wait_until
from stack import Prometheus

PROTOBUF = "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited"
PROMETHEUS_3 = (
    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;"
    "q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2"
)
# The families that change from one scrape to the next.
RESTLESS = ("process_", "promhttp_", "pairs_feed_", "pairs_store_", "pairs_live_zscore", "pairs_bar_close", "pairs_series")


@pytest.fixture(scope="module")
def demo(binary, tmp_path_factory):
    from exporter import Exporter

    exporter = Exporter(binary, ["demo"], tmp_path_factory.mktemp("demo") / "log.txt")
    exporter.wait_until_healthy()
    wait_until(lambda: exporter.get("/-/ready").status_code == 200, 60, "ready")
    yield exporter
    exporter.kill()


def settled(samples: dict) -> dict:
    return {
        key: value
        for key, value in samples.items()
        if not key[0].startswith(RESTLESS) and dict(key[1]).get("timeframe") != "1s"
    }


def text_samples(families) -> dict:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value for family in families for sample in family.samples
    }


def readings(samples: dict, timeframe: str) -> dict:
    return {
        key: value
        for key, value in samples.items()
        if dict(key[1]).get("timeframe") == timeframe and not key[0].startswith(RESTLESS)
    }


def test_all_formats_say_the_same(demo):
    def same():
        text = text_samples(parse_text(demo.get("/metrics").text))
        modern = text_samples(parse_text(demo.get("/metrics", Accept="text/plain;version=1.0.0").text))
        openmetrics = text_samples(parse_openmetrics(demo.get("/metrics", Accept=PROMETHEUS_3).text))
        protobuf = metric_family.samples(metric_family.parse(demo.get("/metrics", Accept=PROTOBUF).content))
        keys = [set(settled(samples)) for samples in (text, modern, openmetrics, protobuf)]
        values = [readings(samples, "1m") for samples in (text, modern, openmetrics, protobuf)]
        # A bar may close, or a test finish, between two of the scrapes; then all are scraped again.
        return keys.count(keys[0]) == 4 and values.count(values[0]) == 4 and len(values[0]) > 100

    wait_until(same, 60, "four scrapes of the same state")


@pytest.mark.parametrize(
    "accept, content_type",
    [
        ("", "text/plain; version=0.0.4; charset=utf-8; escaping=underscores"),
        (PROMETHEUS_3, "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=allow-utf-8"),
        (PROTOBUF + ";q=0.7," + PROMETHEUS_3, PROTOBUF.replace(";", "; ") + "; escaping=underscores"),
        ("text/plain ; version=1.0.0 ; q = 0.9 , */* ; q=0.1", "text/plain; version=1.0.0; charset=utf-8; escaping=underscores"),
    ],
)
def test_the_type_is_the_requested_one_and_gzip_changes_nothing(demo, accept, content_type):
    for encoding in ("identity", "gzip", "gzip;q=0.5, br", "deflate", "gzip;q=0", "*"):
        request = urllib.request.Request(demo.url + "/metrics?name[]=pairs_pair_info")
        request.add_header("Accept-Encoding", encoding)
        if accept:
            request.add_header("Accept", accept)
        with urllib.request.urlopen(request, timeout=60) as answer:
            body = answer.read()
            assert answer.headers["Content-Type"] == content_type
            is_compressed = answer.headers.get("Content-Encoding") == "gzip"
        assert is_compressed == (encoding in ("gzip", "gzip;q=0.5, br", "*"))
        plain = gzip.decompress(body) if is_compressed else body
        assert b"pairs_pair_info" in plain and b"pairs_spread" not in plain


def test_native_histograms_add_up(demo):
    families = {family.name: family for family in metric_family.parse(demo.get("/metrics", Accept=PROTOBUF).content)}
    histogram = families["pairs_feed_delay_seconds"].metric[0].histogram
    assert histogram.schema <= 3 and histogram.sample_count > 0
    count, total, lower, upper, index = 0, 0, 0.0, 0.0, 0
    deltas = iter(histogram.positive_delta)
    for span in histogram.positive_span:
        index += span.offset
        for _ in range(span.length):
            count += next(deltas)
            total += count
            base = 2 ** (2**-histogram.schema)
            lower += count * base ** (index - 1)
            upper += count * base**index
            index += 1
    assert next(deltas, None) is None
    assert total + histogram.zero_count == histogram.sample_count
    assert lower <= histogram.sample_sum <= upper + histogram.zero_count * histogram.zero_threshold + 1e-9


def scraped_by_prometheus(exporter, folder, target: dict, expression: str, *features: str) -> list:
    """Starts a real Prometheus that scrapes the exporter, and returns the result of an expression once there is one."""
    job = {"job_name": "pairs", "static_configs": [{"targets": [f"127.0.0.1:{exporter.port}"]}], **target}
    configuration = {"global": {"scrape_interval": "1s"}, "scrape_configs": [job]}
    with Prometheus(folder, configuration, *features) as prometheus:
        result = wait_until(lambda: prometheus.query(expression), 60, f"{expression} in Prometheus")
        assert not any(prometheus.scrape_errors())
        return result


def test_prometheus_reads_native_histograms(demo, tmp_path):
    result = scraped_by_prometheus(
        demo, tmp_path, {}, "histogram_quantile(0.5, pairs_feed_delay_seconds)", "--enable-feature=native-histograms"
    )
    assert 0 < float(result[0]["value"][1]) < 3600


def test_prometheus_probes_the_pairs_that_it_discovers(demo, tmp_path):
    address = f"127.0.0.1:{demo.port}"
    discovery = {
        "params": {"timeframe": ["1s"], "window": ["100"]},
        "static_configs": [],
        "http_sd_configs": [{"url": f"http://{address}/sd/pairs"}],
        "relabel_configs": [
            {"source_labels": ["__param_pair"], "target_label": "instance"},
            {"target_label": "__address__", "replacement": address},
        ],
    }
    result = scraped_by_prometheus(demo, tmp_path, discovery, "count(probe_success == 1) == 3")
    assert result[0]["value"][1] == "3"


def test_json_and_metrics_agree(demo):
    def same():
        samples = demo.samples()
        for pair in demo.get("/api/v1/pairs").json():
            for reading in pair["readings"]:
                labels = {"pair": pair["pair"], "timeframe": reading["timeframe"], "window": str(reading["window"])}
                for key in ("hedge_ratio", "spread_zscore", "adf_pvalue", "window_fill_ratio"):
                    if samples.get(("pairs_" + key, frozenset(labels.items()))) != reading[key]:
                        return False
        return True

    wait_until(same, 60, "the same moment")


def test_help_and_types_are_stable_and_complete(demo):
    lines = demo.get("/metrics").text.splitlines()
    names = [line.split()[2] for line in lines if line.startswith("# TYPE ")]
    assert len(names) == len(set(names))
    again = [line.split()[2] for line in demo.get("/metrics").text.splitlines() if line.startswith("# TYPE ")]
    assert [name for name in again if name in names] == [name for name in names if name in again]
