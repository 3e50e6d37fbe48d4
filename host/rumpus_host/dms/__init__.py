"""The device management server (DMS): where devices register themselves and people register services.

store.py     what is kept: devices, capabilities, properties, addresses, services (SQLAlchemy Core)
server.py    the server on TCP and UDP
startup.py   the start-up order of the document, played by two virtual devices, a controller and a DMS
"""
