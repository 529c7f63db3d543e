"""Practice Canvas: a stand-in for Canvas that one can break without regret. Run it with `python -m sandbox`."""
