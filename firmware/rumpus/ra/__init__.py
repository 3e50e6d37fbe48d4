"""What RUMP leaves to the remote-access layer: hello, and later registration. All ours."""
