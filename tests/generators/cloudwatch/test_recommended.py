"""The alarms that AWS recommends, for every resource type of the catalogue."""

import pytest

from spec.catalogue import resource_types

MAXIMA = "maximum: {connections: 100, storage: 100GiB, memory: 8GiB, timeout: 30s, concurrency: 1000}"


@pytest.mark.parametrize("kind", sorted(resource_types()))
def test_every_recommended_alarm_becomes_one(make, kind):
    made = make(f"""
        services: {{api: {{resources: {{it: {{type: {kind}, name: It, identifier: {{config: it-id}}, {MAXIMA}}}}}}}}}
    """)
    alarms = resource_types()[kind].alarms
    assert {f"alarm.it-{name}" for name in alarms} == {name for name in made.inputs if name.startswith("alarm.")}
    assert {verdict.verdict for verdict in made.verdicts.values()} <= {"exact", "approximate"}


@pytest.mark.parametrize("kind", resource_types().values(), ids=lambda kind: kind.type)
def test_every_recommended_alarm_cites_its_page(kind):
    for alarm in kind.alarms.values():
        assert alarm.page.startswith("https://docs.aws.amazon.com/") and alarm.why
        assert alarm.metric in kind.metrics


def test_a_share_of_a_capacity_becomes_a_figure_in_the_sources_unit(make):
    made = make(
        "services: {api: {resources: {db: {type: rds, name: DB, identifier: db-1, maximum: {connections: 200, storage: 10GB, memory: 8GiB}}}}}"
    )
    storage = made.inputs["alarm.db-storage-low"]
    assert (storage["threshold"], storage["statistic"], storage["treatMissingData"]) == (10**9, "Minimum", "breaching")
    assert made.inputs["alarm.db-connections-high"]["threshold"] == 180


def test_a_capacity_that_is_not_stated_is_asked_for(make):
    made = make("services: {api: {resources: {db: {type: rds, name: DB, identifier: db-1}}}}")
    assert made.verdicts["db-connections-high"].verdict == "refused"
    found = [each for each in made.output.diagnostics if each.rule == "targets/unsupported"]
    assert {each.level for each in found} == {"warning"} and all("maximum" in each.hint for each in found)


def test_what_the_agent_measures_needs_the_agent(make):
    made = make("""
        services: {api: {resources: {web: {type: ec2, name: Web, identifier: i-1, recommended: false}}}}
        alerts: {disk: {when: web_disk > 85%, severity: P1, service: api}}
    """)
    assert made.inputs["alarm.disk"]["dimensions"] == {"InstanceId": "i-1", "path": "/"}
    assert any("CloudWatch agent" in note for note in made.output.manual)
