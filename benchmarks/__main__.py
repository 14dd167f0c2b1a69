"""`python -m benchmarks [--alerts N] [--runs N] [--preview]`: times, peak memory, and the ratio to peers in the same run."""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import timeit
from pathlib import Path

from benchmarks import inputs

ROOT = Path(__file__).resolve().parent.parent


def measure(command: list[str], cwd: Path) -> tuple[float, float, int]:
    """Seconds, peak MB and exit code of one run of a whole process. Bytecode is kept, as it is wherever Tocsin is installed."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment = {**kept, "PYTHONPATH": str(ROOT)}
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return time.perf_counter() - started, usage.ru_maxrss / 1024, process.returncode


def interleaved(commands: dict[str, list[str]], cwd: Path, runs: int) -> dict[str, tuple[float, float, int]]:
    """Each command's median time, greatest memory and last exit code, the commands taking turns after one warm-up."""
    found: dict[str, list[tuple[float, float, int]]] = {name: [] for name in commands}
    for turn in range(runs + 1):
        for name, command in commands.items():
            measured = measure(command, cwd)
            if turn:
                found[name].append(measured)
    return {
        name: (statistics.median(m[0] for m in each), max(m[1] for m in each), each[-1][2])
        for name, each in found.items()
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--alerts", type=int, default=1000)
    parser.add_argument("--dashboards", type=int, default=50)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument(
        "--preview", action="store_true", help="also preview so many alarms with the Pulumi engine on the PATH"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _prepare(folder, options)
        tocsin = _installed()
        commands = {
            "tocsin check": [*tocsin, "check", "bench"],
            "tocsin compile": [*tocsin, "compile", "bench", "-o", "out"],
            "tocsin check, tenfold": [*tocsin, "check", "tenfold"],
            "tocsin condition": [*tocsin, "condition", "error_rate > 5% for 5 minutes"],
            "tocsin --help": [*tocsin, "--help"],
            **_peers(folder),
        }
        _report(interleaved(commands, folder, options.runs), options)
        _lowering(folder / "tenfold")
    _parsing()
    if options.preview:
        from benchmarks import preview  # needs the Pulumi SDK

        print(preview.report(options.alerts, options.runs))
    return 0


def _installed() -> list[str]:
    """The command as it is installed beside this Python, else its module."""
    script = Path(sys.executable).with_name("tocsin")
    return [str(script)] if script.exists() else [sys.executable, "-m", "tocsin"]


def _prepare(folder: Path, options: argparse.Namespace) -> None:
    inputs.spec(folder / "bench", options.alerts, options.dashboards)
    inputs.spec(folder / "tenfold", options.alerts * 10, options.dashboards * 10)
    inputs.prometheus_rules(folder / "rules.yml", options.alerts)
    inputs.sloth_slos(folder / "slos.yml", options.alerts)
    size = sum(path.stat().st_size for path in (folder / "bench").iterdir())
    print(
        f"{options.alerts} alerts, {options.dashboards} dashboards of 30 panels, {size / 1e6:.1f} MB of YAML; medians of {options.runs} interleaved runs\n"
    )


def _peers(folder: Path) -> dict[str, list[str]]:
    peers = {
        "promtool check rules": ["promtool", "check", "rules", "rules.yml"],
        "sloth generate": ["sloth", "generate", "-i", "slos.yml", "-o", "sloth.yml"],
    }
    missing = [name for name, command in peers.items() if not shutil.which(command[0])]
    for name in missing:
        print(f"(no {peers.pop(name)[0]} on the PATH: no ratio to it)")
    return peers


def _report(found: dict[str, tuple[float, float, int]], options: argparse.Namespace) -> None:
    print(f"{'':<24}{'s':>8}{'peak MB':>10}  exit")
    for name, (seconds, memory, code) in found.items():
        print(f"{name:<24}{seconds:>8.3f}{memory:>10.0f}  {code}")
    wrong = [name for name, (_, _, code) in found.items() if code]
    print(f"\nfailed, so not comparable: {', '.join(wrong)}\n" if wrong else "")
    for ours, peer in (("tocsin check", "promtool check rules"), ("tocsin compile", "sloth generate")):
        if peer in found:
            print(
                f"{ours} / {peer}: {found[ours][0] / found[peer][0]:.2f} × the time, {found[ours][1] / found[peer][1]:.2f} × the memory"
            )
    idle = found["tocsin --help"][0]
    growth = (found["tocsin check, tenfold"][0] - idle) / max(found["tocsin check"][0] - idle, 1e-9)
    print(f"ten times the spec: {growth:.1f} × the time (start-up taken off)")


def _parsing() -> None:
    from spec.conditions import parse

    texts = [form.format(metric=f"metric_{i}", n=1 + i % 97, m=5) for i in range(200) for form in inputs.CONDITIONS]
    each = min(timeit.repeat(lambda: [parse(text) for text in texts], number=1, repeat=5)) / len(texts)
    print(f"parsing a condition: {each * 1000:.3f} ms")


def _lowering(system: Path) -> None:
    """Conditions to what a backend evaluates, without naming, routing and writing; each target its half of the alerts."""
    from generators.cloudwatch.lower import lower as alarm
    from generators.grafana.lowering import lower as rule
    from generators.grafana.queries import Readings
    from generators.grafana.sources import Stores
    from spec.load import load_system

    linked = load_system(system, "production", system.parent).linked
    assert linked is not None
    readings = Readings(linked, Stores(linked))
    lowerings = {"cloudwatch": lambda each: alarm(linked, each), "grafana": lambda each: rule(linked, readings, each)}
    for target, lower in lowerings.items():
        firings = linked.of_target(target)
        taken = min(timeit.repeat(lambda: [lower(each) for each in firings], number=1, repeat=3))  # noqa: B023
        print(f"lowering to {target}: {taken / len(firings) * 10_000:.2f} s for 10,000 alerts")


if __name__ == "__main__":
    sys.exit(main())
