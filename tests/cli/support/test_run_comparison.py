"""`invitelab compare` and `report` of stored simulations, and files of other kinds."""

import json
import math
import operator
import re
import signal
from collections.abc import Callable, Mapping
from functools import reduce
from pathlib import Path

import jsonschema
import pytest
from pydantic import ValidationError

from invitelab.cli import main
from invitelab.cli.support import redraw, run_comparison
from invitelab.cli.support.redraw import read_results
from invitelab.errors import ExitCode, UsageError
from invitelab.formats import reading
from invitelab.formats.results import Results
from invitelab.formats.several_results import Comparison
from invitelab.study.run import simulate
from invitelab.study.sweep import Setting, sweep
from invitelab.world.scenario.file import Loaded, loads

HINT = "  hint: name a folder that invitelab simulate has written, or its results.json"
A_CHECK = "  hint: invitelab diff compares two checks"

Store = Callable[[str, str], Path]


@pytest.fixture(scope="module")
def runs(tiny: str) -> Mapping[str, str]:
    """Documents of simulations with a fast and a slow relay, and of a sweep."""

    def loaded(mean: str) -> Loaded:
        return loads(tiny, {"relay.service.mean": mean})

    points = [Setting(text="fast", value="fast", loaded=loaded("1ms"))]
    return {
        "fast": simulate(loaded("1ms"), replications=6).model_dump_json(),
        "slow": simulate(loaded("100ms"), replications=6).model_dump_json(),
        "other": simulate(loaded("1ms"), seed=9).model_dump_json(),
        "sweep": sweep("relay.service.mean", points).model_dump_json(),
    }


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Write a document into a temporary folder, which is the current one."""
    monkeypatch.chdir(tmp_path)

    def write(path: str, text: str) -> Path:
        file = tmp_path / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    return write


# Comparing


def test_two_runs_are_compared_and_nothing_is_written(
    runs: Mapping[str, str], store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    """Overrides, differences and a conclusion; runs are named by folder or file."""
    store("a/results.json", runs["fast"])
    file = store("b/results.json", runs["slow"])
    assert ExitCode.CONFORMANT == main(["compare", "a", "b/results.json"])
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert "a and b" == lines[0]
    assert "  relay.service.mean: 1ms -> 100ms" in lines
    assert "notify delay p50" in lines[-1]
    assert ("", [file]) == (err, list(file.parent.iterdir()))


def test_a_comparison_is_written_to_the_given_folder(
    runs: Mapping[str, str], store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    """With a report of its own."""
    store("a/results.json", runs["fast"])
    store("b/results.json", runs["other"])
    assert ExitCode.CONFORMANT == main(["compare", "a", "b", "-q", "--output", "c"])
    found = Comparison.model_validate_json(Path("c/comparison.json").read_bytes())
    assert (3, 9, False) == (found.seed_a, found.seed_b, found.paired)
    assert {"report.html", "report.md", "provenance.json"} <= {
        path.name for path in Path("c").iterdir()
    }
    assert 1 == len(capsys.readouterr().out.splitlines())


@pytest.mark.parametrize(
    ("gates", "code", "last"),
    [
        (["notify_delay p50 +10%"], 1, "FAILED - 1 of 1 gate fails"),
        (["notify_delay p50 +10min"], 0, "PASSED - 1 of 1 gate holds"),
        (["notify_delay p99 +10%"], 4, "UNDECIDED - 1 of 1 gate undecided"),
        (["notify_delay p99 +10%", "missed"], 4, "UNDECIDED - 1 of 2 gates"),
        (["notify_delay p50 +10%", "notify_delay p99 +1%"], 1, "FAILED - 1 of 2"),
        (["missed"], 0, "PASSED - 1 of 1 gate holds"),
    ],
)
def test_gates_decide_the_exit_code(
    runs: Mapping[str, str],
    store: Store,
    capsys: pytest.CaptureFixture[str],
    *,
    gates: list[str],
    code: int,
    last: str,
) -> None:
    """1 where one fails, else 4 where one is undecided; there are too few for a p99."""
    store("a/results.json", runs["fast"])
    store("b/results.json", runs["slow"])
    words = [word for gate in gates for word in ("--fail-if", gate)]
    assert code == main(["compare", "a", "b", "-q", *words])
    assert capsys.readouterr().out.splitlines()[-1].startswith(last)


def test_a_gate_that_is_none_is_told_before_anything_is_read(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """In one sentence with a hint."""
    assert 2 == main(["compare", "none", "none", "--fail-if", "notify p99 10%"])
    sentence, hint = capsys.readouterr().err.splitlines()
    assert sentence.startswith("invitelab: --fail-if 'notify p99 10%' has to be")
    assert hint.startswith("  hint: a gate is a figure and a change")


@pytest.mark.parametrize(
    ("name", "sentence", "hint"),
    [
        ("run.jsonl", "b holds a conformance run, not", A_CHECK),
        ("sweep.json", "b holds a sweep, not", HINT),
        ("comparison.json", "b holds a comparison, not", HINT),
        ("proof.json", "b holds a proof, not", HINT),
        ("report.html", "b holds no results.json", HINT),
    ],
)
def test_a_folder_of_another_kind_is_refused(
    runs: Mapping[str, str],
    store: Store,
    capsys: pytest.CaptureFixture[str],
    *,
    name: str,
    sentence: str,
    hint: str,
) -> None:
    """The message names the document that the folder holds."""
    store("a/results.json", runs["fast"])
    store(f"b/{name}", "{}")
    assert ExitCode.USAGE == main(["compare", "a", "b"])
    if sentence.endswith("not"):
        sentence = f"{sentence} the results of a simulation"
    assert [f"invitelab: {sentence}", hint] == capsys.readouterr().err.splitlines()


def test_a_byte_order_mark_is_refused(
    runs: Mapping[str, str], store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    """As in every other document."""
    store("a/results.json", f"\N{ZERO WIDTH NO-BREAK SPACE}{runs['fast']}")
    assert ExitCode.USAGE == main(["report", "a"])
    first = capsys.readouterr().err.splitlines()[0]
    assert "invitelab: a/results.json begins with a byte order mark (BOM)" == first


def damaged(text: str, key: str) -> str:
    """The document with another value at a key."""
    return json.dumps({**json.loads(text), key: "x"})


@pytest.mark.parametrize(
    ("reason", "content"),
    [
        ("is not JSON, or was cut off", b'{"format": 1, "title": "Har'),
        ("is not JSON, or was cut off", b""),
        ("is not JSON, or was cut off", b"\xff"),
        (
            "holds a conformance run, not the results of a simulation",
            b'{"record": "header"}\n{"record": "footer"}\n',
        ),
        ("is JSON, but not the results of a simulation", b"[1, 2]"),
        ("is JSON, but not the results of a simulation", b"{}"),
        ("is JSON, but not the results of a simulation", b"3"),
        (
            (
                "was written by a newer invitelab: its format is 4, "
                "and this version reads 3"
            ),
            b'{"format": 4}',
        ),
        (
            "holds a sweep, not the results of a simulation",
            b'{"format": 1, "points": []}',
        ),
        (
            "holds a comparison, not the results of a simulation",
            b'{"format": 1, "differences": []}',
        ),
    ],
    ids=range(10),
)
def test_a_file_of_another_kind_is_refused(
    store: Store, capsys: pytest.CaptureFixture[str], reason: str, content: bytes
) -> None:
    """In one sentence, whatever it holds."""
    store("a.json", "").write_bytes(content)
    assert ExitCode.USAGE == main(["compare", "a.json", "a.json"])
    out, err = capsys.readouterr()
    assert ("", [f"invitelab: a.json {reason}", HINT]) == (out, err.splitlines())


@pytest.mark.parametrize(
    ("reason", "key"),
    [
        ("seed input should be a valid integer", "seed"),
        ("extra extra inputs are not permitted", "extra"),
    ],
)
def test_a_damaged_file_is_refused(
    runs: Mapping[str, str],
    store: Store,
    capsys: pytest.CaptureFixture[str],
    reason: str,
    key: str,
) -> None:
    """The message names the place."""
    store("a.json", damaged(runs["fast"], key))
    assert ExitCode.USAGE == main(["compare", "a.json", "a.json"])
    first, hint = capsys.readouterr().err.splitlines()
    assert first.startswith(f"invitelab: a.json is damaged: {reason}")
    assert HINT == hint


NUMBER = re.compile(r"(?<=[:\[])-?[0-9][0-9.e+-]*(?=[,\]}])")
OVERFLOWING = ("-1e300", "1e300", "1" + "0" * 400, "-1" + "0" * 30)


def test_no_number_can_overflow(runs: Mapping[str, str]) -> None:
    """A huge number anywhere is refused before anything is drawn."""
    text = runs["fast"]
    start, end = text.index('"scenario_digest"'), len(text)
    places = [one.span() for one in NUMBER.finditer(text, start, end)]
    for begin, stop in places[:: len(places) // 150 + 1]:
        for huge in OVERFLOWING:
            with pytest.raises(ValidationError):
                Results.model_validate_json(text[:begin] + huge + text[stop:])


@pytest.mark.parametrize(
    ("reason", "keys", "value"),
    [
        ("duration_us input should be greater", ["duration_us"], 0),
        ("window_us input should be greater", ["window_us"], -5),
        ("outcomes.accepted input should be greater", ["outcomes", "accepted"], -1),
        ("windows.0.offered input should be greater", ["windows", 0, "offered"], -1.0),
        ("windows.0.pending input should be less", ["windows", 0, "pending"], 1e300),
        ("windows.0.pending input should be a", ["windows", 0, "pending"], math.nan),
        ("pools.0.servers input should be greater", ["pools", 0, "servers"], 0),
        ("messages.offer input should be greater", ["messages", "offer"], -3),
        (
            "distributions.0.bins.0 a bin ends after it begins",
            ["distributions", 0, "bins", 0, "lower"],
            10**12,
        ),
        (
            "distributions.0 the samples are as many as those of all bins",
            ["distributions", 0, "count"],
            7,
        ),
        (
            "distributions.0 the bins are in order and do not overlap",
            ["distributions", 0, "bins", 0, "upper"],
            10**12,
        ),
        (
            "distributions.0 the points of the curve are in order",
            ["distributions", 0, "curve", 0, "probability"],
            0.7,
        ),
        (
            "pending_mean an interval begins at its lower end",
            ["pending_mean", "low"],
            10**12,
        ),
        (
            "outcome_shares.accepted a share and its interval lie between 0 and 1",
            ["outcome_shares", "accepted", "high"],
            5.0,
        ),
        (
            "outcome_shares.accepted a share and its interval lie between 0 and 1",
            ["outcome_shares", "accepted", "low"],
            -1.0,
        ),
        (
            "pools.0.utilisation a share and its interval lie between 0 and 1",
            ["pools", 0, "utilisation", "high"],
            5.0,
        ),
        (
            "windows.0.relay_utilisation input should be less",
            ["windows", 0, "relay_utilisation"],
            7.5,
        ),
        (
            "pools.0.wait_us a time or a number, and its interval, is not negative",
            ["pools", 0, "wait_us", "low"],
            -1.0,
        ),
        (
            "pending_mean a time or a number, and its interval, is not negative",
            ["pending_mean", "low"],
            -1.0,
        ),
        (
            "pending_mean a mean lies in its own interval",
            ["pending_mean", "mean"],
            10**12,
        ),
        ("pending_mean an interval has two ends", ["pending_mean", "low"], None),
        (
            "distributions.0 a time or a number, and its interval, is not negative",
            ["distributions", 0, "minimum_us"],
            -1,
        ),
        (
            "distributions.0 a time or a number, and its interval, is not negative",
            ["distributions", 0, "mean_us", "low"],
            -1.0,
        ),
        (
            "distributions.0 the values of the curve do not fall",
            ["distributions", 0, "curve", 0, "value"],
            {"mean": 10**12},
        ),
        (
            "distributions.0 means and quantiles lie between the samples' ends",
            ["distributions", 0, "maximum_us"],
            1,
        ),
        (
            "distributions.0 the negative samples are some of all samples",
            ["distributions", 0, "negative"],
            10**12,
        ),
        ("objectives.0.bound input should be greater", ["objectives", 0, "bound"], -1),
        (
            "objectives.0 the estimate does not say",
            ["objectives", 0, "estimate"],
            {"mean": 10**12},
        ),
        (
            "objectives.0 what has no figure is not met",
            ["objectives", 0, "estimate"],
            None,
        ),
        (
            "the document the replications add up to another number of accepted",
            ["outcomes", "accepted"],
            0,
        ),
        (
            "the document the replications add up to another number of accepted",
            ["replications", 0, "outcomes", "accepted"],
            100_000,
        ),
        (
            "the document the replications add up to another number of attempts",
            ["attempts"],
            0,
        ),
        (
            "the document no more is sent, refused or emailed than was attempted",
            ["emailed"],
            10**12,
        ),
        (
            "the document the pairs of versions add up to all that was attempted",
            ["versions", 0, "direct"],
            1,
        ),
        (
            "the document the pairs of versions add up to all that was attempted",
            ["versions"],
            [],
        ),
        (
            "the document the reasons of refusals add up to all that was refused",
            ["refusals", "made up"],
            1,
        ),
        (
            "the document the silent replications are some of all",
            ["objectives", 0, "silent"],
            1_000,
        ),
        (
            "the document the peak of pending is that of a replication",
            ["pending_peak"],
            10**12,
        ),
        ("replications_planned input should be", ["replications_planned"], 0),
        ("lifetime_us input should be greater", ["lifetime_us"], 1),
        ("lifetime_us input should be less", ["lifetime_us"], 10**12),
        ("window_us input should be greater", ["window_us"], 5),
        ("windows tuple should have at least 1 item", ["windows"], []),
        ("the document a simulation has at least one relay pool", ["pools"], []),
        ("replications tuple should have at least 1 item", ["replications"], []),
        (
            "traces.0.moments.0.at_us input should be greater",
            ["traces", 0, "moments", 0, "at_us"],
            -1,
        ),
        ("the document the windows are in order", ["windows", 1, "at_us"], 1),
        ("the document the warm-up is shorter", ["warm_up_us"], 10**12),
    ],
)
def test_an_impossible_number_is_refused(
    runs: Mapping[str, str],
    store: Store,
    reason: str,
    keys: list[str | int],
    value: object,
) -> None:
    """One sentence names its place, and nothing is drawn."""
    document = json.loads(runs["fast"])
    *path, last = keys
    reduce(operator.getitem, path, document)[last] = value
    with pytest.raises(UsageError, match=f"a.json is damaged: {re.escape(reason)}"):
        read_results(store("a.json", json.dumps(document)))


def test_a_file_that_is_too_large_is_not_read(
    runs: Mapping[str, str],
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The message names the limit."""
    monkeypatch.setattr(reading, "MOST_BYTES", 1_000)
    store("a.json", runs["fast"])
    assert ExitCode.USAGE == main(["compare", "a.json", "a.json"])
    assert "and at most 0.001 MB are read" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_refused_first(
    runs: Mapping[str, str], store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    """Here a file has its name."""
    store("a.json", runs["fast"])
    words = ["compare", "a.json", "a.json", "--output", "a.json/below"]
    assert ExitCode.USAGE == main(words)
    assert "a.json/below cannot be written" in capsys.readouterr().err


# Drawing again


def test_a_report_is_redrawn_from_its_results(
    runs: Mapping[str, str], store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    """Results and provenance are kept."""
    file = store("a/results.json", runs["fast"])
    store("a/provenance.json", '{"command": "invitelab simulate tiny"}')
    assert ExitCode.CONFORMANT == main(["report", "a"])
    assert "report   a/report.html\n" == capsys.readouterr().out
    again = Results.model_validate_json(file.read_bytes())
    assert Results.model_validate_json(runs["fast"]) == again
    facts = json.loads((file.parent / "provenance.json").read_text("utf-8"))
    assert {"command": "invitelab simulate tiny"} == facts
    assert (file.parent / "charts").is_dir()


@pytest.mark.parametrize("path", ["c", "c/comparison.json"])
def test_a_comparison_is_redrawn(
    store: Store, runs: Mapping[str, str], path: str
) -> None:
    """All of its files, to the byte."""
    store("a/results.json", runs["fast"])
    store("b/results.json", runs["slow"])
    assert ExitCode.CONFORMANT == main(["compare", "a", "b", "--output", "c"])
    files = [one for one in Path("c").rglob("*") if one.is_file()]
    before = {one: one.read_bytes() for one in files}
    for one in files:
        if one.name not in {"comparison.json", "provenance.json"}:
            one.unlink()
    assert ExitCode.CONFORMANT == main(["report", path])
    assert before == {one: one.read_bytes() for one in files}


def test_a_sweep_is_redrawn(
    runs: Mapping[str, str], store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    """Named by its file; lost provenance is replaced."""
    file = store("s/sweep.json", runs["sweep"])
    store("s/provenance.json", "[]")
    assert ExitCode.CONFORMANT == main(["report", "s/sweep.json"])
    assert "report   s/report.html\n" == capsys.readouterr().out
    facts = json.loads((file.parent / "provenance.json").read_text("utf-8"))
    assert "platform" in facts


@pytest.mark.parametrize(
    ("name", "run"), [("results.json", "fast"), ("sweep.json", "sweep")]
)
def test_a_folder_that_cannot_be_written_has_a_hint_that_works(
    runs: Mapping[str, str],
    store: Store,
    capsys: pytest.CaptureFixture[str],
    *,
    name: str,
    run: str,
) -> None:
    """No `--output`, which is refused for these reports."""
    folder = store(f"a/{name}", runs[run]).parent
    (folder / "report.html").mkdir()
    assert ExitCode.USAGE == main(["report", "a"])
    sentence, hint = capsys.readouterr().err.splitlines()
    assert sentence.startswith("invitelab: a/report.html is a folder")
    assert hint.startswith("  hint: the report is written next to its data: ")
    assert "--output" not in hint


@pytest.mark.parametrize("words", [["report", "a"], ["compare", "a", "a"]])
def test_a_signal_ends_it_with_a_code(
    runs: Mapping[str, str],
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    unheard: list[int],
    words: list[str],
) -> None:
    """That of an interrupt, and not the raw number of the signal."""
    store("a/results.json", runs["fast"])
    for module in (redraw, run_comparison):
        monkeypatch.setattr(module, "read_results", terminate)
    assert ExitCode.INTERRUPTED == main(words)
    assert [] == unheard


def terminate(*_words: object, **_options: object) -> None:
    """Receive the signal of a system that shuts down."""
    signal.raise_signal(signal.SIGTERM)


# The schema


def test_results_fit_their_published_schema(
    runs: Mapping[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """An independent validator accepts them, and rejects a damaged document."""
    assert ExitCode.CONFORMANT == main(["schema", "results"])
    validator = jsonschema.Draft202012Validator(json.loads(capsys.readouterr().out))
    fine, bad = json.loads(runs["fast"]), json.loads(damaged(runs["fast"], "seed"))
    validator.validate(fine)  # pyright: ignore[reportUnknownMemberType]  # its stubs
    with pytest.raises(jsonschema.ValidationError):
        validator.validate(bad)  # pyright: ignore[reportUnknownMemberType]  # as above


def test_a_measurement_lies_beside_its_simulation(
    runs: Mapping[str, str], store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    """With curves in place of differences, and named by what was measured."""
    measured = json.loads(runs["fast"]) | {
        "source": "target",
        "subject": "acme 2.3.1",
        "summary": "",
        "messages": {},
        "pools": [],
        "flow": None,
    }
    model = store("model/results.json", runs["fast"])
    live = store("live/results.json", json.dumps(measured))
    words = ["compare", str(model.parent), str(live.parent), "--output", "both"]
    assert 0 == main(words)
    out = capsys.readouterr().out
    assert "scenario and acme 2.3.1" == out.splitlines()[0]
    assert "Measured: acme 2.3.1." in out
    assert "calibration" in out
    assert "The model explains the notify delay" in out.splitlines()[-1]
    found = Comparison.model_validate_json(Path("both/comparison.json").read_bytes())
    assert found.beside is not None
    assert () == found.differences
    assert Path("both/charts/overlay.svg").exists()
