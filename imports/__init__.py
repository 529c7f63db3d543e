"""Uploads, import runs, their messages and actions: everything that is sent to Canvas."""
