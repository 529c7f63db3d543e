"""Numbers in outcome files, as Canvas reads them for an account in English.

Source: `csv_importer.rb`, which takes out the commas and gives the rest to Ruby's `Float`; whole numbers of a model's
column come from what the text begins with, and are 0 where that is no number.
"""

import math
import re

_FLOAT = re.compile(r"\s*[+-]?(\d+(_\d+)*)?(\.\d+(_\d+)*)?([eE][+-]?\d+)?\s*", re.ASCII)
_WHOLE = re.compile(r"\s*([+-]?\d+)", re.ASCII)
_GROUPED = re.compile(r"\s*[+-]?\d{1,3}(,\d{3})+(\.\d+)?\s*", re.ASCII)


def number(text: str) -> float | None:
    """None where Canvas refuses it."""
    bare = text.replace(",", "")
    if not _FLOAT.fullmatch(bare) or not re.search(r"\d", bare.lower().partition("e")[0]):
        return None
    value = float(bare)
    return value if math.isfinite(value) else None


def whole(text: str) -> int:
    found = _WHOLE.match(text)
    return int(found[1]) if found else 0


def has_odd_comma(text: str) -> bool:
    """A comma that does not part thousands, as in `1,5`: Canvas reads 15."""
    return "," in text and not _GROUPED.fullmatch(text)
