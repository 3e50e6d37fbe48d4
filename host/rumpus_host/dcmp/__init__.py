"""DCMP over RMDP on a PC: the firmware's own node, session and roles (rumpus.rmdp, rumpus.dcmp), for asyncio.

endpoint.py   a node and a session on carriers, as the firmware's management/management.py is
links.py      the carriers: packets on TCP and serial lines, datagrams on the LAN
client.py     connect(url): one device, found, described, controlled, listened to, files
lan.py        who is on the LAN: RMDP multicast, broadcast and mDNS
storage.py    files of this computer that are sent and taken
words.py      results, properties and types in words
trace.py      packets in words, a line each
"""
