"""What the host's tests share."""

import hypothesis

# A machine that runs dozens of interpreters at once is slow at times; that is no failure.
hypothesis.settings.register_profile("rumpus", deadline=None)
hypothesis.settings.load_profile("rumpus")
