"""Reads that pages share."""
