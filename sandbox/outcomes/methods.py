"""The calculation methods: their names, their whole number, and the defaults that a flag moves."""

from dataclasses import dataclass

from sandbox.ruby import listed


@dataclass(frozen=True, slots=True)
class Method:
    """`least`, `most` and `usual` number; all None where the method has none."""

    least: int | None = None
    most: int | None = None
    usual: int | None = None


METHODS = {
    "decaying_average": Method(1, 99, 65),
    "weighted_average": Method(1, 99, 65),
    "standard_decaying_average": Method(50, 99, 65),
    "n_mastery": Method(1, 10, 5),
    "highest": Method(),
    "latest": Method(),
    "average": Method(),
}


def saved_method(method: str | None, *, new_decaying_average: bool) -> str:
    """What Canvas stores when asked for `method`; blank asks for the default."""
    if not (method or "").strip():
        return "standard_decaying_average" if new_decaying_average else "decaying_average"
    replaced = "weighted_average" if new_decaying_average else "standard_decaying_average"
    return "decaying_average" if method == replaced else str(method)


def saved_number(method: str, number: int | None) -> int | None:
    """The number stored with a method; the usual one where none is given."""
    return METHODS[method].usual if number is None and method in METHODS else number


def complaints(method: str, number: int | None) -> dict[str, str]:
    """What Canvas's model says about the two attributes, by attribute."""
    if method not in METHODS:
        return {"calculation_method": f"calculation_method must be one of the following: {listed(METHODS)}"}
    known = METHODS[method]
    if known.least is None or known.most is None:
        unused = "A calculation value is not used with this calculation method"
        return {} if number is None else {"calculation_int": unused}
    if number is None or known.least <= number <= known.most:
        return {}
    return {
        "calculation_int": f"'{number}' is not a valid value for this calculation method. "
        f"The value must be between '{known.least}' and '{known.most}'"
    }
