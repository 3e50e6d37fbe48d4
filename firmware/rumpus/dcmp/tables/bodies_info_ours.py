"""Whole info responses (clause 6.4.6), for whoever asks: ours but for their published beginnings."""

# name, format, count, source
PARAM = (
    ("ParamID", ">H", None, "OURS"),
    ("ParamSize", ">H", None, "OURS"),
    ("Value", "C", "ParamSize", "OURS"),  # text, D52
)
FUNCTION = (
    ("FunctionID", ">H", None, "OURS"),  # S 6.4.6.2 names it
    ("FunctionCategory", "C16", None, "OURS"),  # S 6.4.6.2 names it
    ("numofinput", ">H", None, "OURS"),
    (
        "InputList",
        (
            ("Size", ">H", None, "OURS"), ("ID", ">H", None, "OURS"), ("Name", "C16", None, "OURS"),
            ("DataType", ">H", None, "OURS"), ("Unit", ">H", None, "OURS"),
            ("Min", "C16", None, "OURS"), ("Max", "C16", None, "OURS"),
        ),
        "numofinput", "OURS",  # S 6.4.6.2 names it; as PARAM_DESC
    ),
    ("numofoutput", ">H", None, "OURS"),
    (
        "OutputList",
        (
            ("Size", ">H", None, "OURS"), ("ID", ">H", None, "OURS"), ("Name", "C16", None, "OURS"),
            ("DataType", ">H", None, "OURS"), ("Unit", ">H", None, "OURS"),
            ("Min", "C16", None, "OURS"), ("Max", "C16", None, "OURS"),
        ),
        "numofoutput", "OURS",  # S 6.4.6.2 names it; as PARAM_DESC
    ),
)
FUNCTION_SIZE = 22
PROPERTIES_BODY = (
    ("Result", ">H", None, "OURS"),
    ("numofdevice", ">H", None, "OURS"),
    (
        "DeviceList",
        (
            ("DeviceID", "16s", None, "OURS"),
            ("numofproperty", ">H", None, "OURS"),
            (
                "PropertyList",
                (
                    ("PropertyID", ">H", None, "OURS"), ("Unit", ">H", None, "OURS"), ("Name", "C16", None, "OURS"),
                    ("Size", ">H", None, "OURS"), ("Value", "C", "Size", "OURS"),
                ),
                "numofproperty", "OURS",  # as PROPERTY
            ),
        ),
        "numofdevice", "OURS",
    ),
)
FULL_DESCRIPTION_BODY = (
    ("Result", ">H", None, "OURS"),
    ("numofsection", ">H", None, "OURS"),
    (
        "SectionList",
        (
            ("SectionType", "C32", None, "OURS"),
            ("SectionSize", ">H", None, "OURS"),
            ("Section", "s", "SectionSize", "OURS"),  # the body of that type without its Result
        ),
        "numofsection", "OURS",
    ),
)

# value, name, source
DATA_TYPES = (
    (1, "bool", "OURS"),  # 0 or 1
    (2, "integer", "OURS"),
    (3, "decimal", "OURS"),
    (4, "text", "OURS"),
    (5, "hex", "OURS"),
)
