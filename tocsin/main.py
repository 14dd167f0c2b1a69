"""The command line: `tocsin COMMAND [SYSTEM] …`. Only the chosen command's module is imported."""

from __future__ import annotations

import argparse
import gc
import importlib
import os
import re
import shutil
import sys
from io import TextIOWrapper

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


USAGE = "usage: tocsin COMMAND [SYSTEM] [options]"
OVERVIEW = (
    USAGE
    + """

A team's monitoring guide as code: checked, compiled for every vendor, provisioned with `pulumi up`.

commands:
{commands}

options:
  -h, --help  show this help, or with a command that command's
  --version   say which version this is

SYSTEM is a folder name under spec/systems/, or a path.
Exit codes: 0 clean; 1 the spec is wrong; 2 stale or drifted; 3 could not run; 64 bad usage."""
)


class Failure(Exception):
    """The command ends with `code`; the message is for people."""

    def __init__(self, message: str, code: int = COULD_NOT_RUN) -> None:
        super().__init__(message)
        self.code = code


class _Parser(argparse.ArgumentParser):
    """argparse, with this project's exit code for bad usage, and a command's examples after its options."""

    def error(self, message: str) -> None:
        self.print_usage(sys.stderr)
        self.exit(BAD_USAGE, f"{self.prog}: {message}\n")


def _parser(name: str, about: str) -> _Parser:
    """The parser of a command, from its module's text: what it does, then examples, each a line that starts with `tocsin`."""
    lines = about.strip().splitlines()
    examples = [f"  {line.strip()}" for line in lines if line.strip().startswith("tocsin ")]
    told = "\n".join(line for line in lines if not line.strip().startswith("tocsin "))
    parser = _Parser(
        prog=f"tocsin {name}",
        description=re.sub(r"\n{3,}", "\n\n", told).strip(),
        formatter_class=_Help,
        add_help=False,
    )
    parser.epilog = "\n".join(["examples:", *examples]) if examples else None
    parser.add_argument("-h", "--help", action="help", help="show this help")
    return parser


class _Help(argparse.RawDescriptionHelpFormatter):
    """Descriptions as they were written, options in one column."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=30, width=min(shutil.get_terminal_size((100, 24)).columns, 110))


def _overview() -> str:
    size = max(map(len, COMMANDS))
    commands = "\n".join(f"  {name.ljust(size)}  {text}" for name, text in COMMANDS.items())
    return OVERVIEW.format(commands=commands)


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
        code = _run(arguments)
        sys.stdout.flush()
        return code
    except SystemExit as stop:
        return int(stop.code or 0)
    except BrokenPipeError:  # the reader has seen enough, as in `tocsin check | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLEAN
    except KeyboardInterrupt:
        return 130


def _run(arguments: list[str]) -> int:
    from spec.load import NoSuchSystem

    name = arguments[0] if arguments else "--help"
    if name not in COMMANDS:
        return _no_command(name)
    command = importlib.import_module(f"tocsin.commands.{name}")
    parser = _parser(name, command.__doc__)
    command.arguments(parser)
    try:
        return command.run(parser.parse_args(arguments[1:]))
    except NoSuchSystem as error:
        print(f"tocsin: {error}", file=sys.stderr)
        return COULD_NOT_RUN
    except Failure as error:
        print(f"tocsin: {error}", file=sys.stderr)
        return error.code
    except BrokenPipeError:
        raise
    except OSError as error:  # the folder that it runs in is gone, or may not be read
        print(f"tocsin: {error.strerror or error}: {error.filename or '.'}", file=sys.stderr)
        return COULD_NOT_RUN


def _no_command(name: str) -> int:
    if name in ("-h", "--help", "help", "--version"):
        print(_version() if name == "--version" else _overview())
        return CLEAN
    if name.startswith("-"):
        print(f"tocsin: there is no option {name} before the command\n{USAGE}", file=sys.stderr)
        return BAD_USAGE
    from spec.structure.closest import closest

    guess = closest(name, COMMANDS)
    print(f"tocsin: there is no command '{name}'" + (f"; did you mean '{guess}'?" if guess else ""), file=sys.stderr)
    print("commands: " + ", ".join(COMMANDS), file=sys.stderr)
    return BAD_USAGE


def entry() -> None:
    """The console script."""
    gc.disable()  # the process is short: collecting would cost more than it frees
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        _encode(stream, machine="--format" in " ".join(sys.argv))
    code = main()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)  # Nothing is left to close, and taking a large model apart would take a twentieth of the time.


def _encode(stream: TextIOWrapper | None, machine: bool) -> None:
    """A sign that a terminal cannot show must not end a command; what machines read is UTF-8 wherever it is made."""
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(encoding="utf-8" if machine else None, errors="replace")


if __name__ == "__main__":
    entry()
