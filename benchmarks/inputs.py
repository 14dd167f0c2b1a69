"""The input of the benchmarks: alerts with distinct conditions, dashboards, and the same alerts for the peers."""

from __future__ import annotations

from pathlib import Path

HEAD = """version: 1
system:
  name: Bench
  owner: platform
  time_zone: UTC
  business_hours: {days: [monday, tuesday, wednesday, thursday, friday], from: "09:00", to: "17:00"}
  environments: {production: {aws: {region: eu-west-1}}}
  tools:
    grafana: {data_sources: {prometheus: {type: prometheus, name: Prometheus, url: http://prometheus:9090}, cloudwatch: {type: cloudwatch, name: CloudWatch}}}
people:
  ann: {name: Ann, email: {config: ann-email}, phone: {config: ann-phone, secret: true}}
  bob: {name: Bob, email: {config: bob-email}, phone: {config: bob-phone, secret: true}}
teams: {platform: {name: Platform, members: [ann, bob]}}
schedules: {primary: {name: Primary, rotations: [{people: [ann, bob], every: 7d, start: 2026-01-05, handoff: "09:00"}]}}
escalations: {urgent: {name: Urgent, steps: [{after: 0m, notify: [primary], by: [phone]}]}}
severities:
  P0: {rank: 0, title: Critical, escalation: urgent}
  P1: {rank: 1, title: High, escalation: urgent}
runbooks: {fix: {title: Fix it, resolution: [Fix it.]}}
"""
MAILBOX = "channels: {ops: {name: Ops, type: email, address: {config: ops-mail}}}\n"
CONDITIONS = (
    "{metric} > {n}% for {m} minutes",
    "{metric} > {n}.5% for 3 of 5 checks",
    "{metric} < {n}% for {m} minutes during business hours",
    "{metric} > {n}% over {m} minutes",
    "{metric} > 1.{n}x baseline for {m} minutes",
)


def spec(folder: Path, alerts: int, dashboards: int, panels: int = 30, mailed: bool = False) -> None:
    """Writes a spec of so many alerts, no two with one condition, half on CloudWatch and half on Grafana, and so many dashboards.

    mailed puts them all on CloudWatch and tells a mailbox, so that no other target is needed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "system.yaml").write_text(
        HEAD.replace("escalation: urgent", "channels: [ops]") + MAILBOX if mailed else HEAD
    )
    services = max(1, alerts // 50)
    _write(
        folder / "services.yaml",
        "services",
        [
            f"  service-{i}:\n    name: Service {i}\n    tier: critical\n    owner: platform\n    runbook: fix"
            for i in range(services)
        ],
    )
    _write(folder / "metrics.yaml", "metrics", [_metric(i, mailed or i % 2 == 1) for i in range(alerts)])
    _write(folder / "alerts.yaml", "alerts", [_alert(i, services) for i in range(alerts)])
    if dashboards:
        _write(folder / "dashboards.yaml", "dashboards", [_dashboard(i, panels, alerts) for i in range(dashboards)])


def _write(path: Path, section: str, entries: list[str]) -> None:
    path.write_text(f"version: 1\n{section}:\n" + "\n".join(entries) + "\n")


def _metric(i: int, aws: bool) -> str:
    source = (
        f"      - from: cloudwatch\n        namespace: Bench\n        metric: Metric{i}\n        statistic: Average\n        step: 60s"
        if aws
        else f"      - from: prometheus\n        query: sum(rate(bench_{i}_total[5m])) * 100\n        step: 60s"
    )
    return f"  metric_{i}:\n    name: Metric {i}\n    unit: percent\n    baseline: 5%\n    description: What number {i} measures.\n    sources:\n{source}"


def _alert(i: int, services: int) -> str:
    when = CONDITIONS[i % len(CONDITIONS)].format(metric=f"metric_{i}", n=1 + i % 97, m=5 * (1 + i % 6))
    return (
        f"  alert-{i}:\n    name: Alert {i}\n    when: {when}\n    severity: P{i % 2}\n    service: service-{i % services}\n"
        f"    message: Number {i} is out of its bounds; look at the dashboard first.\n    runbook: fix\n    expected: 1 per month"
    )


def _dashboard(i: int, panels: int, alerts: int) -> str:
    lines = [
        f"  dashboard-{i}:",
        f"    name: Dashboard {i}",
        "    audience: on-call",
        "    refresh: 30s",
        "    sections:",
    ]
    for section in range(0, panels, 6):
        lines += [f"      - title: Section {section}", "        panels:"]
        for panel in range(section, min(section + 6, panels)):
            view = ("timeseries", "stat", "gauge")[panel % 3]
            lines += [
                f"          - metric: metric_{(i * panels + panel) % alerts}",
                f"            title: Panel {panel}",
                f"            view: {view}",
                "            width: 8",
            ]
    return "\n".join(lines)


def prometheus_rules(path: Path, alerts: int) -> None:
    """The same number of alerts as Prometheus rules, for `promtool check rules`."""
    lines = ["groups:"]
    for i in range(alerts):
        if i % 50 == 0:
            lines += [f"- name: group-{i // 50}", "  rules:"]
        lines += [
            f"  - alert: Alert{i}",
            f"    expr: sum(rate(bench_{i}_total[5m])) * 100 > {1 + i % 97}",
            f"    for: {5 * (1 + i % 6)}m",
            f"    labels: {{severity: P{i % 2}, service: service-{i % 20}}}",
            f"    annotations: {{summary: 'Number {i} is out of its bounds; look at the dashboard first.', runbook: fix}}",
        ]
    path.write_text("\n".join(lines) + "\n")


def sloth_slos(path: Path, slos: int) -> None:
    """As many SLOs for `sloth generate`, each of which becomes alerts."""
    lines = ["version: prometheus/v1", "service: bench", "slos:"]
    for i in range(slos):
        lines += [
            f"  - name: slo-{i}",
            "    objective: 99.9",
            f"    description: SLO {i}",
            "    sli:",
            "      events:",
            f'        error_query: sum(rate(bench_{i}_total{{code=~"5.."}}[{{{{.window}}}}]))',
            f"        total_query: sum(rate(bench_{i}_total[{{{{.window}}}}]))",
            f"    alerting: {{name: Slo{i}, page_alert: {{labels: {{severity: page}}}}, ticket_alert: {{labels: {{severity: ticket}}}}}}",
        ]
    path.write_text("\n".join(lines) + "\n")
