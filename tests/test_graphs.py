"""Graph algorithms over names."""

from __future__ import annotations

from modelsync.graphs import Nesting, components, reachable, shortest_cycle

GRAPH = {"a": ["b", "c"], "b": ["c"], "c": ["d", "a"], "d": [], "e": ["a"]}


def test_components_come_after_the_components_that_they_point_to() -> None:
    assert components(GRAPH) == [["d"], ["c", "b", "a"], ["e"]]


def test_reachable_nodes_include_the_starts() -> None:
    assert reachable(["b"], GRAPH) == {"a", "b", "c", "d"}
    assert reachable(["d"], GRAPH) == {"d"}


def test_the_shortest_cycle_begins_and_ends_at_its_start() -> None:
    assert shortest_cycle("a", GRAPH) == ["a", "c", "a"]
    assert shortest_cycle("b", GRAPH) == ["b", "c", "a", "b"]
    assert shortest_cycle("x", {"x": ["x"]}) == ["x", "x"]


def test_edges_that_would_nest_too_many_nodes_are_known() -> None:
    chain = {"a": ["b"], "b": ["c"], "c": ["d"], "d": []}
    nesting = Nesting(chain, firm=(), deepest=2)
    edges = [("a", "b"), ("b", "c"), ("c", "d")]
    assert [edge for edge in edges if nesting.is_too_deep(*edge)] == [("b", "c")]
    assert not any(Nesting(chain, firm=(), deepest=4).is_too_deep(*edge) for edge in edges)


def test_nodes_of_one_component_are_circular() -> None:
    nesting = Nesting(GRAPH, firm=(), deepest=9)
    assert nesting.is_circular("a", "c")
    assert not nesting.is_circular("a", "d")
