"""The same spec gives the same bytes, whatever the order of its keys and files."""

import shutil

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generators.registry import generate_all
from spec.link import link
from spec.load import load_system
from spec.parse import parse_spec
from spec.source.folder import Sections, load
from spec.source.nodes import Mapping, Node, Sequence
from tests.conftest import CASES, ROOT
from tocsin.emit import compiled_files

SMALL = CASES / "small"


def compiled(sections: Sections) -> dict[str, str]:
    spec, findings = parse_spec(sections)
    linked, more = link("small", spec, "production")
    assert linked is not None, [f.message for f in findings + more]
    return compiled_files(linked, generate_all(linked))[0]


def shuffled(node: Node, random) -> Node:
    if isinstance(node, Sequence):
        return Sequence(*_at(node), [shuffled(item, random) for item in node.items])
    if not isinstance(node, Mapping):
        return node
    keys = list(node.values)
    random.shuffle(keys)
    values = {key: shuffled(node.values[key], random) for key in keys}
    return Mapping(*_at(node), values, {key: node.keys[key] for key in keys})


def _at(node: Node):
    return node.path, node.line, node.column, node.end_line, node.end_column


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(random=st.randoms(use_true_random=False))
def test_the_order_of_keys_changes_no_byte(random):
    sections = load(SMALL, ROOT)
    before = compiled(sections)
    names = list(sections.values)
    random.shuffle(names)
    sections.values = {name: shuffled(sections.values[name], random) for name in names}
    assert compiled(sections) == before


def test_the_order_of_files_changes_nothing_but_origins(tmp_path):
    source = ROOT / "spec/systems/nzila-export-hub"
    folder = tmp_path / "nzila-export-hub"
    for index, path in enumerate(sorted(source.rglob("*.yaml"), reverse=True)):
        folder.mkdir(exist_ok=True)
        shutil.copy(path, folder / f"{index:03}.yaml")
    before = load_system(source, "production", ROOT).linked
    after = load_system(folder, "production", tmp_path).linked
    assert list(before.firings) == list(after.firings)
    for target, output in generate_all(before).items():
        again = generate_all(after)[target]
        assert [(r.type, r.name) for r in sorted(output.resources, key=lambda r: r.name)] == [
            (r.type, r.name) for r in sorted(again.resources, key=lambda r: r.name)
        ]
