"""From a checkout to a device: what is put on it (build.py), and how it gets there."""
