"""Everything around the appliance: client, bench, command line, servers."""
