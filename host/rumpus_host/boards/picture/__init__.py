"""A wiring as a picture to solder from, in SVG. draw.py puts the views of the other files together."""
