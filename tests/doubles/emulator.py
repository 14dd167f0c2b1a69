"""The AWS emulator (`ministack`, from PyPI) as a process on a free loopback port."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any


def available() -> bool:
    """Whether the emulator and its client are installed."""
    return all(importlib.util.find_spec(name) for name in ("ministack", "boto3"))


class Emulator:
    """Starts the emulator in a directory of its own; a context manager."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Emulator:
        self.directory.mkdir(parents=True, exist_ok=True)
        environment = {
            **os.environ,
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self.port),
            "LOG_LEVEL": "WARNING",
            "PERSIST_STATE": "0",
            "STATE_DIR": str(self.directory / "state"),
            "S3_DATA_DIR": str(self.directory / "s3"),
            "TMPDIR": str(self.directory),
        }
        with open(self.directory / "log", "wb") as log:
            self._process = subprocess.Popen(
                [_executable()], cwd=self.directory, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )
        self._wait()
        return self

    def __exit__(self, *_: object) -> None:
        if self._process:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()

    def client(self, service: str) -> Any:
        """A boto3 client."""
        import boto3

        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name="us-east-1",
            aws_access_key_id="double",
            aws_secret_access_key="double",
        )

    def reset(self) -> None:
        """Forget everything."""
        urllib.request.urlopen(
            urllib.request.Request(f"{self.url}/_ministack/reset", method="POST"), timeout=10
        ).close()

    def _wait(self, seconds: float = 30) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self._process and self._process.poll() is None:
            try:
                urllib.request.urlopen(f"{self.url}/_ministack/health", timeout=2).close()
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"the emulator did not start: {(self.directory / 'log').read_text()[-2000:]}")


def _executable() -> str:
    """The emulator's command beside this interpreter, or on PATH."""
    beside = Path(sys.executable).with_name("ministack")
    return str(beside) if beside.exists() else shutil.which("ministack") or "ministack"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
