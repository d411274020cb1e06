"""The suite on the newer Pythons; the oldest one runs it in `make test`.

The gate runs the newest one alone: on all of them it took a third of its time.
"""

import nox

nox.options.error_on_missing_interpreters = True

COVERED = "3.13"
"""The version on which coverage is measured, in the same run."""


@nox.session(python=["3.12", COVERED])
def tests(session: nox.Session) -> None:
    """Run the default suite with the pinned versions."""
    session.install("--require-hashes", "-r", "requirements-dev.txt")
    session.install("--no-deps", "--no-build-isolation", "-e", ".")
    if session.python != COVERED:
        session.run("pytest", *session.posargs)
        return
    marks = ("-m", "not slow and not timing")
    session.run("coverage", "erase")
    session.run("coverage", "run", "-m", "pytest", "-q", *marks, *session.posargs)
    session.run("coverage", "combine", "-q")
    session.run("coverage", "report")
