"""DCMP's numbers, as literals and nothing else: no imports, no calls.

What ISO/IEC 17811-2 publishes and what is ours never share a file:

    published   header, messages, message_codes, results, result_codes, bodies_published
    ours        messages_ours, message_names_ours, results_ours, device_errors, bodies_ours, bodies_info_ours,
                bodies_files_ours, bodies_registration_ours, units, device_types, properties, timing

Names are in the printed spelling (numofcapability, StausProperty). Whoever buys the standard edits the
second kind. Of both, a device does not load what only people, tools and askers need (D60): messages,
message_names_ours, results, device_errors, device_types, bodies_info_ours.

The last column is the source mark (rump/tables/__init__.py): "S T6" is Table 6, "S 5.8" clause 5.8 of ISO/IEC
17811-2. Comments beside a row give the rest: "S 5.7 names it" means that the text names the field and no more,
"D27" is a ruling in RULINGS.md.

Columns of a layout row (HEADER, *_BODY, pieces of bodies), read by wire.py:

    name     field, as printed where it is published
    format   struct format; "C16" = Char[16]; "s", "C" = raw bytes, text of the length that count names;
             a tuple = a group
    count    None, or the earlier field that says how often, or how long
    source   mark and place

Columns of other tables:

    MESSAGE_TYPES   code, name, kind (request, response, result, one_way), the response and the result that
                    belong to a request (0 = none), source
    EXCHANGES       request, response, result (0 = none), source
    ERROR_TYPES,    code, name (token), class (common, message, transaction, file, apply, device), source.
    DEVICE_ERRORS   Code branches on the class, never on ranges (D33)
    KEYWORDS        message code, field, keywords (exact case, D39), source

The rest say their columns in a comment above them.
"""
