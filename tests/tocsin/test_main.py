"""The command line around the commands: help, bad usage, pipes, encodings, interruptions."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tocsin.main import COMMANDS, main

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments, **options) -> subprocess.CompletedProcess:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **options.pop("environment", {})}
    return subprocess.run(
        [sys.executable, "-m", "tocsin", *arguments], capture_output=True, env=environment, check=False, **options
    )


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"], ["help"]])
def test_help_lists_every_command_and_the_exit_codes(arguments, capsys):
    assert main(arguments) == 0
    said = capsys.readouterr().out
    for name, about in COMMANDS.items():
        assert f"  {name}" in said
        assert about in said
    assert "64 bad usage" in said


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_its_options(name, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    assert main([name, "--help"]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"usage: tocsin {name} ")
    assert "--format" in said
    assert all(len(line) <= 105 for line in said.splitlines())
    if name != "doctor":
        assert f"examples:\n  tocsin {name}" in said


@pytest.mark.parametrize("name", COMMANDS)
def test_an_unknown_option_is_bad_usage(name, capsys):
    assert main([name, "--nonsense"]) == 64
    assert "usage: tocsin" in capsys.readouterr().err


@pytest.mark.parametrize(("name", "meant"), [("chek", "check"), ("complie", "compile"), ("dashboard", "dashboards")])
def test_a_misspelt_command_is_guessed(name, meant, capsys):
    assert main([name]) == 64
    assert f"did you mean '{meant}'?" in capsys.readouterr().err


def test_an_option_before_the_command_is_bad_usage(capsys):
    assert main(["--verbose", "check"]) == 64
    assert "--verbose" in capsys.readouterr().err


def test_the_version_is_said(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("tocsin ")


def test_a_reader_that_has_seen_enough_is_no_failure(shop):
    script = f"set -o pipefail; {sys.executable} -m tocsin plan shop --format json | head -c 10"
    done = subprocess.run(
        ["bash", "-c", script], capture_output=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False
    )
    assert done.returncode == 0
    assert done.stderr == b""


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
@pytest.mark.parametrize(
    "arguments", [["condition", "内存 > 5"], ["explain", "errors", "shop"], ["condition", "-", "--format", "json"]]
)
def test_a_terminal_that_cannot_show_a_sign_ends_nothing(shop, encoding, arguments):
    done = run(*arguments, environment={"PYTHONIOENCODING": encoding}, input=b"x\xff > 5\n")
    assert done.returncode in (0, 1)
    assert done.stderr == b""


def test_what_machines_read_is_utf8_wherever_it_is_made(shop):
    done = run("condition", "`内存` > 5", "--format", "json", environment={"PYTHONIOENCODING": "latin-1"})
    assert "内存" in done.stdout.decode("utf-8")


def test_arguments_that_are_not_utf8_end_nothing(shop):
    assert run("condition", b"\xff > 5", "--format", "json").returncode == 1
    assert run("check", b"\xff").returncode == 3


def test_an_interruption_is_quiet(shop):
    waiting = subprocess.Popen(
        [sys.executable, "-c", "import sys; sys.path.insert(0, sys.argv.pop()); from tocsin import main; import tocsin.commands.condition; print('up', flush=True); sys.argv[1:] = ['condition', '-']; main.entry()", str(ROOT)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert waiting.stdout.readline() == b"up\n"
    waiting.send_signal(signal.SIGINT)
    _, said = waiting.communicate(timeout=20)
    assert waiting.returncode in (130, -signal.SIGINT)
    assert b"Traceback" not in said or waiting.returncode == -signal.SIGINT


def test_a_folder_that_is_gone_could_not_run(tmp_path):
    script = f"mkdir gone && cd gone && rmdir ../gone && exec {sys.executable} -m tocsin check"
    done = subprocess.run(
        ["sh", "-c", script],
        cwd=tmp_path,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.returncode == 3
    assert b"Traceback" not in done.stderr
