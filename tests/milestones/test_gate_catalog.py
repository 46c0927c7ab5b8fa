"""Each milestone says in its folder what it asks for, and the catalog finds it there."""

from __future__ import annotations

import re

import pytest

from gradgate.authoring.api import Api
from gradgate.errors import UsageError
from milestones.definition import Architecture, Gate, Milestone
from milestones.definition.gate_catalog import find_architecture, load_milestones, select_gates
from milestones.training.network import Network
from proof.project import COURSE

GATES = {gate.id: (milestone, gate) for milestone in load_milestones() for gate in milestone.gates}
EVERY_GATE = pytest.mark.parametrize(("milestone", "gate"), GATES.values(), ids=GATES)


def list_trained(gate: Gate) -> list[Architecture]:
    """Every network that a gate trains, in order; several times, if it does so."""
    networks = [recipe.network for recipe in gate.recipes.values()]
    networks += [gate.rival] if gate.rival else []
    return networks + [n for e in gate.exhibits for n in (e.recipe.network, e.rival)]


NETWORKS = [network for _, gate in GATES.values() for network in list_trained(gate)]


def test_milestones_and_gates_are_in_order_and_none_is_there_twice() -> None:
    assert [*GATES] == sorted(GATES)
    assert len(GATES) == sum(len(milestone.gates) for milestone in load_milestones())
    assert [milestone.number for milestone in load_milestones()] == [3, 4]


@EVERY_GATE
def test_a_gate_is_named_for_its_milestone_and_its_script(milestone: Milestone, gate: Gate) -> None:
    assert gate.id == f"{milestone.number:02d}/{gate.script[:2]}"
    assert milestone.folder.name.startswith(f"{milestone.number:02d}_")


@EVERY_GATE
def test_the_script_of_a_gate_names_that_gate_and_no_other(
    milestone: Milestone, gate: Gate
) -> None:
    script = (milestone.folder / gate.script).read_text(encoding="utf-8")
    assert set(re.findall(r"\d\d/\d\d", script)) == {gate.id}


@pytest.mark.parametrize(
    "milestone", load_milestones(), ids=lambda milestone: milestone.folder.name
)
def test_every_script_in_a_milestone_is_a_gate_s(milestone: Milestone) -> None:
    scripts = sorted(file.name for file in milestone.folder.glob("[0-9]*.py"))
    assert scripts == [gate.script for gate in milestone.gates]


@pytest.mark.parametrize(("number", "last"), [(3, "dataloader"), (4, "spatial")])
def test_a_milestone_needs_all_modules_up_to_its_last(number: int, last: str) -> None:
    (milestone,) = {m.number: m for m, _ in select_gates([str(number)])}.values()
    names = [module.name for module in milestone.list_modules(COURSE)]
    assert names == [*COURSE.names[: COURSE.names.index(last) + 1]]


@pytest.mark.parametrize(
    ("gate", "accuracy", "lead", "rival"),
    [
        ("03/01", 0.80, None, None),
        ("04/01", 0.90, 0.10, "MLP 64-32-10"),
        ("04/02", 0.65, None, None),
    ],
)
def test_what_a_gate_asks_for(
    gate: str, accuracy: float, lead: float | None, rival: str | None
) -> None:
    _, asked = GATES[gate]
    assert (asked.accuracy, asked.lead) == (accuracy, lead)
    assert (asked.rival.title if asked.rival else None) == rival


@EVERY_GATE
def test_recipes_go_by_the_accuracy_they_are_good_for_the_shortest_first(
    milestone: Milestone, gate: Gate
) -> None:
    promised = [int(name) for name in gate.recipes]
    assert promised == sorted(promised)
    assert promised[0] == round(100 * gate.accuracy)


@pytest.mark.parametrize(
    ("title", "size"),
    [
        ("MLP 64-32-10", 2_410),
        ("MLP 144-32-10", 4_970),
        ("CNN 8-16", 1_898),
        ("CNN 8-16 averaged", 1_418),
    ],
)
def test_how_many_numbers_a_network_has(title: str, size: int) -> None:
    assert find_architecture(title).size == size


def test_networks_of_one_title_are_one_network() -> None:
    for network in NETWORKS:
        found = find_architecture(network.title)
        assert (found.shapes, found.statistics) == (network.shapes, network.statistics)


@pytest.mark.parametrize("title", sorted({network.title for network in NETWORKS}))
def test_a_network_s_shapes_are_those_of_its_layers(title: str) -> None:
    wanted, api = find_architecture(title), load_api()
    network = Network(wanted.build(api))
    layers = network.layers.items()
    held = [f"{name}.{a}" for name, layer in layers for a, t in list_tensors(layer, api.Tensor)]
    assert held == [*wanted.shapes]
    assert {name: network.get_tensor(name).shape for name in held} == dict(wanted.shapes)
    assert sum(parameter.size for parameter in network.parameters()) == wanted.size
    for name, shape in wanted.statistics.items():
        assert network.get_tensor(name).shape == shape


def test_an_unknown_network_is_not_found() -> None:
    with pytest.raises(KeyError):
        find_architecture("CNN 1")


@pytest.mark.parametrize(
    ("wanted", "gates"),
    [
        ([], ["03/01", "04/01", "04/02"]),
        (["4"], ["04/01", "04/02"]),
        (["04"], ["04/01", "04/02"]),
        (["4/1"], ["04/01"]),
        (["04/01"], ["04/01"]),
        (["04/2", "3"], ["03/01", "04/02"]),
        (["04", "04/01", "4"], ["04/01", "04/02"]),
    ],
)
def test_gates_are_asked_for_by_number(wanted: list[str], gates: list[str]) -> None:
    chosen = select_gates(wanted)
    assert [gate.id for _, gate in chosen] == gates
    assert all(gate in milestone.gates for milestone, gate in chosen)


@pytest.mark.parametrize("word", ["99", "0", "", "/", "04/", "/01", "04/03", "4/1/1", "cnn", "-4"])
def test_what_is_not_there_is_reported_with_what_is(word: str) -> None:
    reason = f"there is no milestone or gate {word!r}; the gates are 03/01, 04/01, 04/02"
    with pytest.raises(UsageError, match=f"^{re.escape(reason)}$"):
        select_gates(["03", word])


def load_api() -> Api:
    """Return the names of the reference; not the oracle's, which computes in float64."""
    return Api({name: f"reference.{name}" for name in COURSE.names}, COURSE.owners)


def list_tensors(layer: object, kind: type) -> list[tuple[str, object]]:
    """The tensors that a layer holds, in the order it was given them."""
    return [(name, held) for name, held in vars(layer).items() if isinstance(held, kind)]
