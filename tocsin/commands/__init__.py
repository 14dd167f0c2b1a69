"""The commands, one a module: `arguments(parser)` declares, `run(options)` returns the exit code."""

from __future__ import annotations

import argparse
import datetime
import sys
from pathlib import Path

from generators.check import checked
from generators.resources import Output
from spec.diagnostics import LEVELS, at_least
from spec.load import Loaded, NoSuchSystem, load_system, locate, repository_root, systems
from tocsin.beside import beside
from tocsin.main import CLEAN, WRONG
from tocsin.show.findings import as_text, summary
from tocsin.show.paint import for_stderr


def add_system(parser: argparse.ArgumentParser, many: bool = True) -> None:
    """SYSTEM and --environment, as every command takes them."""
    text = "a folder name under spec/systems/, or a path" + (" (all systems if left out)" if many else "")
    parser.add_argument("system", nargs="?", metavar="SYSTEM", help=text)
    parser.add_argument("--environment", default="production", metavar="NAME", help="default: production")


def add_format(parser: argparse.ArgumentParser, *formats: str) -> None:
    said = f"{', '.join(formats)} (default: {formats[0]})"
    parser.add_argument("--format", choices=formats, default=formats[0], metavar="FORMAT", help=said)


def chosen(options: argparse.Namespace, root: Path) -> list[Path]:
    """The folders that the command is about."""
    if options.system is not None:
        return [locate(options.system, root)]
    found = [locate(name, root) for name in systems(root)]
    if not found:
        raise NoSuchSystem(f"no system is named, and none stands in {root / 'spec/systems'}")
    return found


def read(options: argparse.Namespace, folder: Path, root: Path, whole: bool = True) -> tuple[Loaded, dict[str, Output]]:
    """The system of a folder with all findings, and what every target makes of it (whole=False: only the findings matter)."""
    return checked(load_system(folder, options.environment, root), datetime.date.today(), beside, whole)


def here() -> Path:
    """The repository in which the command runs."""
    return repository_root(Path.cwd().resolve())


def refuse(loaded: Loaded) -> int:
    """Says what is wrong with a spec that the command cannot use; the exit code, or 0 if nothing is."""
    wrong = at_least(loaded.findings, "error")
    if not wrong and loaded.linked is not None:
        return CLEAN
    print(as_text(wrong, loaded.files, for_stderr()), file=sys.stderr)
    print(f"{loaded.id}: {summary(wrong)}; nothing was done", file=sys.stderr)
    return WRONG


__all__ = ["LEVELS", "add_format", "add_system", "chosen", "here", "read", "refuse"]
