"""Runs programs on the real Pulumi engine, with a local backend, and returns what happened as data."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TERRAFORM = "dynamic_tf_plugins"  # where the bridge keeps Terraform providers, in PULUMI_HOME


@dataclass(frozen=True)
class Secret:
    """A configuration value to be stored encrypted."""

    value: str


Config = Mapping[str, str | Secret]


@dataclass(frozen=True)
class Step:
    """What the engine did, or would do, to one resource."""

    op: str
    type: str
    urn: str
    changed: tuple[str, ...]
    replaces: tuple[str, ...]

    @property
    def name(self) -> str:
        """The logical name."""
        return self.urn.split("::", 3)[3]


@dataclass(frozen=True)
class Result:
    """One command's outcome: its events as the engine logs them, and its text."""

    returncode: int
    stdout: str
    stderr: str
    events: tuple[Mapping[str, Any], ...]

    @property
    def ok(self) -> bool:
        """Whether it succeeded."""
        return self.returncode == 0

    @property
    def steps(self) -> list[Step]:
        """Every resource's step, the unchanged ones too, without those of the stack and of providers."""
        found = [e["resourcePreEvent"]["metadata"] for e in self.events if "resourcePreEvent" in e]
        return [_step(m) for m in found if not m["type"].startswith("pulumi:")]

    def of(self, *ops: str) -> list[Step]:
        """The steps with one of these operations (`create`, `update`, `replace`, `delete`, `refresh`, `same`, …)."""
        return [s for s in self.steps if s.op in ops]

    @property
    def changes(self) -> Counter[str]:
        """How many resources of each operation, by the engine's own summary."""
        return Counter(
            {op: n for e in self.events for op, n in (e.get("summaryEvent", {}).get("resourceChanges") or {}).items()}
        )

    @property
    def changed(self) -> int:
        """How many resources are not left as they are."""
        return sum(n for op, n in self.changes.items() if op not in ("same", "read"))

    @property
    def diagnostics(self) -> list[str]:
        """Errors and warnings."""
        found = [e["diagnosticEvent"] for e in self.events if "diagnosticEvent" in e]
        return [f"{d['severity']}: {d['message'].strip()}" for d in found if d["severity"] in ("error", "warning")]

    def __str__(self) -> str:
        return "\n".join([f"exit {self.returncode}", *self.diagnostics, self.stdout[-3000:], self.stderr[-3000:]])


class EngineError(AssertionError):
    """A command failed that was to succeed."""


def find_pulumi() -> Path | None:
    """The `pulumi` command: PULUMI_BIN (the file or its directory), else from PATH."""
    given = os.environ.get("PULUMI_BIN")
    found = (
        shutil.which("pulumi", path=given) or given
        if given and Path(given).is_dir()
        else given or shutil.which("pulumi")
    )
    return Path(found).resolve() if found and Path(found).is_file() else None


def _link_plugins(home: Path, folder: Path) -> None:
    """Let a home of its own use what is installed in the outer one; everything else stays apart.

    Plugins go onto PATH, where the engine takes any version (with a warning): the newest that can be had for a test may not be the SDK's.
    """
    for place in (home, folder):
        place.mkdir(parents=True, exist_ok=True)
    outer = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
    if (outer / TERRAFORM).is_dir():
        (home / TERRAFORM).symlink_to((outer / TERRAFORM).resolve(), target_is_directory=True)
    for plugin in sorted(outer.glob("plugins/resource-*/pulumi-resource-*")):
        (folder / plugin.name).unlink(missing_ok=True)
        (folder / plugin.name).symlink_to(plugin.resolve())


class Engine:
    """The engine with its own home, backend and passphrase, all beneath one directory."""

    def __init__(
        self, pulumi: Path, directory: Path, plugins: Iterable[Path] = (), environment: Mapping[str, str] | None = None
    ) -> None:
        self.pulumi, self.directory = pulumi, directory
        self._stacks: set[tuple[Path, str]] = set()
        self._runs = 0
        backend = directory / "backend"
        backend.mkdir(parents=True, exist_ok=True)
        home = directory / "home"
        installed = directory / "plugins"
        _link_plugins(home, installed)
        path = [
            *map(str, plugins),
            str(Path(sys.executable).parent),
            str(pulumi.parent),
            os.environ.get("PATH", ""),
            str(installed),
        ]
        self.environment: dict[str, str] = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("PULUMI_", "AWS_"))},
            "PATH": os.pathsep.join(path),
            "PULUMI_HOME": str(home),
            "PULUMI_BACKEND_URL": f"file://{backend}",
            "PULUMI_CONFIG_PASSPHRASE": "sandbox",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DEBUG_COMMANDS": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "NO_COLOR": "1",
            **(environment or {}),
        }

    # -- programs --------------------------------------------------------------------------------------------------

    def program(self, name: str, source: str) -> Path:
        """A project with one Python file; calling it again replaces the program."""
        directory = self.directory / "programs" / name
        directory.mkdir(parents=True, exist_ok=True)
        (directory / "Pulumi.yaml").write_text(f"name: {name}\nruntime: python\n")
        (directory / "__main__.py").write_text(source)
        return directory

    def plugin(self, package: str) -> Path | None:
        """The provider plugin that the engine would find: on PATH, or installed in the home that the tests were started with."""
        found = shutil.which(f"pulumi-resource-{package}", path=self.environment["PATH"])
        return Path(found) if found else None

    def terraform_provider(self, name: str) -> Path | None:
        """A Terraform provider's executable, for the bridge's local variant: on PATH, or where the bridge keeps those of the registry."""
        found = shutil.which(f"terraform-provider-{name}", path=self.environment["PATH"])
        kept = sorted(
            (Path(self.environment["PULUMI_HOME"]) / TERRAFORM).resolve().rglob(f"terraform-provider-{name}*")
        )
        return Path(found) if found else next((p for p in kept if p.is_file()), None)

    # -- commands --------------------------------------------------------------------------------------------------

    def up(
        self, program: Path, stack: str = "test", config: Config | None = None, *options: str, check: bool = True
    ) -> Result:
        """`pulumi up`, without asking and without a preview first."""
        return self._operate("up", program, stack, config, ("--yes", "--skip-preview", *options), check)

    def preview(
        self, program: Path, stack: str = "test", config: Config | None = None, *options: str, check: bool = True
    ) -> Result:
        """`pulumi preview`; give `--refresh` to see drift."""
        return self._operate("preview", program, stack, config, options, check)

    def refresh(
        self, program: Path, stack: str = "test", config: Config | None = None, *options: str, check: bool = True
    ) -> Result:
        """`pulumi refresh`, without asking; give `--preview-only` to write nothing."""
        silent = () if "--preview-only" in options else ("--yes", "--skip-preview")
        return self._operate("refresh", program, stack, config, (*silent, *options), check)

    def destroy(
        self, program: Path, stack: str = "test", config: Config | None = None, *options: str, check: bool = True
    ) -> Result:
        """`pulumi destroy`, without asking."""
        return self._operate("destroy", program, stack, config, ("--yes", "--skip-preview", *options), check)

    def preview_json(
        self, program: Path, stack: str = "test", config: Config | None = None, *options: str
    ) -> dict[str, Any]:
        """`pulumi preview --json`, parsed."""
        self.configure(program, stack, config)
        return dict(
            json.loads(self.run(program, "preview", "--stack", stack, "--json", "--non-interactive", *options).stdout)
        )

    def export(self, program: Path, stack: str = "test", *, secrets: bool = False) -> dict[str, Any]:
        """`pulumi stack export`, parsed."""
        options = ("--show-secrets",) if secrets else ()
        return dict(json.loads(self.run(program, "stack", "export", "--stack", stack, *options).stdout))

    def resources(self, program: Path, stack: str = "test", *, secrets: bool = False) -> list[dict[str, Any]]:
        """The resources in a stack's state, without the stack itself and the providers."""
        found = self.export(program, stack, secrets=secrets)["deployment"].get("resources", [])
        return [r for r in found if not r["type"].startswith("pulumi:")]

    def outputs(self, program: Path, stack: str = "test") -> dict[str, Any]:
        """The stack's outputs, secrets told."""
        return dict(
            json.loads(self.run(program, "stack", "output", "--stack", stack, "--json", "--show-secrets").stdout)
        )

    def configure(self, program: Path, stack: str, config: Config | None = None) -> None:
        """Make the stack if it is new, and set its configuration."""
        if (program, stack) not in self._stacks:
            self.run(program, "stack", "init", stack, "--non-interactive")
            self._stacks.add((program, stack))
        if config:
            pairs = [
                o
                for k, v in config.items()
                for o in (("--secret", f"{k}={v.value}") if isinstance(v, Secret) else ("--plaintext", f"{k}={v}"))
            ]
            self.run(program, "config", "set-all", "--stack", stack, *pairs)

    def run(self, program: Path, *arguments: str, check: bool = True, timeout: float = 600) -> Result:
        """Any `pulumi` command in a program's directory."""
        done = subprocess.run(
            [str(self.pulumi), *arguments],
            cwd=program,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=timeout,
            stdin=subprocess.DEVNULL,
        )
        return self._checked(Result(done.returncode, done.stdout, done.stderr, ()), arguments, check)

    def start(self, program: Path, *arguments: str) -> subprocess.Popen[str]:
        """The same in the background, in a process group of its own: for tests that interrupt it."""
        return subprocess.Popen(
            [str(self.pulumi), *arguments],
            cwd=program,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _operate(
        self, command: str, program: Path, stack: str, config: Config | None, options: Iterable[str], check: bool
    ) -> Result:
        self.configure(program, stack, config)
        self._runs += 1
        log = self.directory / f"events-{self._runs}.jsonl"
        arguments = (command, "--stack", stack, "--non-interactive", "--event-log", str(log), *options)
        done = self.run(program, *arguments, check=False)
        events = tuple(json.loads(line) for line in log.read_text().splitlines()) if log.exists() else ()
        return self._checked(Result(done.returncode, done.stdout, done.stderr, events), arguments, check)

    def _checked(self, result: Result, arguments: Iterable[str], check: bool) -> Result:
        if check and not result.ok:
            raise EngineError(f"pulumi {' '.join(arguments)}\n{result}")
        return result


def _step(metadata: Mapping[str, Any]) -> Step:
    return Step(
        metadata["op"],
        metadata["type"],
        metadata["urn"],
        tuple(sorted(metadata.get("detailedDiff") or metadata.get("diffs") or ())),
        tuple(metadata.get("keys") or ()),
    )
