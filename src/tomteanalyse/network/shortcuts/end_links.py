"""Links from plots and destinations to the nodes of the graphs, as a table."""

from dataclasses import dataclass, fields, replace

import numpy as np

from tomteanalyse.network.shortcuts.arrays import Floats, Ints


@dataclass(frozen=True)
class EndLinks:
    """Links from ends to nodes, one row each.

    Parameters
    ----------
    end
        Which plot or destination, shape (k,).
    node
        Which node, shape (k,).
    cost, metres
        Cost [m] and length [m], shape (k,).
    level
        The first graph that has the link, shape (k,).
    start, via
        Where the link begins, and where it meets a way that it follows to the node [m],
        shape (k, 2).
    edge, along_m
        The edge that it follows and the metres from there to its first node; -1 and NaN for a
        straight link, shape (k,).
    """

    end: Ints
    node: Ints
    cost: Floats
    metres: Floats
    level: Ints
    start: Floats
    via: Floats
    edge: Ints
    along_m: Floats

    def chosen(self, rows: Ints) -> "EndLinks":
        """Return some of the links, in their order."""
        return EndLinks(**{each.name: getattr(self, each.name)[rows] for each in fields(self)})

    def sorted(self) -> "EndLinks":
        """Return the links by end, the cheapest first."""
        return self.chosen(np.lexsort((self.edge, self.node, self.cost, self.end)))

    def of(self, ends: Ints) -> "EndLinks":
        """Return the links of some ends, numbered by their place among those (sorted)."""
        mine = self.chosen(np.flatnonzero(np.isin(self.end, ends)))
        return replace(mine, end=np.searchsorted(ends, mine.end))


def joined_links(tables: list[EndLinks]) -> EndLinks:
    """Return tables of links as one."""
    return EndLinks(
        **{
            each.name: np.concatenate([getattr(table, each.name) for table in tables])
            for each in fields(EndLinks)
        }
    )
