"""The rule configuration/secret."""

from __future__ import annotations

from collections.abc import Iterator

from spec.diagnostics import Diagnostic, Related
from spec.rules import Context, Rule
from spec.structure.kinds import Configured

RULE = Rule(
    id="configuration/secret",
    level="error",
    what=(
        "Phone numbers, passwords and webhook URLs that come from the stack's config are marked `secret: true`, and so "
        "is a name wherever it is used."
    ),
    why="A value that is not marked stands in plain text in the stack's state, in previews and in logs.",
    bad="""\
people: {ann: {name: Ann, email: ann@shop.example, phone: {config: ann-phone}}}
""",
    good="""\
people: {ann: {name: Ann, email: ann@shop.example, phone: {config: ann-phone, secret: true}}}
""",
    source="https://www.pulumi.com/docs/iac/concepts/secrets/",
)


def check(context: Context) -> Iterator[Diagnostic]:
    """Fields that are always secret, then names that are secret in one place only."""
    for entry, value in _secrets(context):
        if isinstance(value, Configured) and not value.secret:
            yield RULE.finding(
                value.span,
                f"'{value.config}' is not marked as a secret",
                entry=entry,
                hint=f"write {{config: {value.config}, secret: true}}",
            )
    secret = {value.config: value for value in reversed(context.spec.configured) if value.secret}
    for value in context.spec.configured:
        if not value.secret and value.config in secret:
            related = (Related("marked here", secret[value.config].span),)
            yield RULE.finding(
                value.span,
                f"'{value.config}' is a secret elsewhere and not here",
                entry=f"config.{value.config}",
                hint="mark it here too",
                related=related,
            )


def _secrets(context: Context) -> Iterator[tuple[str, object]]:
    for name, person in context.spec.people.items():
        yield f"people.{name}", person.phone
    for name, channel in context.spec.channels.items():
        yield f"channels.{name}", channel.url
        if channel.type in ("sms", "phone"):
            yield f"channels.{name}", channel.address
    for name, tool in context.spec.system.tools.items():
        for key, source in tool.data_sources.items():
            yield f"system.tools.{name}.data_sources.{key}", source.password
