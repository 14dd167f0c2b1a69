"""What is installed, what is missing, and how to get it.

Exit code 0 when everything that the core needs is there; 3 when it is not. What `pulumi up` needs is
reported too, and makes the exit code 3 only with --for up.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version

import msgspec

from tocsin.commands import add_format
from tocsin.emit import canonical
from tocsin.main import CLEAN, COULD_NOT_RUN
from tocsin.show.paint import for_stdout, table

CORE = ("pyyaml", "msgspec", "grafana-foundation-sdk", "tzdata")
STACKS = ("pulumi", "pulumi-aws", "pulumi-pagerduty", "pulumi-datadog", "pulumiverse-grafana")
CHECKERS = {"promtool": "apt install prometheus", "amtool": "apt install prometheus-alertmanager"}


class Found(msgspec.Struct, frozen=True):
    """One thing that was looked for."""

    name: str
    needed_for: str
    version: str
    remedy: str


def arguments(parser: argparse.ArgumentParser) -> None:
    add_format(parser, "text", "json")
    parser.add_argument(
        "--for", dest="purpose", choices=("core", "up"), default="core", help="what must be there (default: core)"
    )


def run(options: argparse.Namespace) -> int:
    found = [
        _python(),
        *_packages(CORE, "core", "pip install tocsin"),
        *_packages(STACKS, "up", "pip install 'tocsin[stacks]'"),
        _engine(),
        *_checkers(),
    ]
    if options.format == "json":
        print(canonical([msgspec.structs.asdict(each) for each in found]), end="")
    else:
        _show(found)
    needed = {"core"} if options.purpose == "core" else {"core", "up"}
    return COULD_NOT_RUN if any(not each.version and each.needed_for in needed for each in found) else CLEAN


def _python() -> Found:
    running = ".".join(map(str, sys.version_info[:3]))
    return Found("python", "core", running if sys.version_info >= (3, 11) else "", "install Python 3.11 or later")


def _packages(names: tuple[str, ...], purpose: str, remedy: str) -> list[Found]:
    return [Found(name, purpose, _version(name), remedy) for name in names]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _engine() -> Found:
    path = os.environ.get("PULUMI_BIN") or shutil.which("pulumi") or ""
    return Found(
        "pulumi (the engine)", "up", _asked(path, "version") if path else "", "https://www.pulumi.com/docs/install/"
    )


def _checkers() -> list[Found]:
    paths = {name: shutil.which(name) for name in CHECKERS}
    return [
        Found(name, "tests", _asked(path, "--version") if path else "", CHECKERS[name]) for name, path in paths.items()
    ]


def _asked(path: str, argument: str) -> str:
    """The version that a program says it is; "" if it cannot be asked."""
    try:
        done = subprocess.run([path, argument], capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    found = re.search(r"[0-9]+\.[0-9]+[\w.+-]*", done.stdout or done.stderr)
    return found[0] if found else "(says no version)"


def _show(found: list[Found]) -> None:
    paint = for_stdout()
    rows = [
        (
            "" if each.version else "!",
            each.name,
            each.version or "missing",
            each.needed_for,
            "" if each.version else each.remedy,
        )
        for each in found
    ]
    print(table([("", "what", "version", "needed for", "how to get it"), *rows]))
    missing = [each for each in found if not each.version]
    print(
        paint.dim(
            "everything is there" if not missing else f"{len(missing)} missing; `pulumi up` needs those marked up"
        )
    )
