"""`dashboards`: for whom, in which order, which panels."""

from typing import Annotated, Any

from spec.structure.entry import Entry, Nested, Short
from spec.structure.kinds import Choice, Duration, Integer, Many, Reference, Text


class Panel(Entry, frozen=True, kw_only=True):
    """A panel. Units, thresholds, targets and alert states come from the rest of the spec."""

    metric: Annotated[Any, Reference("metrics"), "the metric it shows"] = None
    metrics: Annotated[tuple, Many(Reference("metrics")), "the metrics it shows together; all of one unit"] = ()
    slo: Annotated[Any, Reference("slos"), "the SLO whose error budget it shows, for the views `budget` and `burn`"] = (
        None
    )
    title: Annotated[str, Text(), "its title; the metric's name if left out"] = ""
    view: Annotated[
        str,
        Choice("timeseries", "stat", "gauge", "bar", "table", "alerts", "logs", "text", "budget", "burn"),
        "how it is drawn; `budget` is what is left of an SLO's error budget, `burn` how fast it is spent",
    ] = "timeseries"
    width: Annotated[int | None, Integer(1, 24), "of 24 columns"] = None
    height: Annotated[int | None, Integer(1, 40), "in grid rows"] = None
    query: Annotated[str, Text(), "the saved log query, for the view `logs`"] = ""
    text: Annotated[str, Text(), "Markdown, for the view `text`"] = ""
    description: Annotated[str, Text(), "what to read from it; the metric's if left out"] = ""


class Section(Entry, frozen=True, kw_only=True):
    """A row of panels."""

    title: Annotated[str, Text(), "its heading"]
    panels: Annotated[tuple, Many(Short(Panel, "metric"), 1), "a metric's id each, or a mapping"]


class Dashboard(Entry, frozen=True, kw_only=True):
    """A dashboard."""

    name: Annotated[str, Text(), "its title"]
    sections: Annotated[tuple, Many(Nested(Section), 1), "its rows"]
    audience: Annotated[str, Text(), "who reads it"] = ""
    refresh: Annotated[int, Duration(5), "how often it refreshes"] = 60
    range: Annotated[int, Duration(300), "how far back it looks"] = 21600
    on: Annotated[tuple, Many(Choice("grafana", "cloudwatch"), 1), "where it is shown"] = ("grafana",)
    description: Annotated[str, Text(), "what question it answers"] = ""
    formerly: Annotated[tuple, Many(Text()), "ids it had before"] = ()
