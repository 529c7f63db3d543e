"""Every address that the practice Canvas answers."""

from sandbox.api import control, files, page, progress, roles, sis_imports
from sandbox.api.directory_routes import DIRECTORY_ROUTES
from sandbox.api.outcome_routes import outcome_routes
from sandbox.http.routing import Route, Routes

ROUTES = Routes(
    Route(method, path, endpoint)
    for method, path, endpoint in (
        ("GET", "/api/v1/accounts/:account_id/sis_imports", sis_imports.index),
        ("POST", "/api/v1/accounts/:account_id/sis_imports", sis_imports.create),
        ("GET", "/api/v1/accounts/:account_id/sis_imports/importing", sis_imports.importing),
        ("PUT", "/api/v1/accounts/:account_id/sis_imports/abort_all_pending", sis_imports.abort_all_pending),
        ("GET", "/api/v1/accounts/:account_id/sis_imports/:id", sis_imports.show),
        ("PUT", "/api/v1/accounts/:account_id/sis_imports/:id/abort", sis_imports.abort),
        ("PUT", "/api/v1/accounts/:account_id/sis_imports/:id/restore_states", sis_imports.restore_states),
        ("GET", "/api/v1/accounts/:account_id/sis_imports/:id/errors", sis_imports.errors),
        ("GET", "/api/v1/accounts/:account_id/sis_import_errors", sis_imports.account_errors),
        ("GET", "/api/v1/progress/:id", progress.show),
        ("POST", "/api/v1/progress/:id/cancel", progress.cancel),
        *DIRECTORY_ROUTES,
        *outcome_routes(),
        ("GET", "/files/:id/download", files.download),
        ("POST", "/sandbox/reset", control.reset),
        ("DELETE", "/sandbox/site", control.remove_site),
        ("POST", "/sandbox/seed", control.seed),
        ("GET", "/sandbox/clock", control.clock),
        ("POST", "/sandbox/clock", control.advance_clock),
        ("POST", "/sandbox/speed", control.speed),
        ("POST", "/sandbox/throttle", control.throttle),
        ("GET", "/sandbox/flags", control.flags),
        ("POST", "/sandbox/flags", control.set_flags),
        ("POST", "/sandbox/roles", roles.make),
        ("GET", "/sandbox/requests", control.requests),
        ("DELETE", "/sandbox/requests", control.forget_requests),
        ("GET", "/sandbox/faults", control.faults),
        ("POST", "/sandbox/faults", control.add_fault),
        ("DELETE", "/sandbox/faults", control.clear_faults),
        ("GET", "/sandbox/objects/:kind", control.held_objects),
        ("PUT", "/sandbox/objects/:kind/:id", control.edit_object),
        ("GET", "/", page.welcome),
        ("POST", "/", page.look),
    )
)
