"""Outcome imports: the CSV format, its rules, and the queue that works through them."""
