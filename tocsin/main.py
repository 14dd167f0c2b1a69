"""The command line: `tocsin COMMAND [SYSTEM] …`. Only the chosen command's module is imported."""

from __future__ import annotations

import argparse
import gc
import importlib
import os
import sys

CLEAN, WRONG, STALE, COULD_NOT_RUN, BAD_USAGE = 0, 1, 2, 3, 64
"""Exit codes, everywhere."""

COMMANDS = {
    "check": "check a system's spec: structure, references, units, limits, promises",
    "compile": "write every target's resources, or refresh the committed renderings",
    "dashboards": "write only the dashboards",
    "explain": "everything about one alert: what is evaluated where, and where it goes",
    "condition": "a condition in words, as a tree, and what a target would get",
    "plan": "what `pulumi up` would create, offline: resources, API calls, minutes, money",
    "doctor": "what is installed, what is missing, and how to get it",
}


class Failure(Exception):
    """The command ends with `code`; the message is for people."""

    def __init__(self, message: str, code: int = COULD_NOT_RUN) -> None:
        super().__init__(message)
        self.code = code


class _Parser(argparse.ArgumentParser):
    """argparse, with this project's exit code for bad usage."""

    def error(self, message: str) -> None:
        self.print_usage(sys.stderr)
        self.exit(BAD_USAGE, f"{self.prog}: {message}\n")


def _overview() -> _Parser:
    parser = _Parser(prog="tocsin", description="A team's monitoring guide as code.", add_help=False)
    parser.add_argument("-h", "--help", action="help", help="show this help")
    parser.add_argument("--version", action="version", version=_version())
    listing = parser.add_argument_group("commands (tocsin COMMAND --help tells more)")
    for name, text in COMMANDS.items():
        listing.add_argument(name, nargs="?", help=text)
    parser.usage = "tocsin COMMAND [SYSTEM] [options]"
    parser.epilog = "Exit codes: 0 clean; 1 the spec is wrong; 2 stale or drifted; 3 could not run; 64 bad usage."
    return parser


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return f"tocsin {version('tocsin')}"
    except PackageNotFoundError:
        return "tocsin (from a checkout)"


def main(arguments: list[str] | None = None) -> int:
    """Runs a command; returns the exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        return _run(arguments)
    except SystemExit as stop:
        return int(stop.code or 0)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLEAN
    except KeyboardInterrupt:
        return 130


def _run(arguments: list[str]) -> int:
    from spec.load import NoSuchSystem

    name = arguments[0] if arguments else ""
    if name not in COMMANDS:
        return _no_command(name, arguments)
    command = importlib.import_module(f"tocsin.commands.{name}")
    parser = _Parser(
        prog=f"tocsin {name}", description=command.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    command.arguments(parser)
    try:
        return command.run(parser.parse_args(arguments[1:]))
    except NoSuchSystem as error:
        print(f"tocsin: {error}", file=sys.stderr)
        return COULD_NOT_RUN
    except Failure as error:
        print(f"tocsin: {error}", file=sys.stderr)
        return error.code


def _no_command(name: str, arguments: list[str]) -> int:
    parser = _overview()
    if not arguments:
        parser.print_help()
        return CLEAN
    if name.startswith("-"):
        parser.parse_args(arguments)
        return BAD_USAGE
    from spec.structure.closest import closest

    guess = closest(name, COMMANDS)
    print(f"tocsin: there is no command '{name}'" + (f"; did you mean '{guess}'?" if guess else ""), file=sys.stderr)
    print("commands: " + ", ".join(COMMANDS), file=sys.stderr)
    return BAD_USAGE


def entry() -> None:
    """The console script."""
    gc.disable()  # the process is short: collecting would cost more than it frees
    sys.exit(main())


if __name__ == "__main__":
    entry()
