"""Where RMDP lives on an IP network, all ours: neither port nor group is registered with anybody."""

PORT = 17811  # UDP on the LAN, for all who live there; a mnemonic, not checked against IANA
SERVER_PORT = 17812  # TCP and UDP of a management server, its own: what all share, any of them may be handed
GROUP = "239.255.178.11"  # in 239.255/16, which routers keep inside a site
