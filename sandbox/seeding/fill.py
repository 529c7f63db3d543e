"""Filling a site."""

import json
import sqlite3
from dataclasses import asdict

from sandbox.seeding.learning import Learning
from sandbox.seeding.people import People
from sandbox.seeding.plan import Plan
from sandbox.seeding.scores import add_results
from sandbox.store.database import fact, remember, transaction

_SEEDED = "seeded"


class SeededOtherwise(Exception):
    """The site already holds another university; it has to be reset first."""


def fill(db: sqlite3.Connection, plan: Plan) -> bool:
    """Make the university of a plan; False where the site holds that very one already. Raises SeededOtherwise."""
    wanted = json.dumps(asdict(plan))
    with transaction(db):
        held = fact(db, _SEEDED)
        if held == wanted:
            return False
        if held is not None:
            raise SeededOtherwise(held)
        people = People(db, plan)
        learning = Learning(db, plan, people.courses)
        add_results(db, plan, people.seats, learning.pieces)
        remember(db, _SEEDED, wanted)
    return True
