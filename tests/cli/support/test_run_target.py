"""`invitelab simulate --target`: reports, exit codes and wrong input."""

import json
import sys
from pathlib import Path

import pytest

from invitelab.cli import main
from invitelab.errors import ExitCode

SCENARIO = """\
title = "A small office"
duration = "20s"
seed = 11
replications = 1
[population]
clients = 200
versions = { "7.1.4" = 0.8, "6.3.2" = 0.2 }
[arrivals]
kind = "poisson"
rate = "2/s"
[people]
answer = { accept = 0.5, reject = 0.25, ignore = 0.25 }
think = { distribution = "lognormal", median = "9s", sigma = 0.9 }
[network]
latency = { distribution = "constant", value = "1ms" }
[relay]
servers = 1
service = { distribution = "constant", value = "1ms" }
[[objectives]]
metric = "expiry_lag"
statistic = "max"
at_most = "1ms"
[[objectives]]
metric = "relay_utilisation"
at_most = 0.5
"""
MUTANT = "py:invitelab.proof.mutants:popup_in_another_corner"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small scenario, in a folder of its own that is the current one."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "office.toml"
    path.write_text(SCENARIO)
    return path


def simulate(*words: str) -> int:
    """Run `invitelab simulate office.toml` with these words."""
    return main(["simulate", "office.toml", "--output", "out", *words])


@pytest.mark.usefixtures("office")
def test_the_reference_is_met(capsys: pytest.CaptureFixture[str]) -> None:
    """With what was judged, and how it went beside the reference."""
    assert simulate("--target", "reference") == ExitCode.CONFORMANT
    out = " ".join(capsys.readouterr().out.split())
    assert "measured: invitelab reference" in out
    assert "no required clause was broken" in out
    assert "as with the reference" in out
    assert "MET - 1 of 1 objective met, 1 not applicable" in out
    results = json.loads(Path("out/results.json").read_text())
    assert results["source"] == "target"
    assert (
        results["target"]["beside"]["equal"] == results["target"]["beside"]["attempts"]
    )
    assert "population.room" not in results["arguments"]
    for name in ("report.html", "report.md"):
        text = Path("out", name).read_text()
        assert "no required clause was broken" in text


@pytest.mark.usefixtures("office")
def test_a_report_is_drawn_again_from_its_results() -> None:
    """`invitelab report` needs no target."""
    assert simulate("-q", "--target", "reference") == ExitCode.CONFORMANT
    before = Path("out/report.html").read_bytes()
    Path("out/report.html").unlink()
    assert main(["report", "out"]) == ExitCode.CONFORMANT
    assert Path("out/report.html").read_bytes() == before


@pytest.mark.usefixtures("office")
def test_a_defect_ends_with_1(capsys: pytest.CaptureFixture[str]) -> None:
    """With the clause, and a scenario that fails alone."""
    assert simulate("--target", MUTANT) == ExitCode.NON_CONFORMANT
    out = " ".join(capsys.readouterr().out.split())
    assert "NON-CONFORMANT - breaks NOTIFY-2" in out
    assert "saw no pop-up in the bottom-right corner" in out
    text = Path("out/report.md").read_text()
    assert "@NOTIFY-2" in text
    assert "Then Ben sees the invitation from Ada as a pop-up" in text


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--engine", "cohorts"), "--engine is about simulations"),
        (("--workers", "2"), "--workers is about simulations"),
        (("--replications", "3"), "a target plays a scenario once, not 3 times"),
        (("--connections", "2"), "connections in parallel are for real clocks"),
        (
            ("--set", "population.versions={'6.3.2'=1.0}"),
            "nobody in this scenario can invite directly",
        ),
    ],
)
def test_what_does_not_go_together(
    words: tuple[str, ...], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence and a hint, before anything is played."""
    assert simulate("--target", "reference", *words) == ExitCode.USAGE
    err = capsys.readouterr().err
    assert sentence in err
    assert "hint:" in err


@pytest.mark.usefixtures("office")
def test_options_of_a_target_need_one(capsys: pytest.CaptureFixture[str]) -> None:
    """They would do nothing."""
    assert simulate("--thorough") == ExitCode.USAGE
    assert "--thorough needs a --target" in capsys.readouterr().err
    assert simulate("--connections", "3") == ExitCode.USAGE
    assert "--connections needs a --target" in capsys.readouterr().err


DYING = """\
from invitelab.adapters.reference.adapter import Reference


class Dying(Reference):
    sent = 0

    def request(self, method, params):
        if method == "initialize":
            self._scenarios.clear()
        if method == "invitation.send":
            self.sent += 1
            if self.sent {when}:
                raise SystemExit("out of memory")
        return super().request(method, params)
"""


@pytest.fixture
def dying(
    request: pytest.FixtureRequest, office: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    """A target that dies at some of its sends."""
    name = f"dying_{'once' if '==' in request.param else 'always'}"
    office.with_name(f"{name}.py").write_text(DYING.format(when=request.param))
    monkeypatch.setattr(sys, "path", [str(office.parent), *sys.path])
    return f"py:{name}:Dying"


@pytest.mark.parametrize(
    ("dying", "sentence", "headline"),
    [
        ("== 20", "invitations were lost with the target", "INVALID"),
        (">= 2", "the target has ended 11 times", "INCOMPLETE"),
    ],
    indirect=["dying"],
)
def test_a_target_that_was_lost_ends_with_3(
    dying: str, sentence: str, headline: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence, and a report of what was measured before."""
    assert simulate("--target", dying) == ExitCode.INVALID
    told = capsys.readouterr()
    assert "invitelab: the run is INVALID: " in told.err
    assert sentence in told.err
    assert headline in told.out
    results = json.loads(Path("out/results.json").read_text())
    assert results["attempts"] >= 20
    assert f"**{headline}" in Path("out/report.md").read_text()
