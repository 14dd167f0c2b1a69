"""A preview of alarms on the real Pulumi engine, against the AWS double: wall time, and what each process took of it."""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

from benchmarks import inputs
from tests.doubles.launchers import write_launchers
from tests.doubles.state import VARIABLE
from tests.engine.runner import Engine, find_pulumi

ROOT = Path(__file__).resolve().parent.parent
STACK = "bench.production"
PROCESSES = {"tests.doubles.provider": "plugin", "pulumi-language-python-exec": "program", "pulumi preview": "engine"}
"""What stands in a process's command line, and what the process is."""


class _Watch(threading.Thread):
    """Looks at the running processes (Linux's /proc) while the engine works: CPU seconds and peak MB of each."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.seen: dict[str, tuple[float, float]] = {}
        self.running = True

    def run(self) -> None:
        while self.running:
            for process in Path("/proc").glob("[0-9]*"):
                try:
                    self._look(process)
                except (OSError, ValueError, StopIteration):
                    continue  # it has ended
            time.sleep(0.05)

    def _look(self, process: Path) -> None:
        command = (process / "cmdline").read_text().replace("\0", " ")
        what = next(what for part, what in PROCESSES.items() if part in command)
        ticks = (process / "stat").read_text().rpartition(")")[2].split()[11:13]
        peak = next(line for line in (process / "status").read_text().splitlines() if line.startswith("VmHWM"))
        self.seen[what] = (sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK"), int(peak.split()[1]) / 1024)


def report(alarms: int, runs: int) -> str:
    """The medians, with and without what the program leaves out of the SDK's work."""
    pulumi = find_pulumi()
    if pulumi is None:
        return "(no pulumi on the PATH: no preview)"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        project = _project(folder / "project", alarms)
        engine = Engine(
            pulumi, folder / "engine", [write_launchers(folder / "plugins")], {VARIABLE: str(folder / "state")}
        )
        engine.environment.pop("PYTHONDONTWRITEBYTECODE", None)
        disabled = '["grafana", "pagerduty", "sentry", "uptimerobot"]'
        engine.configure(
            project,
            STACK,
            {"aws:region": "eu-west-1", "tocsin:ops-mail": "ops@example.com", "tocsin:disabled": disabled},
        )
        lines = [f"\npreview of {alarms} alarms; medians of {runs} runs"]
        for title, options in (("", ()), (", tocsin:debug", ("-c", "tocsin:debug=true"))):
            lines.append(_said(title, [_once(engine, project, options) for _ in range(runs + 1)][1:]))
    return "\n".join(lines)


def _project(folder: Path, alarms: int) -> Path:
    folder.mkdir()
    shutil.copy(ROOT / "Pulumi.yaml", folder)
    shutil.copytree(ROOT / "stacks", folder / "stacks", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / ".venv").symlink_to(sys.prefix, target_is_directory=True)
    inputs.spec(folder / "spec/systems/bench", alarms, 0, mailed=True)
    return folder


def _once(engine: Engine, project: Path, options: tuple[str, ...]) -> tuple[float, dict[str, tuple[float, float]]]:
    watch = _Watch()
    watch.start()
    started = time.perf_counter()
    engine.run(project, "preview", "--stack", STACK, "--non-interactive", *options)
    seconds = time.perf_counter() - started
    watch.running = False
    watch.join()
    return seconds, watch.seen


def _said(title: str, runs: list[tuple[float, dict[str, tuple[float, float]]]]) -> str:
    shares = []
    for what in PROCESSES.values():
        found = [seen[what] for _, seen in runs if what in seen]
        shares.append(
            f"{what} {statistics.median(cpu for cpu, _ in found):.1f} s of CPU, {max(mb for _, mb in found):.0f} MB"
        )
    return f"pulumi preview{title}: {statistics.median(seconds for seconds, _ in runs):.1f} s ({'; '.join(shares)})"
