"""The control interface: what a test or a person who practises may do to a site that no Canvas would allow."""

from sandbox import editing, objects
from sandbox.http.answers import Answer, Stop, messages, not_found
from sandbox.http.calls import Call
from sandbox.http.faults import BadFault
from sandbox.http.paging import asked_page, counted_link
from sandbox.outcomes import flags as switches
from sandbox.seeding.fill import SeededOtherwise, fill
from sandbox.seeding.plan import Plan
from sandbox.site import Speed

_LARGEST_NUMBER = 10**9
_DONE = {"ok": True}


def reset(call: Call) -> Answer:
    """Back to the first day: objects, imports, files, clock, request log, faults."""
    call.own_site.reset()
    call.traffic.reset()
    return call.json(_DONE)


def remove_site(call: Call) -> Answer:
    """The site and all its files are gone, unlike after a reset, which leaves an empty one."""
    site = call.own_site
    call.sites.remove(site)
    call.book.close(site)
    return call.json(_DONE)


def seed(call: Call) -> Answer:
    """`courses`, `students`, `outcomes`, `seed`: the same numbers give the same university."""
    body = call.request.json_object()
    defaults = {"courses": 12, "students": 400, "outcomes": 30, "seed": 7}
    plan = Plan(**{name: int(_number(body, name, default)) for name, default in defaults.items()})
    try:
        fill(call.own_site.db(), plan)
    except SeededOtherwise as problem:
        raise Stop(messages(400, "The site holds another university; reset it first")) from problem
    return call.json(_DONE)


def clock(call: Call) -> Answer:
    return call.json({"now": call.own_site.clock.text()})


def advance_clock(call: Call) -> Answer:
    """`advance_seconds`: how far the site's time jumps ahead."""
    call.own_site.clock.advance(_number(call.request.json_object(), "advance_seconds", 0))
    return clock(call)


def speed(call: Call) -> Answer:
    """`rows_per_second`: how fast this site imports from now on; null, as fast as it can."""
    body = call.request.json_object()
    unlimited = body.get("rows_per_second") is None
    rows = None if unlimited else max(_number(body, "rows_per_second", 0), 0.1)
    call.own_site.speed = Speed(rows)
    return call.json({"rows_per_second": rows})


def throttle(call: Call) -> Answer:
    """`enabled`; `status` of a refusal, 403 or 429; `cost` of each request in place of the measured one."""
    body, bucket = call.request.json_object(), call.traffic.bucket
    bucket.enabled = bool(body.get("enabled", True))
    bucket.status = 429 if body.get("status") == 429 else 403
    bucket.fixed_cost = _number(body, "cost", 0) if "cost" in body else None
    bucket.empty()
    return call.json({"enabled": bucket.enabled, "status": bucket.status, "cost": bucket.fixed_cost})


def flags(call: Call) -> Answer:
    """The site's feature flags and quirks, and where each stands."""
    return call.json(switches.all_flags(call.own_site.db()))


def set_flags(call: Call) -> Answer:
    """`{name: bool}`: switch the named ones; an unknown name is refused and nothing is switched."""
    body = call.request.json_object()
    for name, value in body.items():
        if name not in switches.DEFAULTS or not isinstance(value, bool):
            raise Stop(messages(400, f"{name} is not a flag, or was not given true or false"))
    for name, value in body.items():
        switches.switch(call.own_site.db(), name, on=bool(value))
    return flags(call)


def requests(call: Call) -> Answer:
    return call.json(call.traffic.lines())


def forget_requests(call: Call) -> Answer:
    call.traffic.forget()
    return call.json(_DONE)


def faults(call: Call) -> Answer:
    """The faults that still wait for their request."""
    return call.json(call.traffic.faults.waiting())


def add_fault(call: Call) -> Answer:
    try:
        return call.json(call.traffic.faults.add(call.request.json_object()).as_dict())
    except BadFault as problem:
        raise Stop(messages(400, str(problem))) from problem


def clear_faults(call: Call) -> Answer:
    call.traffic.faults.clear()
    return call.json(_DONE)


def held_objects(call: Call) -> Answer:
    """What the site now holds of one kind."""
    page = asked_page(call.request)
    try:
        found, total = objects.listing(call.own_site, call.args["kind"], page.offset, page.size)
    except KeyError as unknown:
        raise Stop(not_found()) from unknown
    return call.json(found, counted_link(call.request, page, total))


def edit_object(call: Call) -> Answer:
    """What a person changes in Canvas's pages: fields by name; they become sticky."""
    try:
        edited = editing.edit(call.own_site, call.args["kind"], call.number("id"), call.request.json_object())
    except KeyError as unknown:
        raise Stop(not_found()) from unknown
    except editing.NoSuchField as wrong:
        raise Stop(messages(400, f"{wrong} cannot be changed to that")) from wrong
    return not_found() if edited is None else call.json(edited)


def _number(body: dict[str, object], name: str, default: float) -> float:
    value = body.get(name, default)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= _LARGEST_NUMBER:
        raise Stop(messages(400, f"{name} must be a number from 0 to {_LARGEST_NUMBER}"))
    return float(value)
