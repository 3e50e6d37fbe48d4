"""The interlock proof: the firmware's own Interlocks with its own tables against dangers written by hand.

    python -m tests.proof [--full] [APPLIANCE...]     in the checkout, with its .venv

    <appliance>.py   what an input can be, what must never be; written from physics, apart from the table
    dangers.py       how a danger is said
    observer.py      one life of the interlocks under somebody who knows the truth
    plan.py          which lives are lived: the enumeration
    mutants.py       tables with a row missing or weakened, and whether that is noticed
    reaction.py      how late an output goes off when a call keeps the loop from turning

docs/interlocks.md says in words what is proved and what is not.
"""
