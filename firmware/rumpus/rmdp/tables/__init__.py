"""RMDP's numbers, as literals and nothing else. Of ISO/IEC 17811-3 only the names of operations and of four
messages are public; every number here is ours. Columns of layout rows: dcmp/tables/__init__.py.
"""
