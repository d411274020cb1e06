"""The suite on the newest Python; the oldest one runs it in `make test`."""

import importlib.util

import nox

nox.options.error_on_missing_interpreters = True
nox.options.default_venv_backend = "uv"

NEWEST = "3.13"
"""Coverage is measured here: before 3.12 it takes as much time as the tests."""

MARKS = ("-m", "not slow and not timing")


def install(session: nox.Session, **variables: str) -> None:
    """Install the pinned versions, and the project itself as it stands."""
    session.install("--require-hashes", "-r", "requirements-dev.txt")
    session.install("--no-deps", "--no-build-isolation", "-e", ".", env=variables)


def compiled_modules() -> list[str]:
    """The modules that hatch_build.py compiles, as coverage omits them."""
    spec = importlib.util.spec_from_file_location("build", "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    build = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(build)
    return [f"model/invitelab/{module}" for module in build.COMPILED]


def run_covered(session: nox.Session, *report: str) -> None:
    """Run the default suite, and fail if too little of it was run."""
    session.run("coverage", "erase")
    session.run("coverage", "run", "-m", "pytest", "-q", *MARKS, *session.posargs)
    session.run("coverage", "combine", "-q")
    session.run("coverage", "report", *report)


@nox.session(python=NEWEST)
def tests(session: nox.Session) -> None:
    """Run the default suite with coverage."""
    install(session)
    run_covered(session)


@nox.session(python=NEWEST)
def compiled(session: nox.Session) -> None:
    """Run the default suite with the core compiled, and coverage of the rest."""
    install(session, INVITELAB_COMPILE="1", MYPYC_OPT_LEVEL="0")
    said = session.run("invitelab", "--version", silent=True)
    if "compiled" not in str(said):
        session.error(f"the core is not compiled: {said}")
    run_covered(session, f"--omit={','.join(compiled_modules())}")
