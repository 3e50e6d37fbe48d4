"""What the roles of a session (session.py) have in common.

A role has ANSWERS (requests it answers), TAKES (other messages it wants), and
    answer(session, incoming)   -> payload (bytes or Body), a Result, or None for no answer
    take(session, incoming)     -> event, None, or NOT_MINE
    next_message(session)       -> Message or None: what it owes by now
    elapsed(session, ms)        -> list of events
    due_ms()                    -> milliseconds until elapsed() or next_message() has something, or None
    is_at_rest()                -> it has nothing to do, and nothing to remember
"""

NOT_MINE = False


class Role:
    """What roles have in common: nothing to answer, to take, to send or to wait for."""

    ANSWERS = ()
    TAKES = ()

    def answer(self, session, incoming) -> "object":
        return None

    def take(self, session, incoming) -> "object":
        return NOT_MINE

    def take_stray(self, session, incoming) -> "bool":
        """A message it TAKES that no role found its own; True when this settled it."""
        return False

    def undelivered(self, session, kind, transaction) -> "object":
        return None

    def lost(self, session, route) -> "None":
        pass

    def next_message(self, session) -> "object":
        return None

    def elapsed(self, session, ms) -> "list | tuple":
        return ()

    def due_ms(self) -> "int | None":
        return None

    def is_at_rest(self) -> "bool":
        """True when it may be let go and loaded anew."""
        return False

    def status_changed(self) -> "bool":
        """The appliance's status or an alarm has changed: True when somebody is owed that. Allocates nothing."""
        return False

    def forget(self, device_id) -> "None":
        """That device cannot be reached any more."""
