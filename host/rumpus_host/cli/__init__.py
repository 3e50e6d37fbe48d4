"""The command line: one file per verb; files that begin with "_" are what verbs share.

A verb's file has PANEL, the heading it stands under in the help, and run(), the command: its docstring
is the help and ends with examples. main.py finds the file by itself. What is slow to import (asyncio,
the client, Rich) is imported inside of functions, so that help is quick.
"""
