"""Firmware updates from this side: keys, bundles, and sending them to a device."""
