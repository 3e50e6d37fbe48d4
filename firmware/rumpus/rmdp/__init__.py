"""RMDP: nodes, objects, and the delivery of DCMP messages between them. Start reading at node.py."""
