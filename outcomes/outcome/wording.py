"""Calculation methods in words, with the whole number each takes. Pure.

Names, limits and defaults are those of `app/models/outcome_calculation_method.rb` in Canvas.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Method:
    """`short` and `formula` take `{n}`, the number, `{rest}`, 100 less it, and `{mastery}`, points in words.

    `least`, `most` and `usual` are of the number; all None where the method takes none.
    """

    label: str
    short: str
    formula: str
    least: int | None = None
    most: int | None = None
    usual: int | None = None

    @property
    def takes_number(self) -> bool:
        return self.usual is not None


_WEIGHTED = Method(
    "Weighted average",
    "Weighted average, the newest result {n} %",
    "The newest result counts {n} %, the mean of all earlier ones {rest} %; a single result stands as it is.",
    1,
    99,
    65,
)

METHODS: dict[str, Method] = {
    "decaying_average": _WEIGHTED,
    "weighted_average": _WEIGHTED,
    "standard_decaying_average": Method(
        "Decaying average",
        "Decaying average, {n} %",
        "From the oldest result to the newest: each counts {n} %, and all that came before it together {rest} %.",
        50,
        99,
        65,
    ),
    "n_mastery": Method(
        "Number of times",
        "Mastery reached {n} times",
        "At least {n} results must reach {mastery}; the score is the mean of all that do, before that there is none.",
        1,
        10,
        5,
    ),
    "highest": Method("Highest score", "Highest score", "The best of all results."),
    "latest": Method("Most recent score", "Most recent score", "The newest result alone."),
    "average": Method("Average", "Average", "The mean of all results."),
}


def method_in_words(method: str, number: int | None) -> str:
    """Such as "Mastery reached 3 times"; a method that we do not know keeps Canvas's name."""
    known = METHODS.get(method)
    if known is None:
        return " ".join(filter(None, (method.replace("_", " "), "" if number is None else str(number))))
    return _filled(known.short, known, number, None).replace("reached 1 times", "reached once")


def formula(method: str, number: int | None, mastery: float | None) -> str:
    """How a student's score comes about, in one sentence; nothing for a method that we do not know."""
    known = METHODS.get(method)
    return _filled(known.formula, known, number, mastery).replace("1 results", "1 result") if known else ""


def points(value: float | None) -> str:
    """Points as people write them: 3, 2.5."""
    return "" if value is None else f"{value:.4f}".rstrip("0").rstrip(".")


def _filled(text: str, method: Method, number: int | None, mastery: float | None) -> str:
    shown = method.usual or 0 if number is None else number
    reached = "mastery" if mastery is None else f"mastery ({points(mastery)} points)"
    return text.format(n=shown, rest=100 - shown, mastery=reached)
