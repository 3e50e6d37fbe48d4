"""DCMP: discovery, information, control, events, files, apply, registration. Start reading at session.py."""
