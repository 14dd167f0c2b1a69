"""Log groups, counted patterns, saved queries, and dashboards on CloudWatch."""

import json

from generators.resources import Join, Ref


def body(made, name):
    """A dashboard's body, symbols as `{…}`."""
    text = made.inputs[name]["dashboardBody"]
    parts = text.join if isinstance(text, Join) else (text,)
    return json.loads("".join(part if isinstance(part, str) else "SYMBOL" for part in parts))


def test_a_log_group_keeps_lines_at_least_as_long_as_asked(make):
    made = make("""
        logs: {app: {name: /shop/app, retention: 40 days, queries: {errors: {name: Errors, query: "filter @message like /ERROR/"}}}}
    """)
    assert made.inputs["logs.app"]["retentionInDays"] == 60
    assert len(made.messages("targets/approximated")) == 1
    query = made.inputs["query.app.errors"]
    assert (
        query["logGroupNames"] == [Ref("cloudwatch/logs.app", "name")] and query["name"] == "shop-production/app/Errors"
    )


def test_patterns_are_counted_only_where_somebody_looks(make):
    made = make("alerts: {it: {when: share > 5%, severity: P1, service: api}}")
    assert [name for name in made.inputs if name.startswith("filter.")] == ["filter.errors"]
    transformation = made.inputs["filter.errors"]["metricTransformation"]
    assert transformation["value"] == "1" and transformation["defaultValue"] == "0"
    metric = made.inputs["alarm.it"]["metricQueries"][0]["metric"]
    assert (metric["namespace"], metric["metricName"]) == (transformation["namespace"], transformation["name"])


BOARD = """
alerts: {it: {when: error_rate > 5%, severity: P0, service: api}}
logs: {app: {queries: {errors: {name: Errors, query: "filter @message like /ERROR/"}}}}
metrics: {dau: {name: Users, unit: count, sources: [{from: prometheus, query: dau}]}}
dashboards:
  web:
    name: Web
    on: [cloudwatch]
    sections:
      - title: Golden signals
        panels: [error_rate, latency, cpu, share, {metric: connections, view: gauge}, {metric: dau}]
      - title: Logs
        panels: [{view: logs, query: errors}, {view: text, text: Hello}]
"""


def test_widgets_lie_on_the_grid_without_overlap(make):
    taken = set()
    for widget in body(make(BOARD), "dashboard.web")["widgets"]:
        assert widget["x"] >= 0 and widget["x"] + widget["width"] <= 24
        cells = {
            (x, y)
            for x in range(widget["x"], widget["x"] + widget["width"])
            for y in range(widget["y"], widget["y"] + widget["height"])
        }
        assert not cells & taken
        taken |= cells


def test_widgets_carry_region_units_thresholds_and_states(make):
    made = make(BOARD)
    widgets = body(made, "dashboard.web")["widgets"]
    assert [widget["type"] for widget in widgets] == ["text", "alarm", "text", *["metric"] * 5, "text", "log", "text"]
    graphs = {widget["properties"]["title"]: widget["properties"] for widget in widgets if widget["type"] == "metric"}
    assert all(graph["region"] == "af-south-1" for graph in graphs.values())
    (line,) = graphs["Error rate"]["annotations"]["horizontal"]
    assert line == {"label": "P0 It", "value": 5, "color": "#d62728", "fill": "above"}
    assert graphs["Error rate"]["yAxis"]["left"] == {"min": 0, "max": 100, "label": "percent", "showUnits": False}
    assert graphs["Latency"]["metrics"][-1][0]["expression"] == "m1*1000", "seconds at the source, ms for people"
    assert graphs["Share"]["metrics"][-1][0]["expression"] == "(100*m1/m2)"
    assert graphs["Connections"]["view"] == "singleValue", "a gauge needs a known maximum"
    assert made.inputs["dashboard.web"]["dashboardName"] == "shop-production-web"


def test_a_panel_that_cloudwatch_cannot_show_is_said(make):
    (message,) = make(BOARD).messages("targets/unsupported")
    assert "'dau' has no source that CloudWatch can read" in message
