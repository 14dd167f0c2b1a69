"""A small spec whose metrics come from Sentry, and what becomes of one alert over them."""

from generators.sentry import generate
from tests.support import linked_from

METRICS = """
system: {tools: {sentry: {organization: shop, project: {config: sentry-project}}, pagerduty: {subdomain: shop}}}
metrics:
  stripe: {name: Stripe, unit: count, kind: event, sources: [{from: sentry, event: exception, exception: StripeAPIError}]}
  fresh: {name: Fresh, unit: count, kind: event, sources: [{from: sentry, event: new-issue}]}
  again: {name: Again, unit: count, kind: event, sources: [{from: sentry, event: regression}]}
  users: {name: Users, unit: count, kind: event, sources: [{from: sentry, event: users-affected}]}
  failures: {name: Failures, unit: percent, baseline: 1%, sources: [{from: sentry, aggregate: failure_rate(), unit: ratio, step: 5m}]}
  p95: {name: p95, unit: ms, maximum: {config: most}, sources: [{from: sentry, aggregate: p95(span.duration), step: 5m}]}
  quick: {name: Quick, unit: ms, sources: [{from: sentry, aggregate: p95(span.duration), step: 1m}]}
  old: {name: Old, unit: ms, sources: [{from: sentry, aggregate: p95(transaction.duration), dataset: transactions}]}
  guests: {name: Guests, unit: count, kind: counter, sources: [{from: sentry, aggregate: count_unique(user), dataset: events}]}
  pace: {name: Pace, unit: count, sources: [{from: sentry, aggregate: epm(), dataset: events}]}
  busy: {name: Busy, unit: s, kind: counter, sources: [{from: sentry, aggregate: sum(transaction.duration), dataset: transactions, unit: ms}]}
  last: {name: Last week, unit: ms, history: {over: 5m, ago: 7d}, sources: [{from: sentry, aggregate: p95(span.duration), step: 5m}]}
  day: {name: Day before, unit: ms, history: {over: 5m, ago: 1d}, sources: [{from: sentry, aggregate: p95(span.duration), step: 5m}]}
  errors: {name: Errors, unit: count, kind: counter, sources: [{from: sentry, aggregate: count(), dataset: events}]}
"""


def alert(when, extra="", **keys):
    """What becomes of one alert: its resource's inputs, its verdict, all that was generated."""
    said = {"severity": "P0", "service": "api", **keys}
    output = generate(
        linked_from(
            f"{METRICS}alerts: {{it: {{when: '{when}', {', '.join(f'{k}: {v}' for k, v in said.items())}}}}}\n{extra}"
        )
    )
    inputs = next((r.inputs for r in output.resources if r.type.endswith("Alert")), None)
    return inputs, output.verdicts[0], output
