"""Places on the graph, and what a sweep needs to know of them whatever the weights."""

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from routing.cch.elimination import Tree
from routing.cch.jit import BLOCKED, frozen, kernel
from routing.cch.topology import Topology


class Places(Protocol):
    """For each place its ways onto the graph, or off it: none, one or several, in no negative time."""

    @property
    def first(self) -> NDArray[np.int64]:
        """Where the ways of each place begin."""
        ...

    @property
    def node(self) -> NDArray[np.int32]:
        """The node of each way."""
        ...

    @property
    def ms(self) -> NDArray[np.int32]:
        """The time of each way."""
        ...


class Pins(NamedTuple):
    """
    Places pinned to a topology: they serve any metric, as origins and as targets.

    Attributes
    ----------
    first : int64, shape (places + 1,)
    ms : int32, shape (ways,)
        Those of the places.
    way : int32, shape (ways,)
        The position of each way's node among the nodes with a way.
    at : int32, shape (nodes with a way,)
        Their positions in ``nodes``, ascending.
    nodes : int32, shape (nodes,)
        Those with a way and all their ancestors, as numbered inside, ascending.
    """

    first: NDArray[np.int64]
    ms: NDArray[np.int32]
    way: NDArray[np.int32]
    at: NDArray[np.int32]
    nodes: NDArray[np.int32]

    @classmethod
    def of(cls, topology: Topology, places: Places) -> "Pins":
        """Pin places."""
        tree = topology.hierarchy.tree
        return cls._of(tree, places.first, topology.number[places.node], np.minimum(places.ms, BLOCKED))

    @classmethod
    def _of(
        cls, tree: Tree, first: NDArray[np.int64], inside: NDArray[np.int32], ms: NDArray[np.int32]
    ) -> "Pins":
        way, at, nodes = pin(tree.parent, tree.depth, frozen(inside, np.int32))
        return cls(
            frozen(first, np.int64),
            frozen(ms, np.int32),
            frozen(way, np.int32),
            frozen(at, np.int32),
            frozen(nodes, np.int32),
        )

    @property
    def places(self) -> int:
        """The number of places."""
        return len(self.first) - 1

    @property
    def way_node(self) -> NDArray[np.int32]:
        """The node of each way, as numbered inside."""
        return self.nodes[self.at[self.way]]

    def some(self, topology: Topology, places: NDArray[np.int64]) -> "Pins":
        """Return some of the places, in the order given."""
        counts = np.diff(self.first)[places]
        first = np.concatenate(([0], np.cumsum(counts)))
        ways = np.arange(first[-1]) + np.repeat(self.first[:-1][places] - first[:-1], counts)
        return Pins._of(topology.hierarchy.tree, first, self.way_node[ways], self.ms[ways])

    def batches(self, size: int) -> list[NDArray[np.int64]]:
        """Return all places in batches of neighbours."""
        there = np.diff(self.first) > 0
        node = np.full(self.places, -1, dtype=np.int32)
        node[there] = self.way_node[self.first[:-1][there]]
        order = np.argsort(node, kind="stable")
        return [order[i : i + size] for i in range(0, len(order), size)]


@kernel
def pin(
    parent: NDArray[np.int32], depth: NDArray[np.int32], inside: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """Return ``way``, ``at`` and ``nodes`` of pins."""
    order = np.argsort(inside)
    way = np.empty(len(inside), dtype=np.int32)
    leaf = np.empty(len(inside), dtype=np.int32)
    leaves = 0
    for w in order:
        if leaves == 0 or leaf[leaves - 1] != inside[w]:
            leaf[leaves] = inside[w]
            leaves += 1
        way[w] = leaves - 1
    at, nodes = with_ancestors(parent, depth, leaf[:leaves])
    return way, at, nodes


@kernel
def with_ancestors(
    parent: NDArray[np.int32], depth: NDArray[np.int32], leaf: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """
    Return where ascending nodes stand among themselves with their ancestors, and these, ascending.

    In postorder all of a node's ancestors that are less than the next node are no ancestors of that.
    """
    at = np.empty(len(leaf), dtype=np.int32)
    room = 0
    for x in leaf:
        room += int(depth[x]) + 1
    found = np.empty(min(room, len(parent)), dtype=np.int32)
    count = 0
    for i in range(len(leaf)):
        at[i] = count
        limit = leaf[i + 1] if i + 1 < len(leaf) else len(parent)
        x = leaf[i]
        while x < limit:
            found[count] = x
            count += 1
            x = parent[x]
    return at, found[:count].copy()
