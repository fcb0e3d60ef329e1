"""What the container stack needs from the program: a health check, and a configuration of its live profile."""

import subprocess

import pytest
import yaml

from exporter import free_port, wait_until
from stack import REPOSITORY


def healthcheck(binary, port: int, *options: str) -> subprocess.CompletedProcess:
    command = [binary, "healthcheck", "--web.listen-address", f":{port}", *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_the_health_check_reports_by_its_status(start, binary):
    demo = start("demo")
    demo.wait_until_healthy()
    well = healthcheck(binary, demo.port, "--timeout", "30")
    assert (well.returncode, well.stdout, well.stderr) == (0, "pairs-exporter is healthy.\n", "")
    wait_until(lambda: demo.get("/-/ready").status_code == 200, 60, "ready")
    assert healthcheck(binary, demo.port, "--ready", "--timeout", "30").returncode == 0
    assert demo.terminate()[0] == 0
    gone = healthcheck(binary, demo.port)
    assert gone.returncode == 1 and f"localhost:{demo.port}/-/healthy" in gone.stderr


def test_a_program_without_live_data_is_healthy_and_has_no_data(start, binary, tmp_path):
    configuration = tmp_path / "pairs.yml"
    configuration.write_text(
        f"feeds: [{{venue: binance-usdm, websocket_url: 'ws://127.0.0.1:{free_port()}'}}]\n"
        f"storage: {{path: '{tmp_path}/pairs.sqlite'}}\n"
    )
    exporter = start("--config.file", str(configuration))
    exporter.wait_until_healthy()
    assert healthcheck(binary, exporter.port, "--timeout", "30").returncode == 0
    refused = healthcheck(binary, exporter.port, "--flowing", "--timeout", "30")
    assert refused.returncode == 1 and "503" in refused.stderr and "0 of 2 streams flow" in refused.stderr


@pytest.mark.parametrize(
    "options",
    [["--web.listen-address", "nowhere"], ["--timeout", "0"], ["--no-such-flag"], ["--ready", "--flowing"]],
)
def test_wrong_usage_has_status_64(binary, options):
    assert subprocess.run([binary, "healthcheck", *options], capture_output=True).returncode == 64


def test_the_live_profile_is_a_valid_configuration(binary, tmp_path):
    compose = yaml.safe_load((REPOSITORY / "docker-compose.yml").read_text())
    file = tmp_path / "pairs.yml"
    file.write_text(compose["configs"]["pairs"]["content"])
    checked = subprocess.run([binary, "check-config", "--config.file", file], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr


def test_the_image_starts_what_the_program_understands(binary):
    text = (REPOSITORY / "Dockerfile").read_text()
    assert 'ENTRYPOINT ["pairs-exporter"]' in text and "USER 10200:10200" in text
    help_text = subprocess.run([binary, "--help"], capture_output=True, text=True).stdout
    assert all(command in help_text for command in ("serve", "demo", "healthcheck"))
