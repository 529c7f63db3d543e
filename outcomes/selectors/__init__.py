"""Reads that pages share, by noun."""
