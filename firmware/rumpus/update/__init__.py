"""Firmware updates: a bundle goes into the slot that does not run, is tried, and is kept or left again.

    PUT_FILE -> staging -> APPLY -> actions -> restart -> entry/main.py -> trial -> committed

Start reading at updater.py. Each module says what a power cut at its every write leaves behind.
"""
