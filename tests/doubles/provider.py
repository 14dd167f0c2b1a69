"""A Pulumi provider plugin that stands in for one of which there is no test account: `python -m tests.doubles.provider PACKAGE`.

It refuses every resource, function and input that the typed SDK (or the table of a bridged provider) does not know, keeps
what it is given in the directory that TOCSIN_DOUBLE_STATE names, and forwards to an AWS emulator what that can hold.
Secrets stay secret, unknowns stay unknown in previews, and reads tell drift.
"""

from __future__ import annotations

import sys
from concurrent import futures
from typing import Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime import proto
from pulumi.runtime.proto import provider_pb2_grpc

from tests.doubles import aws, datadog, differences, functions, typed, wire
from tests.doubles.identity import DECIDED, identify
from tests.doubles.state import DoubleState, Record

Values = dict[str, Any]
KINDS = proto.PropertyDiff.Kind
NAMED_BY_PROVIDER = frozenset({"name"})
# Configuration that any provider is given by the engine itself.
ENGINE_CONFIG = frozenset({"version", "pluginDownloadURL", "__internal", "__defaults"})
UNLIMITED = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


def _accepted(value: Any) -> bool:
    """What is not judged: values not known yet, and numbers written as texts, which Pulumi's bridge reads (pkg/convert/number.go)."""
    return isinstance(value, typed.Unknown) or (isinstance(value, str) and value.isdecimal())


class ProviderDouble(provider_pb2_grpc.ResourceProviderServicer):
    """The provider protocol for one package."""

    def __init__(self, package: str, version: str, state: DoubleState) -> None:
        self.package, self.version, self.state = package, version, state
        self.config: Values = {}

    # -- configuration ---------------------------------------------------------------------------------------------

    def Handshake(self, request: Any, context: Any) -> Any:
        """Secrets and resource references are understood."""
        return proto.ProviderHandshakeResponse(
            accept_secrets=True, accept_resources=True, supports_autonaming_configuration=True
        )

    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        """The version of the SDK that this stands in for."""
        return proto.PluginInfo(version=self.version)

    def Attach(self, request: Any, context: Any) -> Any:
        """Nothing to attach to."""
        return empty_pb2.Empty()

    def Cancel(self, request: Any, context: Any) -> Any:
        """Nothing runs for long."""
        return empty_pb2.Empty()

    def CheckConfig(self, request: Any, context: Any) -> Any:
        """Refuse configuration that the provider does not have."""
        schema = typed.inputs_of(f"{typed.PROVIDER}{self.package}")
        values, _ = wire.read(request.news)
        unknown = [n for n in values if schema and n not in schema.properties and n not in ENGINE_CONFIG]
        failures = [proto.CheckFailure(property=n, reason=f"{n}: unknown configuration") for n in unknown]
        return proto.CheckResponse(inputs=request.news, failures=failures)

    def DiffConfig(self, request: Any, context: Any) -> Any:
        """No configuration replaces the provider."""
        same = request.olds == request.news
        return proto.DiffResponse(changes=proto.DiffResponse.DIFF_NONE if same else proto.DiffResponse.DIFF_SOME)

    def Configure(self, request: Any, context: Any) -> Any:
        """Remember the configuration."""
        self.config, _ = wire.read(request.args)
        return proto.ConfigureResponse(
            acceptSecrets=True,
            supportsPreview=True,
            acceptResources=True,
            acceptOutputs=False,
            supports_autonaming_configuration=True,
        )

    # -- resources -------------------------------------------------------------------------------------------------

    def Check(self, request: Any, context: Any) -> Any:
        """Refuse what the SDK does not know; name what has no name."""
        values, secrets = wire.read(request.news)
        olds, _ = wire.read(request.olds)
        token = _token(request.urn)
        failures = [
            proto.CheckFailure(property=p.split(":")[0], reason=p) for p in typed.problems(token, values, _accepted)
        ]
        named = {**self._default_name(token, request, olds, values), **values}
        return proto.CheckResponse(inputs=wire.write(named, secrets), failures=failures)

    def _default_name(self, token: str, request: Any, olds: Values, news: Values) -> Values:
        """The name of a resource that was given none, as the bridge makes it."""
        schema = typed.inputs_of(token)
        wanted = set(schema.properties if schema else ()) & NAMED_BY_PROVIDER - set(news)
        proposed = request.autonaming.proposed_name or f"{_name(request.urn)}-{request.randomSeed.hex()[:7]}"
        return {n: olds.get(n) or proposed for n in wanted}

    def Diff(self, request: Any, context: Any) -> Any:
        """Each changed input, and which of them replace the resource."""
        token = _token(request.urn)
        old, _ = wire.read(request.old_inputs)
        new, _ = wire.read(request.news)
        found = [c for c in differences.changes(old, new) if not _ignored(c[0], request.ignoreChanges)]
        replacing = differences.replacing(token, old, new, found)
        detailed = {
            path: proto.PropertyDiff(kind=_kind(change, path in replacing), inputDiff=True) for path, change in found
        }
        return proto.DiffResponse(
            changes=proto.DiffResponse.DIFF_SOME if found else proto.DiffResponse.DIFF_NONE,
            detailedDiff=detailed,
            hasDetailedDiff=True,
            diffs=sorted({_top(path) for path, _ in found}),
            replaces=sorted({_top(path) for path in replacing}),
            deleteBeforeReplace=bool(replacing) and differences.delete_first(token, old, new),
        )

    def Create(self, request: Any, context: Any) -> Any:
        """Create; in a preview, what only the vendor knows is unknown."""
        token = _token(request.urn)
        inputs, secrets = wire.read(request.properties)
        if request.preview:
            return proto.CreateResponse(properties=wire.write(self._preview(token, inputs), secrets))
        ident, computed = identify(token, request.urn, self._located(inputs))
        if self._taken(token, ident):
            context.abort(grpc.StatusCode.ALREADY_EXISTS, f"{token} {ident} already exists")
        _refuse(context, datadog.unfit(token, inputs, self.state))
        ident = self._fresh(token, ident)
        record = Record(token, ident, inputs, {**inputs, **computed}, sorted(secrets))
        self._write(record)
        return proto.CreateResponse(id=ident, properties=wire.write(record.outputs, secrets))

    def Read(self, request: Any, context: Any) -> Any:
        """What the vendor has now, or nothing if it is gone; inputs follow what changed behind the program's back."""
        token = _token(request.urn)
        record = self.state.get(token, request.id)
        live = self._live(record) if record else None
        if record is None or live is None:
            return proto.ReadResponse()
        inputs, secrets = wire.read(request.inputs)
        before, _ = wire.read(request.properties)
        schema = typed.inputs_of(token)
        known = set(schema.properties) if schema else set()
        drifted = (
            {n: v for n, v in live.items() if n in known and v != before.get(n)}
            if before
            else {n: live[n] for n in record.inputs if n in live}
        )
        gone = {n for n in inputs if n in before and n not in live}
        told = {n: v for n, v in {**inputs, **drifted}.items() if n not in gone}
        marked = secrets | set(record.secrets)
        return proto.ReadResponse(id=request.id, properties=wire.write(live, marked), inputs=wire.write(told, marked))

    def Update(self, request: Any, context: Any) -> Any:
        """Change a resource."""
        token = _token(request.urn)
        inputs, secrets = wire.read(request.news)
        olds, _ = wire.read(request.olds)
        schema = typed.inputs_of(token)
        computed = {n: v for n, v in olds.items() if schema and n not in schema.properties}
        outputs = {**computed, **identify(token, request.urn, self._located(inputs))[1], **inputs}
        if not request.preview:
            _refuse(context, datadog.unfit(token, inputs, self.state))
            self._write(Record(token, request.id, inputs, outputs, sorted(secrets)))
        return proto.UpdateResponse(properties=wire.write(outputs, secrets))

    def Delete(self, request: Any, context: Any) -> Any:
        """Delete a resource; one that is gone already is no error."""
        token = _token(request.urn)
        _refuse(context, datadog.held(token, request.id, self.state))
        record = self.state.get(token, request.id)
        forwarder = aws.forwarder(token)
        if record and forwarder and forwarder.get(record.id, self._located(record.inputs)) is not None:
            forwarder.delete(record.id, self._located(record.inputs))
        self.state.remove(token, request.id)
        return empty_pb2.Empty()

    def Invoke(self, request: Any, context: Any) -> Any:
        """Answer a function."""
        arguments, secrets = wire.read(request.args)
        failures = [
            proto.CheckFailure(property=p.split(":")[0], reason=p)
            for p in typed.function_problems(request.tok, arguments)
        ]
        result: Values = {} if failures else functions.answer(request.tok, arguments, self.config, self.state)
        return proto.InvokeResponse(**{"return": wire.write(result, secrets)}, failures=failures)

    # -- the vendor's side -----------------------------------------------------------------------------------------

    def _located(self, inputs: Values) -> Values:
        """Inputs with the provider's region, where they name none."""
        return {**({"region": self.config["region"]} if self.config.get("region") else {}), **inputs}

    def _preview(self, token: str, inputs: Values) -> Values:
        schema = typed.inputs_of(token)
        computed = schema.outputs - set(schema.properties) if schema else frozenset()
        return {**dict.fromkeys(computed | DECIDED.get(token, frozenset()), typed.UNKNOWN), **inputs}

    def _taken(self, token: str, ident: str) -> bool:
        """Grafana refuses a second object of the same identity; AWS' puts overwrite."""
        return (
            self.package == "grafana"
            and not token.endswith(":NotificationPolicy")
            and self.state.get(token, ident) is not None
        )

    def _fresh(self, token: str, ident: str) -> str:
        """Datadog numbers its objects, so that one which replaces another stands beside it at first."""
        while self.package == "datadog" and self.state.get(token, ident) is not None:
            ident = str(int(ident) + 1)
        return ident

    def _write(self, record: Record) -> None:
        forwarder = aws.forwarder(record.token)
        if forwarder:
            inputs = self._located(record.inputs)
            forwarder.put(record.id, inputs)
            record.echo = forwarder.get(record.id, inputs)
        self.state.put(record)

    def _live(self, record: Record) -> Values | None:
        """What the vendor has: the record, and where the emulator now says otherwise than right after the write, the emulator."""
        forwarder = aws.forwarder(record.token)
        if not forwarder:
            return record.outputs
        now = forwarder.get(record.id, self._located(record.inputs))
        if now is None:
            return None
        echo = record.echo or {}
        return {**record.outputs, **{n: v for n, v in now.items() if v != echo.get(n)}}


def _refuse(context: Any, reason: str) -> None:
    """End the call with what the vendor's API says, if it says something."""
    if reason:
        context.abort(grpc.StatusCode.FAILED_PRECONDITION, reason)


def _token(urn: str) -> str:
    """The type token in a URN, without those of its parents."""
    return urn.split("::")[2].split("$")[-1]


def _name(urn: str) -> str:
    return urn.split("::", 3)[3]


def _top(path: str) -> str:
    return path.split(".")[0].split("[")[0]


def _ignored(path: str, ignore: Any) -> bool:
    return any(path == i or path.startswith((f"{i}.", f"{i}[")) for i in ignore)


def _kind(change: str, replaces: bool) -> Any:
    return KINDS.Value(f"{change}_REPLACE" if replaces else change)


def main(arguments: list[str]) -> None:
    """Serve one package on a free port of the loopback interface, and print that port, as the engine expects."""
    package, version = arguments[0], arguments[1]
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=16), options=UNLIMITED)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(ProviderDouble(package, version, DoubleState()), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    server.wait_for_termination()


if __name__ == "__main__":
    main(sys.argv[1:])
