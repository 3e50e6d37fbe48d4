"""Everything that differs between interpreters: pins, clock, sockets, files."""
