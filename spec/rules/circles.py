"""Circles in a graph of ids."""

from __future__ import annotations

from collections.abc import Iterator


def circles(graph: dict[str, list[str]]) -> Iterator[tuple[str, ...]]:
    """One way round for each knot of ids that lead back to themselves, from its first id; unknown ids lead nowhere."""
    done: set[str] = set()
    for start in sorted(graph):
        if start not in done:
            way = _back(graph, start, done)
            if way:
                yield way
            done.update(way or (start,))


def _back(graph: dict[str, list[str]], start: str, done: set[str]) -> tuple[str, ...]:
    """The shortest way from start back to itself that leads through no id that is done; empty if there is none."""
    came: dict[str, str] = {}
    queue = [start]
    for here in queue:
        for there in graph[here]:
            if there == start:
                way = [here]
                while way[-1] != start:
                    way.append(came[way[-1]])
                return tuple(reversed(way))
            if there in graph and there not in came and there not in done:
                came[there] = here
                queue.append(there)
    return ()
