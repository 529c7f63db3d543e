"""A stamp of what a person saw, short enough for a hidden field. Pure."""

import hashlib
import json

from outcomes.outcome.described import Definition


def stamp(definition: Definition) -> str:
    """The same for the same definition, and for no other."""
    text = json.dumps(definition.as_json(), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
