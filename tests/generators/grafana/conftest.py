"""A shop whose metrics come from everywhere that Grafana reads, and from where it does not."""

from __future__ import annotations

import pytest

import generators.grafana
from generators.resources import Output
from tests.support import linked_from

SHOP = """
system:
  name: Shop
  owner: platform
  time_zone: Africa/Johannesburg
  currency: CAD
  environments: {production: {aws: {region: af-south-1}}, staging: {aws: {region: af-south-1}}}
  business_hours: {days: [monday, tuesday, wednesday, thursday, friday], from: "09:00", to: "17:00"}
  runbook_url: https://guide.shop.example
  tools:
    grafana:
      data_sources:
        prometheus: {type: prometheus, name: Prometheus, url: "http://prometheus:9090"}
        postgres: {type: postgres, name: Database, url: {config: db-host}, database: shop, user: grafana, password: {config: db-password, secret: true}}
        cloudwatch: {type: cloudwatch, name: CloudWatch}
    pagerduty: {url: "https://shop.pagerduty.com", subdomain: shop}
    sentry: {url: "https://sentry.io/organizations/shop"}
channels:
  product: {type: email, name: Product team, address: product@shop.example}
  eng: {type: slack, name: Engineering, address: "#engineering", url: {config: slack-webhook, secret: true}}
severities:
  P0: {rank: 0, title: Critical, escalation: urgent, channels: [eng]}
  P1: {rank: 1, title: High, escalation: urgent}
  P2: {rank: 2, title: Medium, escalation: urgent}
services:
  api: {name: API, tier: critical, owner: platform, runbook: fix}
  shop: {name: Shop floor, tier: high, owner: platform, runbook: fix}
metrics:
  error_rate: {name: Error rate, unit: percent, service: api, sources: [{from: cloudwatch, namespace: Shop, metric: ErrorRate, statistic: Average, dimensions: {Env: {config: shop-env}}}]}
  p95: {name: p95, unit: ms, service: api, sources: [{from: prometheus, query: "p95_seconds", unit: s}]}
  requests: {name: Requests, unit: count, kind: counter, sources: [{from: prometheus, query: "requests_total"}]}
  failures: {name: Failures, unit: count, kind: counter, sources: [{from: prometheus, query: "failures_total"}]}
  share: {name: Failing requests, unit: percent, sources: [{from: math, expression: "failures / requests * 100"}]}
  deals: {name: Deals, unit: count, kind: counter, service: shop, sources: [{from: postgres, sql: "SELECT t AS time, n AS value FROM deals WHERE $__timeFilter(t)", step: 5m}]}
  dau: {name: Daily active users, unit: users, service: shop, baseline: 500, goal: 750, sources: [{from: postgres, sql: "SELECT now() AS time, count(*) AS value FROM s WHERE $__timeFilter(at)", step: 5m}]}
  mixed: {name: Deals a request, unit: ratio, sources: [{from: math, expression: "deals / requests"}]}
  crashes: {name: Crashes, unit: count, service: api, sources: [{from: sentry, aggregate: "count()"}]}
  boom: {name: Boom, unit: count, kind: event, sources: [{from: postgres, sql: "SELECT t AS time, 1 AS value FROM boom WHERE $__timeFilter(t)"}]}
logs:
  app: {name: /shop/app, service: api, queries: {errors: {name: Errors, query: "filter level = 'error'"}}}
alerts:
  slow: {when: p95 > 1000ms for 5 minutes, severity: P1, service: api, message: It is slow.}
  errors: {when: error_rate > 5% for 5 minutes, severity: P0, service: api, evaluate_on: [grafana]}
  no-deals: {when: deals == 0 in 2 hours during business hours, severity: P2, service: shop}
  dau-drop: {when: dau drops > 20% from baseline, severity: P2, service: shop}
  failing: {when: failures > 0, severity: P2, service: api}
routing:
  dau: {source: grafana, event: DAU drops, severity: P2, alerts: [dau-drop], channel: product}
indicators:
  p95: {name: p95, metric: p95, service: api, group: API, target: "< 500ms"}
maintenance:
  weekly: {name: Weekly, every: week, days: [sunday], from: "02:00", to: "04:00"}
  night: {name: Night, every: week, days: [saturday], from: "23:00", to: "01:00", services: [shop]}
  move: {name: Move, every: once, start: 2026-03-01T22:00, end: 2026-03-02T04:00}
dashboards:
  overview:
    name: Production Overview
    sections:
      - {title: Traffic, panels: [requests, {metric: p95, view: gauge}, {metrics: [requests, failures], title: Both}, share, mixed, p95]}
      - {title: Errors, panels: [error_rate, crashes, failures, {view: alerts}, {view: logs, query: errors}, {view: text, text: "# Hi"}]}
      - {title: Business, panels: [{metric: dau, view: stat}, {metric: deals, view: bar}, {metric: dau, view: table}]}
  business:
    name: Business Metrics
    formerly: [sales]
    sections: [{title: At a glance, panels: [{metric: dau, view: stat}, {metric: deals, view: stat}]}]
"""


@pytest.fixture(scope="session")
def shop():
    """shop(more) is the linked model of the shop, with more sections laid on it."""

    def linked(more: str = "", environment: str = "production"):
        import yaml

        both = yaml.load(SHOP, yaml.BaseLoader)
        for section, entries in (yaml.load(more, yaml.BaseLoader) or {}).items():
            both[section] = {**both.get(section, {}), **entries}
        return linked_from(yaml.safe_dump(both, sort_keys=False), environment)

    return linked


@pytest.fixture(scope="session")
def output(shop) -> Output:
    """What Grafana is asked for, for the shop as it stands."""
    return generators.grafana.generate(shop())
