"""Courses that a test lays out result by result, as the tests of the practice Canvas have them."""

from tests.sandbox.outcomes.conftest import classroom, desk, sites

__all__ = ["classroom", "desk", "sites"]
