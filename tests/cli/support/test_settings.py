"""Options from the environment and from a file: the order, and every mistake."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import click
import pytest

from invitelab.cli import commands, main
from invitelab.cli.support.settings import name_variables, options_of, read_settings

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Write a pyproject.toml above the working folder, which is empty."""
    below = tmp_path / "project" / "below"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)

    def put(text: str) -> Path:
        path = tmp_path / "project" / "pyproject.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return put


def seen(words: list[str]) -> Mapping[str, object]:
    """Run a command of a group like ours; the options that it gets."""
    found: dict[str, object] = {}

    @click.group()
    @click.pass_context
    def group(ctx: click.Context) -> None:
        ctx.default_map = read_settings(group)

    @group.command()
    @click.option("--seed", default="0")
    @click.option("--clause", "clauses", multiple=True)
    @click.option("-x", "stop_early", is_flag=True)
    @click.option("--output", type=click.Path(path_type=Path))
    def check(**options: object) -> None:
        found.update(options)

    @group.command()
    @click.option("--seed", default="0")
    def walk(**options: object) -> None:
        found.update(options)

    name_variables(group)
    group.main(words, prog_name="invitelab", standalone_mode=False)
    return found


STEPS = (
    ("default", "0"),
    ("[tool.invitelab]", "1"),
    ("[tool.invitelab.check]", "2"),
    ("INVITELAB_SEED", "3"),
    ("INVITELAB_CHECK_SEED", "4"),
    ("--seed", "5"),
)


@pytest.mark.parametrize("number", range(len(STEPS)), ids=[name for name, _ in STEPS])
def test_each_place_comes_before_those_below_it(
    number: int, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With all of the lower ones present."""
    words, text = ["check"], ""
    for name, value in STEPS[1 : number + 1]:
        if name.startswith("["):
            text += f"{name}\nseed = {value}\n"
        elif name.startswith("-"):
            words += [name, value]
        else:
            monkeypatch.setenv(name, value)
    write(text)
    assert STEPS[number][1] == seen(words)["seed"]


def test_a_table_of_one_command_is_not_for_another(write: Write) -> None:
    """Nor is its variable."""
    write("[tool.invitelab.check]\nseed = 7\n")
    assert "0" == seen(["walk"])["seed"]


def test_names_are_those_of_the_options(write: Write) -> None:
    """Short ones have a word; underscores and dashes are the same."""
    write(
        '[tool.invitelab.check]\nclause = ["A-1", "A-2"]\nstop_early = true\n'
        'output = "out"\n'
    )
    found = seen(["check"])
    assert (("A-1", "A-2"), True) == (found["clauses"], found["stop_early"])


def test_a_path_is_relative_to_the_file(write: Write) -> None:
    """Wherever below the command is given."""
    path = write('[tool.invitelab.check]\noutput = "out"\n')
    output = seen(["check"])["output"]
    assert isinstance(output, Path)
    assert path.parent / "out" == output.resolve()


def test_the_nearest_file_with_the_table_counts(write: Write) -> None:
    """Another project's file in between is passed over."""
    write("[tool.invitelab]\nseed = 7\n")
    Path("pyproject.toml").write_text('[project]\nname = "invitelab-x"\n', "utf-8")
    assert "7" == seen(["check"])["seed"]
    Path("pyproject.toml").write_text("[tool.invitelab]\nseed = 8\n", "utf-8")
    assert "8" == seen(["check"])["seed"]


def test_every_mistake_is_told_with_its_place(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    """Unknown keys and wrong values, with file and key, and nothing is run."""
    write(
        "[tool.invitelab]\n"
        "sed = 1\n"
        "[tool.invitelab.check]\n"
        "repeat = 500\n"
        'quiet = "yes"\n'
        "clauses = []\n"
        "seed = [1]\n"
        'depth = "deeper"\n'
        "[tool.invitelab.simulate]\n"
        "scale = true\n"
        "[tool.invitelab.scenarios.new]\n"
        "put = 1\n"
    )
    assert 2 == main(["check", "reference"])
    out, err = capsys.readouterr()
    assert "" == out
    lines = [line for line in err.splitlines() if "pyproject.toml" in line]
    expected = [
        ("2:1", 'sed is not an option: did you mean "seed"?'),
        ("4:10", "check.repeat is wrong: 500 is not in the range"),
        ("5:9", 'check.quiet has to be true or false, not "yes"'),
        ("6:1", 'check.clauses is not an option: did you mean "clause"?'),
        ("7:8", "check.seed has to be a text or a number, not a list"),
        ("8:9", "check.depth is wrong: 'deeper' is not one of"),
        ("10:9", "simulate.scale has to be a text or a number, not true"),
        ("12:1", "scenarios.new.put is not an option: "),
    ]
    begin = "../pyproject.toml:"
    told = [line.removeprefix("invitelab: ") for line in lines]
    assert [True] * len(expected) == [
        line.startswith(f"{begin}{place}: tool.invitelab.{sentence}")
        for line, (place, sentence) in zip(told, expected, strict=True)
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[tool.invitelab\n", "../pyproject.toml:1:16: not TOML: "),
        ("[tool]\ninvitelab = 3\n", "tool.invitelab has to be a table"),
        ("[tool.invitelab]\ncheck = 3\n", "tool.invitelab.check has to be a table"),
    ],
)
def test_a_table_that_is_none_is_refused(
    text: str, sentence: str, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that is no TOML, too, where it names invitelab."""
    write(text)
    assert 2 == main(["clauses"])
    assert sentence in capsys.readouterr().err


def test_a_shared_value_is_for_the_commands_that_can_take_it(write: Write) -> None:
    """`workers = "auto"` fits a simulation, and no proof."""
    write('[tool.invitelab]\nworkers = "auto"\n')
    found = read_settings(commands)
    assert "auto" == found["simulate"]["workers"]
    assert "workers" not in found["prove"]
    assert "workers" not in found["check"]


def test_a_wrong_variable_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the hint: nobody has written it on the command line."""
    monkeypatch.setenv("INVITELAB_CHECK_REPEAT", "x")
    assert 2 == main(["check", "reference"])
    assert "  hint: it is from the environment: INVITELAB_CHECK_REPEAT" in (
        capsys.readouterr().err.splitlines()
    )


def test_values_with_blanks_are_separated_by_line_ends(
    write: Write, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Titles of scenarios are."""
    write("")
    titles = "An ID names the recipient\nAn alias names the recipient"
    monkeypatch.setenv("INVITELAB_CHECK_SCENARIO", titles)
    assert 0 == main(["check", "reference", "-q"])
    assert "2 scenarios: 2 pass" in capsys.readouterr().out


def every_option(command: click.Command) -> Iterator[click.Option]:
    """All options of a command and of those below it."""
    yield from options_of(command).values()
    if isinstance(command, click.Group):
        for below in command.commands.values():
            yield from every_option(below)


def test_every_option_has_variables_of_its_own() -> None:
    """No two options of the commands share the first one."""
    first = [option.envvar[0] for option in every_option(commands) if option.envvar]
    assert len(first) == len(set(first)) == len([*every_option(commands)])
    assert {"INVITELAB_CHECK_WRITE_BASELINE", "INVITELAB_SCENARIOS_NEW_OUTPUT"} <= {
        *first
    }
    assert "INVITELAB_DEBUG" not in first, "it is a variable already"


# Where a mistake is


def test_a_misspelt_variable_is_told_with_the_nearest(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It changes nothing, which nobody would notice; others are not ours."""
    monkeypatch.setenv("INVITELAB_CHECK_SEDE", "7")
    monkeypatch.setenv("INVITELAB_OF_OUR_TEAM", "x")
    monkeypatch.setenv("INVITELAB_DEBUG", "")
    assert 0 == main(["clauses"])
    told = [one for one in capsys.readouterr().err.splitlines() if "warning" in one]
    nothing = "is no option and changes nothing"
    meant = f"INVITELAB_CHECK_SEDE {nothing}: meant INVITELAB_CHECK_SEED?"
    assert [f"invitelab: warning: {meant}"] == told


def test_no_variable_of_an_option_is_misspelt(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither those of one command nor those of all."""
    for option in every_option(commands):
        for name in option.envvar or ():
            monkeypatch.setenv(name, "")
    assert 0 == main(["clauses"])
    assert "warning" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("INVITELAB_CLAUSE", "EXPIRX-1", "check reference"),
        ("INVITELAB_CHECK_SEED", "seven", "check reference"),
        ("INVITELAB_SIMULATE_SET", "relay.server=3", "simulate support_desk"),
    ],
)
@pytest.mark.usefixtures("write")
def test_a_wrong_value_of_a_variable_has_its_place(
    variable: str,
    value: str,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Also where the command finds the mistake, and not the parser of options."""
    monkeypatch.setenv(variable, value)
    assert 2 == main(words.split())
    err = capsys.readouterr().err
    assert value.partition("=")[0] in err
    assert variable in err


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('[tool.invitelab]\nclause = "EXPIRX-1"\n', "../pyproject.toml:2"),
        (
            '[tool.invitelab]\nseed = 1\n[tool.invitelab.check]\nclause = ["EXPIRX"]\n',
            "../pyproject.toml:4",
        ),
    ],
)
def test_a_wrong_value_of_the_file_has_its_place(
    text: str, place: str, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    """File and line, in the table of the command or in that of all."""
    write(text)
    assert 2 == main(["check", "reference"])
    assert f"the value is from {place}" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["json", "markdown", "github"])
def test_a_document_has_the_place_of_a_wrong_value(
    name: str, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    """Once, as the text on stderr does."""
    write('[tool.invitelab.check]\nclause = ["EXPIRX"]\n')
    assert 2 == main(["check", "reference", "--format", name])
    for text in capsys.readouterr():
        assert 1 == text.count("the value is from ../pyproject.toml:2")


def test_a_wrong_value_of_the_command_line_has_no_other_place(
    monkeypatch: pytest.MonkeyPatch, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever wrote it sees it; another option of the environment is not to blame."""
    write("")
    monkeypatch.setenv("INVITELAB_CHECK_SEED", "7")
    assert 2 == main(["check", "reference", "--clause", "EXPIRX-1"])
    assert "is from" not in capsys.readouterr().err


def test_a_file_that_is_not_utf_8_is_told(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    """With its name, and where it stops."""
    write("").write_bytes(b'[tool.invitelab]\nname = "\xe9"\n')
    assert 2 == main(["clauses"])
    assert "pyproject.toml is not UTF-8 text (byte 25)" in capsys.readouterr().err
