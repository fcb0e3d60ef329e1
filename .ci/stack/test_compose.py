"""The stack of docker-compose.yml: valid either way, hardened, and pinned. The check needs no engine."""

import json
import os
import subprocess
import sys
import pathlib

import pytest
import yaml

import derived

BIN = pathlib.Path(sys.executable).parent
SETTINGS = [
    {"COMPOSE_PROFILES": profile, "ALERTS": alerts} for profile in ("demo", "live") for alerts in ("prometheus", "grafana")
]


def run(*command, **environment) -> str:
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=derived.REPOSITORY, env=os.environ | environment
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def services(**environment) -> dict[str, dict]:
    return json.loads(run(BIN / "docker-compose", "config", "--format", "json", **environment))["services"]


@pytest.mark.parametrize("settings", SETTINGS, ids=lambda settings: "-".join(settings.values()))
def test_compose_accepts_it(settings):
    run(BIN / "docker-compose", "config", "-q", **settings)
    found = services(**settings)
    assert set(found) == {settings["COMPOSE_PROFILES"], "prometheus", "alertmanager", "webhook", "grafana"}
    for service in found.values():
        for mount in service.get("volumes", []):
            assert mount["type"] != "bind" or pathlib.Path(mount["source"]).exists(), mount["source"]


def test_without_settings_it_is_the_demo_with_one_path_of_alerts():
    found = services()
    assert found["demo"]["command"] == ["demo"]
    assert found["grafana"]["environment"]["PAIRS_ALERT_RULES_PAUSED"] == "true"
    sources = {mount["source"] for mount in found["prometheus"]["volumes"] if mount["type"] == "bind"}
    assert str(derived.REPOSITORY / "prometheus/alertmanagers/prometheus") in sources


def test_grafana_sends_only_when_prometheus_does_not():
    found = services(ALERTS="grafana")
    assert found["grafana"]["environment"]["PAIRS_ALERT_RULES_PAUSED"] == "false"
    sources = {mount["source"] for mount in found["prometheus"]["volumes"] if mount["type"] == "bind"}
    assert str(derived.REPOSITORY / "prometheus/alertmanagers/grafana") in sources


@pytest.mark.parametrize("settings", SETTINGS[::2], ids=lambda settings: "-".join(settings.values()))
def test_every_service_is_hardened_checked_and_pinned(settings):
    for name, service in services(**settings).items():
        assert service["read_only"] and service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["healthcheck"]["test"] and service["mem_limit"] and service["cpus"] and service["user"], name
        assert all(port["host_ip"] == "127.0.0.1" for port in service["ports"]), name
        tag = service["image"].rsplit(":", 1)[1]
        assert tag != "latest" and (service.get("build") or tag[0].isdigit() or tag[0] == "v"), name


def test_hadolint_finds_nothing():
    assert run(BIN / "hadolint", "--failure-threshold", "style", "Dockerfile") == ""


def test_compose_lint_finds_nothing():
    run(BIN / "compose-lint", "--fail-on", "low", "docker-compose.yml")


def test_the_image_holds_what_the_build_needs_and_no_more():
    patterns = (derived.REPOSITORY / ".dockerignore").read_text("utf-8").split()
    assert patterns[0] == "*" and {"!Package.swift", "!Sources"} <= set(patterns)


def test_grafana_does_not_look_for_updates():
    environment = services()["grafana"]["environment"]
    off = ("REPORTING_ENABLED", "CHECK_FOR_UPDATES", "CHECK_FOR_PLUGIN_UPDATES")
    assert all(environment[f"GF_ANALYTICS_{name}"] == "false" for name in off)
    assert environment["GF_PLUGINS_PREINSTALL_DISABLED"] == "true"
    assert environment["GF_PLUGINS_PREINSTALL_AUTO_UPDATE"] == "false"


def provisioned(file: str) -> dict:
    return yaml.safe_load((derived.REPOSITORY / "grafana/provisioning" / file).read_text("utf-8"))


def test_grafana_finds_each_folder_of_its_provisioning():
    folders = {path.name for path in (derived.REPOSITORY / "grafana/provisioning").iterdir()}
    assert folders == {"alerting", "dashboards", "datasources", "plugins"}
    assert provisioned("plugins/plugins.yml") == {"apiVersion": 1, "apps": []}


def test_dashboards_and_rules_are_in_one_folder():
    """Grafana finds the folder of rules by its title. It finds that of a provider by folderUid where there is one."""
    (provider,) = provisioned("dashboards/dashboards.yml")["providers"]
    folders = {group["folder"] for group in provisioned("alerting/rules.yml")["groups"]}
    assert folders == {provider["folder"]} and "folderUid" not in provider
