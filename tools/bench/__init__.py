"""What tools/bench.py measures, one module for each of its commands; device/ runs on MicroPython."""
