"""Rules of the house that no linter knows. What they are for is said in CONTRIBUTING.md."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.template import engines
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import User
from tests.cast import Seat

ROOT = Path(__file__).resolve().parent.parent
ROOMS = {"dashboard", "accounts", "canvas", "imports", "outcomes", "sandbox", "tests", "bench", "samples"}
TEXT_SUFFIXES = {".py", ".html", ".md", ".css", ".js", ".toml", ".yml", ".sh", ".txt", ".csv", ".svg", ".conf"}
LONGEST_FILE = 400
LONGEST_FUNCTION = 40
MOST_OWN_JAVASCRIPT = 200
# Pages that may be seen without signing in, by url name: nothing else is open.
OPEN_VIEWS = {"healthz", "accounts:login", "accounts:set_password"}
SETTINGS_IN_CODE = re.compile(r"\bEASEL_([A-Z][A-Z_]*[A-Z])\b")
SETTING_READERS = {"text", "flag", "number", "words", "secret", "database", "broker"}
# Only the tests' own, set by who runs them or by the tests for themselves.
TEST_SETTINGS = {"TEST_DATABASE", "TEST_DATABASE_URL"}


def own_files(*suffixes: str) -> list[Path]:
    """The project's own files of these kinds: not what is vendored, generated or installed."""
    skipped = {".venv", ".git", "var", "vendor", "node_modules", "__pycache__", "build"}
    return sorted(
        path
        for path in ROOT.rglob("*")
        if path.suffix in suffixes
        and path.is_file()
        and not (skipped | {part for part in path.parts if part.endswith("_cache")}) & set(path.relative_to(ROOT).parts)
    )


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


PYTHON = own_files(".py")
WRITTEN_PYTHON = [path for path in PYTHON if "migrations" not in path.parts]
TEMPLATES = [path for path in own_files(".html") if ROOT / "templates" in path.parents]


@pytest.mark.parametrize("path", WRITTEN_PYTHON, ids=named)
def test_a_file_and_its_functions_stay_short(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert source.count("\n") <= LONGEST_FILE
    too_long = [
        f"{node.name} has {length} lines"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > LONGEST_FUNCTION
    ]
    assert not too_long


def test_own_javascript_stays_small() -> None:
    scripts = [path for path in own_files(".js") if ROOT / "static" in path.parents]
    assert sum(path.read_text(encoding="utf-8").count("\n") for path in scripts) < MOST_OWN_JAVASCRIPT


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_template_compiles(path: Path) -> None:
    compiled = engines["django"].get_template(str(path.relative_to(ROOT / "templates")))
    assert compiled.origin.name == str(path)  # type: ignore[attr-defined]  # the stubs know no engine of Django's own


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_template_keeps_to_the_content_security_policy(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|hx-on|javascript:|<style\b", source)
    assert not re.search(r"<script(?![^>]*\bsrc=)", source)


def routes(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every route with its full name, such as accounts:login."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = ":".join(filter(None, (namespace, pattern.namespace)))
            yield from routes(pattern, inner)
        else:
            yield ":".join(filter(None, (namespace, pattern.name))), pattern


def test_every_route_has_a_name() -> None:
    assert not [str(pattern.pattern) for name, pattern in routes(get_resolver()) if not pattern.name]


def test_no_page_is_open_that_is_not_listed_here() -> None:
    is_open = {name for name, route in routes(get_resolver()) if not getattr(route.callback, "login_required", True)}
    assert is_open == OPEN_VIEWS


def example_address(pattern: URLPattern, prefix: str) -> str:
    """An address that the route takes, whether or not there is anything at it."""
    examples = {"int": "1", "slug": "x", "str": "x", "path": "x", "uuid": "0" * 8 + "-0000-0000-0000-" + "0" * 12}
    route = prefix + str(pattern.pattern)
    return "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda found: examples.get(str(found[1]), "x"), route)


def addresses(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, str]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, prefix + str(pattern.pattern))
        else:
            yield example_address(pattern, prefix), str(pattern.name)


@pytest.mark.django_db
def test_who_has_not_signed_in_is_sent_to_the_login_page_from_everywhere_else() -> None:
    open_names = {name.rpartition(":")[2] for name in OPEN_VIEWS}
    closed = [address for address, name in addresses(get_resolver()) if name not in open_names]
    answers = {address: Client().get(address) for address in closed}
    assert closed
    let_in = {
        address: answer.status_code
        for address, answer in answers.items()
        if answer.status_code != 405 and "/login/" not in answer.headers.get("Location", "")
    }
    assert not let_in


ADDRESSES = [address for address, _ in addresses(get_resolver())]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_takes_only_the_methods_it_says(address: str, superuser: User, seat: Seat) -> None:
    assert seat(superuser).put(address).status_code == 405


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_form_from_elsewhere_changes_nothing(address: str, superuser: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(superuser)
    assert browser.post(address).status_code == 403


def settings_in_code() -> set[str]:
    """Names that the code reads from the environment, without the prefix."""
    found: set[str] = set()
    for path in WRITTEN_PYTHON:
        source = path.read_text(encoding="utf-8")
        if "tests" not in path.parts and "bench" not in path.parts:
            found |= set(SETTINGS_IN_CODE.findall(source))
        if path.parent == ROOT / "dashboard":
            found |= set(_names_read(ast.parse(source)))
    return found - TEST_SETTINGS


def _names_read(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            function = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if function in SETTING_READERS and str(node.args[0].value).isupper():
                yield str(node.args[0].value)


def test_every_setting_is_documented_and_every_documented_setting_exists() -> None:
    page = (ROOT / "docs/configuration.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `EASEL_([A-Z_]+)`", page, flags=re.MULTILINE))
    assert documented == {name for name in settings_in_code() if name != "X" and not name.endswith("_FILE")}


@pytest.mark.parametrize("name", ["docker-compose.yml", "Dockerfile", "docs/running.md"])
def test_every_setting_that_a_container_is_given_exists(name: str) -> None:
    given = set(re.findall(r"\bEASEL_([A-Z_]+?)(?:_FILE)?[:=]", (ROOT / name).read_text(encoding="utf-8")))
    assert given - settings_in_code() <= {"HOST"}  # docker-compose.yml makes ALLOWED_HOSTS of it


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_python_file_lies_in_a_room_of_the_house() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in PYTHON} - ROOMS <= {"manage.py"}


def test_no_file_is_named_after_nothing() -> None:
    nothing = {"utils.py", "util.py", "helpers.py", "misc.py", "common.py"}
    assert not [named(path) for path in PYTHON if path.name in nothing]


UNWANTED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|(/home|/root|/Users)/\w+")


@pytest.mark.parametrize("path", [path for path in own_files(*TEXT_SUFFIXES) if path != Path(__file__)], ids=named)
def test_a_file_has_nothing_left_to_finish_and_nothing_of_one_machine(path: Path) -> None:
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    assert not [f"{number}: {line}" for number, line in enumerate(lines, 1) if UNWANTED.search(line)]
