"""Small specs for tests."""

from __future__ import annotations

import textwrap
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml
from yaml.emitter import Emitter
from yaml.representer import SafeRepresenter
from yaml.resolver import BaseResolver
from yaml.serializer import Serializer

from spec.diagnostics import Diagnostic
from spec.linked import Linked
from spec.load import Loaded, load_system

BASE = """
version: 1
system:
  name: Shop
  owner: platform
  time_zone: Africa/Johannesburg
  environments: {production: {aws: {region: af-south-1}}}
people: {ann: {name: Ann, email: ann@shop.example, phone: {config: ann-phone, secret: true}}}
teams: {platform: {name: Platform, members: [ann]}}
schedules:
  primary:
    name: Primary
    rotations: [{people: [ann], every: 7d, start: 2026-01-05, handoff: "09:00"}]
escalations: {urgent: {name: Urgent, steps: [{after: 0m, notify: [primary], by: [phone]}]}}
severities:
  P0: {rank: 0, title: Critical, escalation: urgent}
  P1: {rank: 1, title: High, escalation: urgent}
runbooks: {fix: {title: Fix it, resolution: [Fix it.]}}
services: {api: {name: API, tier: critical, owner: platform, runbook: fix}}
metrics:
  error_rate: {name: Error rate, unit: percent, sources: [{from: cloudwatch, namespace: Shop, metric: ErrorRate, statistic: Average}]}
"""


def load_text(text: str, environment: str = "production", *, base: str = BASE) -> Loaded:
    """A spec laid on BASE (base="" for none), loaded from a file `in.yaml`."""
    with TemporaryDirectory() as folder:
        path = Path(folder).resolve() / "shop"
        path.mkdir()
        over = textwrap.dedent(text)
        (path / "in.yaml").write_text(over if not base else _on_base(base, over))
        return load_system(path, environment, path)


def _on_base(base: str, over: str) -> str:
    """The two merged as YAML text: sections of `over` replace or extend those of the base."""

    def merge(below, above):
        if isinstance(below, dict) and isinstance(above, dict):
            return {**below, **{key: merge(below.get(key), value) for key, value in above.items()}}
        return above

    both = merge(yaml.load(base, yaml.BaseLoader), yaml.load(over, yaml.BaseLoader) or {})
    return yaml.dump(both, Dumper=_Plain, sort_keys=False, allow_unicode=True)


class _Plain(Emitter, Serializer, SafeRepresenter, BaseResolver):
    """Writes scalars as they were, without quotes where YAML needs none: every text stays a text."""

    def __init__(self, stream, default_style=None, default_flow_style=False, **options):
        wanted = ("canonical", "indent", "width", "allow_unicode", "line_break")
        Emitter.__init__(self, stream, **{key: options[key] for key in wanted})
        Serializer.__init__(self)
        SafeRepresenter.__init__(
            self, default_style=default_style, default_flow_style=default_flow_style, sort_keys=False
        )
        BaseResolver.__init__(self)


def linked_from(text: str, environment: str = "production", *, base: str = BASE) -> Linked:
    """The linked model of a small spec that must be sound."""
    loaded = load_text(text, environment, base=base)
    assert loaded.linked is not None, [f"{f.span.origin} {f.message} {f.hint}" for f in loaded.findings]
    return loaded.linked


def findings_of(text: str, *, base: str = BASE) -> list[Diagnostic]:
    """What is said while a small spec is read and linked."""
    return load_text(text, base=base).findings
