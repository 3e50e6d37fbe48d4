"""Where RMDP lives on an IP network, all ours: neither port nor group is registered with anybody."""

PORT = 17811  # UDP on the LAN, and TCP of a management server; a mnemonic, not checked against IANA
GROUP = "239.255.178.11"  # in 239.255/16, which routers keep inside a site
