"""The check: reading an upload by Canvas's rules before it is sent. Pure Python and numpy; no Django.

`engine.check` is the door; `rules` names everything that can be found; `docs/performance.md` has its speed.
"""
