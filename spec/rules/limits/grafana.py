"""The rule limits/grafana."""

from spec.rules import Rule

RULE = Rule(
    id="limits/grafana",
    level="error",
    what="What goes to Grafana is within its limits: UIDs of 40 characters, titles of 190, intervals of whole tens of seconds, and data sources that are declared.",
    why="Grafana rejects an update beyond them, and does not start on a provisioned file beyond them.",
    bad="""\
dashboards: {overview: {name: Overview, sections: [{title: API, panels: [latency]}]}}
""",
    good="""\
system: {tools: {grafana: {data_sources: {cloudwatch: {type: cloudwatch, name: CloudWatch}}}}}
dashboards: {overview: {name: Overview, sections: [{title: API, panels: [latency]}]}}
""",
    source="https://grafana.com/docs/grafana/latest/alerting/set-up/provision-alerting-resources/file-provisioning/",
)
