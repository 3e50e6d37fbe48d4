"""The four appliances: pure step functions from inputs and settings to wanted outputs and alarms."""
