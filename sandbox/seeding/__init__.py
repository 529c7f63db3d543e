"""An invented university, with outcomes and results: the same numbers make the same one every time."""
