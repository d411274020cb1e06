"""Options that take one value: none of several is left out in silence."""

import pytest

from invitelab.cli import main


@pytest.mark.parametrize(
    ("option", "command"),
    [
        (
            "--find",
            "sweep support_desk --find relay.servers=1..2 --find arrivals.rate=1/s,2/s",
        ),
        ("--profile", "sweep support_desk --profile a.toml --profile b.toml"),
        ("--target", "simulate support_desk --target reference --target cmd:none"),
        ("--tags", "check reference --tags @ATOMIC-1 --tags @ATOMIC-2"),
        ("-k", "check reference -k accept -k reject"),
        ("--level", "check reference --level required --level interpretation"),
        ("--baseline", "check reference --baseline a.toml --baseline b.toml"),
        ("--alphabet", "learn reference --alphabet core --alphabet email"),
        ("--scenario", "import a.csv --scenario support_desk --scenario lunch_break"),
        ("--scenario", "replay run.jsonl --scenario one --scenario two"),
        ("--target", "replay run.jsonl --target reference --target cmd:none"),
        ("--by", "trend reference --by run --by version"),
    ],
)
def test_a_second_value_is_an_error(
    option: str, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It names the option, and nothing is run."""
    assert 2 == main(command.split())
    told = capsys.readouterr()
    assert f"{option} is given 2 times, and takes one" in told.err
    assert not told.out
