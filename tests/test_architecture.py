"""The arrows between the rooms of the house point one way."""

import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT


def test_imports_point_one_way():
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_core_never_imports_pulumi():
    code = "import sys; import tocsin.main, generators.check, tocsin.commands.check; from generators.registry import TARGETS; import importlib; [importlib.import_module('generators.' + t) for t in TARGETS]; assert not [m for m in sys.modules if m.split('.')[0].startswith('pulumi')]"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_renderings_hold_no_python():
    assert not [path for folder in ("grafana", "pagerduty") for path in (ROOT / folder).rglob("*.py")]


def test_files_keep_to_one_purpose():
    long = {
        str(path): n
        for package in ("spec", "generators", "stacks", "tocsin")
        for path in (ROOT / package).rglob("*.py")
        if (n := len(path.read_text().splitlines())) > 320
    }
    assert not long
