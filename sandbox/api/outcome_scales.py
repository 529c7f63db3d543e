"""Proficiency scales and calculation methods of accounts and courses."""

from typing import Any

from sandbox.api.contexts import the_context
from sandbox.http.answers import Answer, Stop, as_json
from sandbox.http.calls import Call
from sandbox.http.requests import Request
from sandbox.outcomes import methods, scales
from sandbox.ruby import truth

Json = dict[str, Any]


def show_proficiency(call: Call) -> Answer:
    """The nearest scale on the way up; where nobody set one, none is shown."""
    return _shown(call, scales.SCALE, "No proficiency ratings found")


def set_proficiency(call: Call) -> Answer:
    ratings = _ratings(call.request)
    if complaints := scales.complaints(ratings):
        raise Stop(as_json({"errors": [{"message": text} for text in complaints]}, 422))
    scales.keep(call.site.db(), the_context(call), scales.SCALE, ratings)
    return call.json({"ratings": ratings})


def show_method(call: Call) -> Answer:
    return _shown(call, scales.METHOD, "No calculation method found")


def set_method(call: Call) -> Answer:
    """`calculation_method` and, for some, `calculation_int`."""
    given = call.request.param("calculation_int")
    method = call.request.param("calculation_method") or ""
    number = methods.saved_number(method, int(given) if given and given.isdecimal() else None)
    if complaints := methods.complaints(method, number):
        errors = {name: [{"attribute": name, "message": text}] for name, text in complaints.items()}
        raise Stop(as_json({"errors": errors}, 422))
    data = {"calculation_method": method, "calculation_int": number}
    scales.keep(call.site.db(), the_context(call), scales.METHOD, data)
    return call.json(data)


def _shown(call: Call, kind: str, missing: str) -> Answer:
    found = scales.stored(call.site.db(), the_context(call), kind)
    if found is None:
        raise Stop(as_json({"message": missing}, 404))
    return call.json({"ratings": found[0]} if kind == scales.SCALE else found[0])


def _ratings(request: Request) -> list[Json]:
    """From JSON, or from `ratings[][points]` and its like in a form."""
    body: Any = request.json_object() if request.media_type == "application/json" else {"ratings": _from_form(request)}
    listed = body.get("ratings")
    try:
        return [
            {
                "description": str(rating["description"]),
                "points": float(rating["points"]),
                "mastery": truth(str(rating.get("mastery", ""))),
                "color": str(rating.get("color", "")).removeprefix("#"),
            }
            for rating in (listed if isinstance(listed, list) else [])
        ]
    except (KeyError, TypeError, ValueError, AttributeError) as broken:
        raise Stop(as_json({"errors": [{"message": "Missing required ratings"}]}, 422)) from broken


def _from_form(request: Request) -> list[Json]:
    names = ("description", "points", "mastery", "color")
    columns = [request.params.get(f"ratings[][{name}]", []) for name in names]
    return [dict(zip(names, cells, strict=True)) for cells in zip(*columns, strict=False)]
