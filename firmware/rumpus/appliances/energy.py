"""Energy total: watts times elapsed milliseconds, whole watt-hours into the state."""

# W * ms in one Wh. With a step of at most 60 s and 17 kW everything stays a small integer.
_WMS_A_WH = 3600000
_MAX_W = 17000


class Energy:
    """state: rump State; field: id of its total in Wh, which outlives a restart by the settings."""

    def __init__(self, state, field):
        self._state = state
        self._field = field
        self._rest_wms = 0

    def add(self, watts, elapsed_ms):
        """Add this power over this time. Allocates nothing."""
        self._rest_wms += min(watts, _MAX_W) * elapsed_ms
        if self._rest_wms >= _WMS_A_WH:
            self._state[self._field] = (self._state[self._field] or 0) + self._rest_wms // _WMS_A_WH
            self._rest_wms %= _WMS_A_WH
