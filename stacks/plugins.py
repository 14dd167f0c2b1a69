"""Which plugin serves a target's resources: an installed SDK's, or a Terraform provider through the bridge.

UptimeRobot and Sentry have no maintained Pulumi provider; their Terraform providers run under Pulumi's
`terraform-provider` package (https://www.pulumi.com/registry/packages/terraform-provider/), which is told
by a parameter which provider to load: one of the OpenTofu registry by name and version, or a local file.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Awaitable
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import msgspec
import pulumi
from pulumi.runtime import register_package

BRIDGE = "terraform-provider"
BRIDGE_VERSION = "1.1.0"


class Plugin(msgspec.Struct, frozen=True):
    """How the engine finds a provider: a plugin's version and download URL, or a package's parameters."""

    version: str = ""
    url: str = ""
    parameter: tuple[str, str, str] | None = None
    bridge: str = BRIDGE_VERSION

    def package_ref(self) -> Awaitable[str | None] | None:
        """A fresh awaitable of the package's reference; None for a plain plugin. The SDK keeps the answer."""
        if self.parameter is None:
            return None
        name, version, value = self.parameter
        return register_package(BRIDGE, self.bridge, "", name, version, value)


def of_sdk(package: str, module: str) -> Plugin:
    """The plugin that belongs to an installed typed SDK, as that SDK itself would ask for it.

    Read from the SDK's `pulumi-plugin.json`: importing the SDK would cost a third of a second.
    """
    try:
        path = distribution(package).locate_file(f"{module}/pulumi-plugin.json")
    except PackageNotFoundError:
        raise pulumi.RunError(f"the package {package} is not installed: pip install 'tocsin[stacks]'") from None
    told = json.loads(Path(str(path)).read_text(encoding="utf-8"))
    return Plugin(version=told["version"], url=told.get("server", ""))


def of_terraform(name: str, registry: str, version: str, choice: dict[str, Any]) -> Plugin:
    """A Terraform provider by the stack's choice: {source: registry, version}, {source: file, path} or {source: plugin}."""
    source = choice.get("source", "registry")
    bridge = choice.get("bridge", BRIDGE_VERSION)
    if source == "plugin":
        return Plugin(version=choice.get("version", ""), url=choice.get("url", ""))
    if source == "file":
        if not choice.get("path"):
            raise pulumi.RunError(f"tocsin:packages.{name} says source: file, and no path to the provider's executable")
        return Plugin(
            parameter=(name, choice.get("version", "0.0.0"), _encoded({"local": {"path": choice["path"]}})),
            bridge=bridge,
        )
    if source == "registry":
        wanted = choice.get("version", version)
        return Plugin(
            parameter=(name, wanted, _encoded({"remote": {"url": registry, "version": wanted}})), bridge=bridge
        )
    raise pulumi.RunError(f"tocsin:packages.{name}.source is '{source}'; it is registry, file or plugin")


def _encoded(value: dict[str, Any]) -> str:
    return base64.b64encode(json.dumps(value, separators=(",", ":")).encode()).decode()
