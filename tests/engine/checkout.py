"""A checkout of the project for the engine to run: its own spec, which a test may edit, and this environment's Python."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from spec.load import load_system
from tests.conftest import ROOT
from tests.engine.runner import Engine, Secret
from tocsin.sandbox.pagerduty import PagerDuty
from tocsin.sandbox.uptimerobot import UptimeRobot

SYSTEM = "nzila-export-hub"
STACK = f"{SYSTEM}.production"
PLANTED = "planted-secret"
REGION = "us-east-1"


def checkout(folder: Path) -> Path:
    """Pulumi.yaml, the program and the specs, copied; `.venv` is the environment that runs the tests."""
    folder.mkdir(parents=True)
    for name in ("Pulumi.yaml", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    for name in ("stacks", "spec/systems"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / ".venv").symlink_to(sys.prefix, target_is_directory=True)
    return folder


def values(folder: Path, system: str = SYSTEM) -> dict[str, str | Secret]:
    """Something for every `{config: name}` of a system; secrets are recognisable."""
    spec = load_system(folder / "spec/systems" / system, "production", folder).linked.spec
    found: dict[str, str | Secret] = {}
    for value in spec.configured:
        plain = _plain(value.config)
        found[f"tocsin:{value.config}"] = (
            Secret(f"{PLANTED}-{value.config}" if "phone" not in value.config else _phone(value.config))
            if value.secret
            else plain
        )
    return found


def _phone(name: str) -> str:
    return "202555" + str(1000 + sum(map(ord, name)) % 9000)


def _plain(name: str) -> str:
    """A value of the sort that the name speaks of."""
    if "email" in name or name.endswith("-mail"):
        return f"{name}@nzila-export.example"
    if "region" in name:
        return REGION
    if "account" in name:
        return "000000000000"
    if "url" in name:
        return f"https://{name}.nzila-export.example/health/"
    if any(word in name for word in ("max", "storage", "memory", "capacity", "connections")):
        return "100"
    return f"{name}-value"


def configuration(
    engine: Engine, folder: Path, pagerduty: PagerDuty, uptimerobot: UptimeRobot, system: str = SYSTEM
) -> dict[str, str | Secret]:
    """A stack's whole config: the spec's values, and providers that point at the doubles."""
    provider = engine.terraform_provider("uptimerobot")
    return {
        **values(folder, system),
        "aws:region": REGION,
        "pagerduty:token": Secret(f"{PLANTED}-pagerduty"),
        "pagerduty:apiUrlOverride": pagerduty.url,
        "pagerduty:skipCredentialsValidation": "true",
        "uptimerobot:apiKey": Secret(f"{PLANTED}-uptimerobot"),
        "uptimerobot:apiUrl": f"{uptimerobot.url}",
        "grafana:url": "http://localhost:3000",
        "grafana:auth": Secret(f"{PLANTED}-grafana"),
        "tocsin:packages": f'{{"sentry": {{"source": "plugin"}}, "uptimerobot": {{"source": "file", "path": "{provider}"}}}}',
    }


def people(folder: Path, pagerduty: PagerDuty, config: dict[str, str | Secret], system: str = SYSTEM) -> None:
    """The users of the account, whom the stack looks up by their e-mail."""
    spec = load_system(folder / "spec/systems" / system, "production", folder).linked.spec
    for name, person in spec.people.items():
        email = person.email if isinstance(person.email, str) else config[f"tocsin:{person.email.config}"]
        pagerduty.add_default_contact(pagerduty.add("users", {"name": name, "email": email}))
