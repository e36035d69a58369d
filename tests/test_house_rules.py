"""Who may import whom, which words are used, how long a file is: read from the source, so nobody has to remember."""

import ast
import re
import sys
from collections import Counter
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from chalicelib.stores import Stores

ROOT = Path(__file__).parent.parent
LIBRARY = ROOT / "chalicelib"
LEAVES = {"errors", "clock", "formats", "wording", "concurrency"}
ADAPTERS = {"domain", "contact", "errors", "formats", "rendering", "clock", "wording"}
SERVICES = LEAVES | {"domain", "store", "stage_settings", "stores", "tasks", "importing", "mail", "payment"}
"""Stores and adapters arrive as arguments: services import their classes for type annotations."""
PAGES = LEAVES | {"domain", "contact", "portal", "rendering", "tasks", "handlers/http"} | {
    f"services/{subject}" for subject in ("authentication", "account", "payments", "billing")
}  # fmt: skip
MAY_IMPORT = {
    "errors": set(),
    "clock": set(),
    "formats": set(),
    "wording": {"wording", "formats", "domain"},
    "stage_settings": {"domain"},
    "rendering": {"formats", "wording", "domain"},
    "clients": set(),
    "concurrency": set(),
    "stage": {"clients", "clock", "payment", "stage_settings"},
    "tasks": {"errors"},
    "domain": {"domain", "errors"},
    "contact": {"contact", "domain", "errors"},
    "stores": {"clients", "domain", "stage_settings", "store"},
    "store": {"store", "domain", "errors", "formats", "concurrency"},
    "payment": ADAPTERS | {"payment"},
    "mail": ADAPTERS | {"mail"},
    "pdf": ADAPTERS | {"pdf"},
    "captcha": ADAPTERS | {"captcha"},
    "importing": ADAPTERS | {"importing"},
    "services/authentication": SERVICES | {"services/authentication"},
    "services/account": SERVICES | {"services/account", "services/authentication"},
    "services/payments": SERVICES | {"services/payments", "services/account", "services/authentication"},
    "services/billing": SERVICES
    | {"services/billing", "services/payments", "services/account", "services/authentication"},
    "services/mailing": SERVICES
    | {"services/mailing", "services/billing", "services/payments", "services/account", "services/authentication"},
    "portal": None,
    "handlers/http": LEAVES
    | {"domain", "portal", "rendering", "services/authentication", "services/account"}
    | {"handlers/http"},
    "handlers/family": PAGES | {"handlers/family"},
    "handlers/webhooks": PAGES | {"handlers/webhooks"},
    "handlers/tasks": PAGES | {"handlers/tasks", "services/mailing"},
}
"""Each subject of services imports those below it only: mailing, billing, payments, account, authentication."""
GUESTS = {
    "pydantic": {"domain", "stage_settings", "store", "handlers/http", "handlers/family", "importing"},
    "botocore": {"store", "clients", "tasks", "mail"},
    "boto3": {"clients"},
    "os": {"portal"},
    "cryptography": {"payment"},
    "fpdf": {"pdf"},
    "segno": {"pdf"},
    "fontTools": {"pdf"},
    "PIL": {"captcha"},
    "captcha": {"captcha"},
    "bcrypt": {"services/authentication"},
    "zxcvbn": {"services/authentication"},
    "chalice": {"handlers/http", "handlers/family", "handlers/webhooks"},
    "multipart": {"handlers/http"},
    "phonenumbers": {"contact"},
    "email_validator": {"contact"},
    "jinja2": {"rendering"},
    "python_calamine": {"importing"},
}
NOT_OUR_WORDS = re.compile(
    r"text of control|never holds still|kept changing|the door stays|whoever heard|dealt like cards|on a leash"
    r"|one policy a function|\"\"\"Answers?\b|; answers\b|\bAnswers (?:the|how|what|it|whether|with)\b"
    r"|\b(?:foresee|foreseen|hoisted|shelves|RunShelves|Till|press_run)\b",
    re.IGNORECASE,
)
"""Left column of the glossary's last table: a stranger who searches for the standard word would find nothing."""

STORE_CLASSES = {kind.__name__ for kind in Stores.__annotations__.values()}
MOST_FILES = 30
"""Python files that one folder may show, `__init__.py` not counted."""
PACKAGES = {"chalicelib", "chalicelib.services", "chalicelib.handlers"}
FILES = [path for path in sorted(LIBRARY.rglob("*.py")) if path.name != "__init__.py"]
TEMPLATES = [path for path in sorted((LIBRARY / "templates").rglob("*")) if path.is_file()]
PYTHON = [
    path
    for folder in ("chalicelib", "guichet", "infrastructure", "local", "tools", "bench", "deployment")
    for path in (ROOT / folder).rglob("*.py")
]
TESTS = list((ROOT / "tests").rglob("*.py"))
READ_BY_PYTEST = {"bench", "chalicelib", "deployment", "guichet", "infrastructure", "local", "tests", "tools"}
NEED_MORE = {
    *("bench.mailing", "bench.memory_cloud", "bench.month", "bench.pdf"),
    *("tools.coverage_floors", "tools.make_screenshots", "tests.payment.test_oracle"),
}
"""Modules that import, themselves or through another, what only the development requirements bring."""


def name_of(path):
    return str(path.relative_to(ROOT))


def room(path):
    """The room of a file of chalicelib: « domain », « services/billing », « clock »."""
    return room_of(path.relative_to(LIBRARY).with_suffix("").parts)


def room_of(parts):
    return "/".join(parts[:2]) if "/".join(parts[:2]) in MAY_IMPORT else parts[0]


def imports(path):
    return imported(ast.walk(ast.parse(path.read_text())))


def imported(nodes):
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module in PACKAGES:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_rooms_import_only_what_they_may(path):
    allowed = MAY_IMPORT[room(path)]
    ours = {room_of(name.split(".")[1:]) for name in imports(path) if name.startswith("chalicelib.")}
    assert allowed is None or ours <= allowed, ours - allowed


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_guests_stay_in_their_room(path):
    for name in imports(path):
        allowed = GUESTS.get(name.split(".")[0])
        assert allowed is None or room(path) in allowed, name


def test_plain_pytest_reads_every_test_with_the_running_requirements_alone():
    """`pip install -r requirements.txt && pytest`: whatever needs more says so and is skipped, each test by itself."""
    required = {distribution(found) for found in re.findall(r"^[\w.-]+", (ROOT / "requirements.txt").read_text(), re.M)}
    brought = packages_distributions()
    known = READ_BY_PYTEST | {"app"} | set(sys.stdlib_module_names)
    known |= {module for module, sources in brought.items() if required & {distribution(one) for one in sources}}
    lacking = {
        module
        for module, names in read_first().items()
        if names & NEED_MORE or {name.split(".")[0] for name in names} - known
    }
    assert lacking <= NEED_MORE, lacking - NEED_MORE


def read_first():
    """What each module imports as soon as it is read."""
    files = [path for folder in READ_BY_PYTEST for path in (ROOT / folder).rglob("*.py")]
    return {name_of(path)[:-3].replace("/", "."): set(imported(ast.parse(path.read_text()).body)) for path in files}


def distribution(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def test_no_folder_shows_more_files_than_one_can_read():
    folders = Counter(str(path.parent.relative_to(ROOT)) for path in PYTHON + TESTS if path.name != "__init__.py")
    assert [folder for folder, files in folders.items() if files > MOST_FILES] == []


def test_services_are_given_their_stores_and_build_none():
    built = [
        (name_of(path), node.func.id)
        for path in FILES
        if room(path).startswith("services/")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in STORE_CLASSES
    ]
    assert built == []


def test_a_conditional_write_is_tried_again_by_one_function_only():
    counted = re.compile(r"for _ in range\(\w*(ROUNDS|TRIES)\b|for \w+ in range\(most")
    assert [name_of(path) for path in FILES if counted.search(path.read_text())] == ["chalicelib/store/retry.py"]


@pytest.mark.parametrize("path", [*PYTHON, *TESTS], ids=name_of)
def test_the_words_are_those_of_the_glossary(path):
    spoken = NOT_OUR_WORDS.findall(path.read_text()) if path != Path(__file__) else []
    assert not spoken, f"{spoken}: docs/glossary.md says the word to use"


def test_nobody_imports_the_front_door():
    assert not [name_of(path) for path in FILES if "app" in set(imports(path))]


def test_only_the_clock_asks_what_time_it_is():
    asking = re.compile(r"datetime\.now|date\.today|time\.time\(|utcnow")
    assert [name_of(path) for path in FILES if asking.search(path.read_text())] == ["chalicelib/clock.py"]


def test_no_float_near_money():
    for path in FILES:
        if room(path) in ("domain", "payment", "importing"):
            assert "float(" not in path.read_text(), name_of(path)


def test_no_town_is_named_but_in_its_own_file():
    """Whatever else names a desk or a town takes it from the town's file."""
    first = re.compile("Guichet unique|Saint-Aubin", re.IGNORECASE)
    told = {path: sayings(path) for path in FILES} | {path: [path.read_text()] for path in TEMPLATES}
    named = [(name_of(path), said) for path, all_said in told.items() for said in all_said if first.search(said)]
    assert named == [("chalicelib/stage_settings.py", "saint-aubin-les-pins")], (
        "which file is read when nothing is chosen"
    )


def sayings(path):
    """The texts in a module that are not about it."""
    tree = ast.parse(path.read_text())
    about = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    described = {
        id(keyword.value) for node in ast.walk(tree) if isinstance(node, ast.Call) for keyword in node.keywords
        if keyword.arg == "description"
    }  # fmt: skip
    texts = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return [node.value for node in texts if id(node) not in about | described]


@pytest.mark.parametrize("path", PYTHON, ids=name_of)
def test_every_module_says_what_it_is_for_and_stays_small(path):
    text = path.read_text()
    assert not text.strip() or ast.get_docstring(ast.parse(text)), "opens without saying what it is for"
    assert text.count("\n") <= 250
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert node.end_lineno - node.lineno < 40, f"{node.name} is long"
