"""The last known state of a Canvas account: what our own uploads have told Canvas, and Canvas has accepted.

Pure: SQLite files and CSVs, no Django. One file per account, made anew from the uploads whenever it is missing.
"""
