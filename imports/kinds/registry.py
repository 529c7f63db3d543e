"""Every kind of import by its name."""

from imports.kinds.base import Kind
from imports.kinds.outcome import OutcomeKind
from imports.kinds.sis import SisKind

KINDS: dict[str, Kind] = {kind.name: kind for kind in (SisKind(), OutcomeKind())}
