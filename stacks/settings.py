"""What the stack's name and Pulumi config say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pulumi

from generators.registry import TARGETS
from spec.load import repository_root


class Settings(msgspec.Struct, frozen=True):
    """A stack's choices.

    disabled: targets that this stack leaves alone. grafana: "files" if a mounted folder provisions the
    dashboards and alert rules, "api" if this stack does; grafana_policy: whether this stack owns the one
    notification tree; shared: whether account-wide
    objects are left to the account stack. packages: per parameterized provider, where its
    plugin comes from.
    """

    root: Path
    system: str
    environment: str
    disabled: tuple[str, ...]
    grafana: str
    grafana_policy: bool
    shared: bool
    packages: dict[str, dict[str, Any]]


def read_settings() -> Settings:
    """The settings of the running stack. Raises pulumi.RunError for what a person must mend."""
    config = pulumi.Config()
    system, dot, environment = pulumi.get_stack().rpartition("/")[2].partition(".")
    if not dot or not environment:
        raise pulumi.RunError(
            f"the stack is named '{pulumi.get_stack()}'; name it SYSTEM.ENVIRONMENT, such as nzila-export-hub.production"
        )
    disabled = tuple(config.get_object("disabled") or ())
    unknown = [target for target in disabled if target not in TARGETS]
    if unknown:
        raise pulumi.RunError(f"tocsin:disabled names {', '.join(unknown)}; targets are {', '.join(TARGETS)}")
    grafana = config.get_object("grafana") or {}
    provision = grafana.get("provision", "api")
    if provision not in ("api", "files"):
        raise pulumi.RunError(f"tocsin:grafana.provision is '{provision}'; it is api or files")
    account = config.get("account") or "own"
    if account not in ("own", "shared"):
        raise pulumi.RunError(f"tocsin:account is '{account}'; it is own or shared")
    root = repository_root(Path(pulumi.runtime.get_root_directory() or ".").resolve())
    return Settings(
        root,
        system,
        environment,
        disabled,
        provision,
        bool(grafana.get("policy")),
        account == "shared",
        config.get_object("packages") or {},
    )
