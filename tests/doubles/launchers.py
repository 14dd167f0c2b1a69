"""Executables by which the engine finds the provider doubles on PATH: `pulumi-resource-aws` and the like."""

from __future__ import annotations

import importlib.util
import json
import shlex
import sys
from pathlib import Path

from tests.doubles.typed import SDKS

ROOT = Path(__file__).resolve().parents[2]
DOUBLES = ("aws", "grafana", "sentry", "datadog")


def version_of(package: str) -> str:
    """The version of the installed SDK, or 1.0.0 for a package without one."""
    spec = importlib.util.find_spec(SDKS[package]) if package in SDKS else None
    plugin = Path(spec.origin).with_name("pulumi-plugin.json") if spec and spec.origin else None
    return json.loads(plugin.read_text())["version"] if plugin and plugin.exists() else "1.0.0"


def write_launchers(directory: Path, packages: tuple[str, ...] = DOUBLES) -> Path:
    """Write one executable a package into a directory; the doubles then run under this interpreter."""
    directory.mkdir(parents=True, exist_ok=True)
    for package in packages:
        command = [sys.executable, "-m", "tests.doubles.provider", package, version_of(package)]
        launcher = directory / f"pulumi-resource-{package}"
        launcher.write_text(f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(ROOT))} exec {shlex.join(command)} "$@"\n')
        launcher.chmod(0o755)
    return directory
