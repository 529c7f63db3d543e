"""Documents as they are kept in the database: JSON, compressed. Pure."""

import json
import zlib
from typing import Any


def packed(document: Any) -> bytes:
    return zlib.compress(json.dumps(document, separators=(",", ":"), allow_nan=False).encode(), 6)


def unpacked(content: bytes | memoryview) -> Any:
    return json.loads(zlib.decompress(content))
