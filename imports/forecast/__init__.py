"""What an upload would change: tried out on a copy of the last known state, and written down. Pure, no Django."""
