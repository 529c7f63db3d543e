"""One outcome: its scale and levels, its definition and what changes of it, its words. Pure."""
