"""Boards as data: loading the literals of boards/, checking a wiring, printing it as a table and as a picture."""
