"""Symbols into Pulumi's values: references to outputs, look-ups, config, secrets, assets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pulumi

from generators.resources import Asset, Config, Join, Lookup, Ref, Resource, Secret, Symbol
from stacks.plugins import Plugin


def symbols(value: Any) -> Iterator[Symbol]:
    """Every symbol in a value, however deep."""
    if isinstance(value, Symbol):
        yield value
        parts = value.join if isinstance(value, Join) else value.args.values() if isinstance(value, Lookup) else ()
    else:
        parts = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    for part in parts:
        yield from symbols(part)


def references(resource: Resource) -> list[str]:
    """What a resource needs first: `<target>/<name>` of references and explicit dependencies."""
    found = [symbol.ref for symbol in symbols(resource.inputs) if isinstance(symbol, Ref)]
    return list(dict.fromkeys([*resource.depends_on, *found]))


def unset(resources: list[Resource]) -> list[tuple[str, bool, str]]:
    """The config values that the resources need and the stack lacks: (name, whether secret, an origin)."""
    config, missing = pulumi.Config(), {}
    for resource in resources:
        for symbol in symbols(resource.inputs):
            name = symbol.config if isinstance(symbol, Config) else symbol.secret if isinstance(symbol, Secret) else ""
            if name and name not in missing and config.get(name) is None:
                missing[name] = (name, isinstance(symbol, Secret), resource.origin)
    return sorted(missing.values())


class Values:
    """Resolves the symbols of one stack."""

    def __init__(self, root: Path, plugins: dict[str, Plugin]) -> None:
        self.root = root
        self.plugins = plugins
        self.config = pulumi.Config()
        self.registered: dict[str, pulumi.CustomResource] = {}
        self.looked_up: dict[tuple, pulumi.Output[Any]] = {}

    def of(self, value: Any) -> Any:
        """value with every symbol in it resolved."""
        if isinstance(value, dict):
            return {key: self.of(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.of(item) for item in value]
        return self._symbol(value) if isinstance(value, Symbol) else value

    def _symbol(self, symbol: Symbol) -> Any:
        match symbol:
            case Ref():
                resource = self.registered[symbol.ref]
                return resource.id if symbol.property == "id" else resource.__dict__[symbol.property]
            case Config():
                return self.config.require(symbol.config)
            case Secret():
                return self.config.require_secret(symbol.secret)
            case Join():
                return pulumi.Output.concat(*(self.of(part) for part in symbol.join))
            case Asset():
                return pulumi.FileAsset(str(self.root / symbol.asset))
            case Lookup():
                return self._lookup(symbol)
        raise TypeError(symbol)

    def _lookup(self, symbol: Lookup) -> pulumi.Output[Any]:
        """A property of what a provider's function returns; each call is made once."""
        key = (symbol.lookup, repr(sorted(symbol.args.items())))
        if key not in self.looked_up:
            plugin = self.plugins[symbol.lookup.partition(":")[0]]
            options = pulumi.InvokeOptions(version=plugin.version or None, plugin_download_url=plugin.url or None)
            self.looked_up[key] = pulumi.runtime.invoke_output(
                symbol.lookup, self.of(symbol.args), options, package_ref=plugin.package_ref()
            )
        return self.looked_up[key].apply(lambda found: found[symbol.property])
