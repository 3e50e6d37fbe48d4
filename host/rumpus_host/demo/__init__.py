"""The demo: four virtual appliances, a story that can be followed, and a live view of it."""
