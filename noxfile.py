"""The suite on the newer Pythons; the oldest one runs it in `make test`."""

import nox

nox.options.error_on_missing_interpreters = True
nox.options.default_venv_backend = "uv"

COVERED = "3.13"
"""The newest version, on which coverage is measured in the same run."""

COMPILED = "3.12"
"""The version on which the compiled build runs the suite (hatch_build.py)."""

MARKS = ("-m", "not slow and not timing")


def install(session: nox.Session, **variables: str) -> None:
    """Install the pinned versions, and the project itself as it stands."""
    session.install("--require-hashes", "-r", "requirements-dev.txt")
    session.install("--no-deps", "--no-build-isolation", "-e", ".", env=variables)


@nox.session(python=COVERED)
def tests(session: nox.Session) -> None:
    """Run the default suite with coverage."""
    install(session)
    session.run("coverage", "erase")
    session.run("coverage", "run", "-m", "pytest", "-q", *MARKS, *session.posargs)
    session.run("coverage", "combine", "-q")
    session.run("coverage", "report")


@nox.session(python=COMPILED)
def compiled(session: nox.Session) -> None:
    """Run the default suite with the core compiled by mypyc."""
    install(session, INVITELAB_COMPILE="1", MYPYC_OPT_LEVEL="0")
    said = session.run("invitelab", "--version", silent=True)
    if "compiled" not in str(said):
        session.error(f"the core is not compiled: {said}")
    session.run("pytest", "-q", *MARKS, *session.posargs)
