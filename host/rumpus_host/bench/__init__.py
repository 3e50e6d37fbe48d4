"""The bench: plants, and virtual appliances made of the real firmware with a plant behind its pins."""
