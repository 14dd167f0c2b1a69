"""Installed in an environment of its own, Tocsin works on a spec elsewhere, beside folders named like its own."""

import subprocess
import sys
import venv

import pytest

from tests.conftest import CASES, ROOT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    home = tmp_path_factory.mktemp("installed")
    venv.create(home / "env", with_pip=True)
    python = home / "env" / "bin" / "python"
    run = [
        python,
        "-m",
        "pip",
        "--disable-pip-version-check",
        "-q",
        "install",
        "-c",
        ROOT / "constraints.txt",
        str(ROOT),
    ]
    subprocess.run(run, check=True, cwd=home)
    return home / "env" / "bin" / "tocsin"


@pytest.fixture
def repository(tmp_path):
    system = tmp_path / "spec" / "systems" / "shop"
    system.mkdir(parents=True)
    (system / "spec.yaml").write_text((CASES / "small" / "spec.yaml").read_text())
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "__init__.py").touch()
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    return tmp_path


def test_it_checks_and_compiles_elsewhere(installed, repository):
    for command in (["check"], ["compile"], ["compile", "--check"], ["plan", "shop"], ["explain", "errors", "shop"]):
        done = subprocess.run([installed, *command], cwd=repository, capture_output=True, text=True)
        assert done.returncode == 0, (command, done.stdout, done.stderr)
    assert (repository / "grafana" / "shop" / "dashboards" / "shop" / "overview.json").exists()


def test_the_core_installs_without_pulumi(installed):
    code = "import importlib.util as u; assert not u.find_spec('pulumi')"
    subprocess.run([installed.parent / "python", "-c", code], check=True)
    assert sys.version_info >= (3, 11)
