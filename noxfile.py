"""The suite on the newer Pythons; the oldest one runs it in `make test`."""

import nox

nox.options.error_on_missing_interpreters = True


@nox.session(python=["3.12", "3.13"])
def tests(session: nox.Session) -> None:
    """Run the default suite with the pinned versions."""
    session.install("--require-hashes", "-r", "requirements-dev.txt")
    session.install("--no-deps", "--no-build-isolation", "-e", ".")
    session.run("pytest", *session.posargs)
