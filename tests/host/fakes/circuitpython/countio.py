"""Fake `countio`: falling edges, counted by the chip."""

from world import world


class Edge:
    FALL = "fall"


class Counter:
    def __init__(self, pin, *, edge=Edge.FALL, pull=None):
        self._name = pin.claim(self)
        self.count = 0
        world.line(self._name).watchers.append(self._on_edge)

    def _on_edge(self):
        self.count += 1
