"""RUMP's numbers, as literals and nothing else: no imports, no calls.

Every number of the protocol stands once, in a row of a file in this folder. Whoever owns
ISO/IEC 14543-5-102 edits rows, not code.

Source marks (the first word of every `source` column says whose the numbers of the row are):

    S     the standard's published contents list or scope
    P     another public text
    R     a relative: another protocol that does the same thing (says nothing about RUMP's bytes)
    I     inferred from S
    OURS  our own choice; what follows names the grounds for it

Columns of a field row:

    id       field number in control and in the reply that names a refused field
    name     snake_case, no unit in it
    format   struct format of the wire value, byte order included: >B >H >h >I
    access   r: in response and status; w: may stand in a control; n: a change is pushed at once;
             !: every device of the type has it
    low, high, step   wire counts; a value is legal when low <= v <= high and (v - low) % step == 0
    scale    counts per unit: physical value = counts / scale
    unit     a token of units.py
    choices  None, or names indexed by counts, or (counts, name) pairs when the numbers have gaps
    source   mark and grounds

"Not available" is one count per format, see NOT_AVAILABLE in units.py; it is legal in status only.

Columns of an alarm row: bit, name, severity (stop: an output is forced off; warn; notice), source.
"""
