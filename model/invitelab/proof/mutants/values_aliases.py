"""Defects that only aliases of some shapes show."""

import re
from collections.abc import Callable

from invitelab.proof.mutants.base import Mutant, variant
from invitelab.proof.mutants.values_base import (
    UNKNOWN,
    Row,
    alias_of,
    alias_told,
    everybody,
    refusing,
    told,
    typing,
)
from invitelab.protocol.refusals import SendFacts
from invitelab.protocol.values import EntryPoint
from invitelab.world.client import Client
from invitelab.world.inviter import Inviter

CUT = 20
LONGEST_NAME = 25


# Inviters: what the notification shows.


def _rewritten(
    change: Callable[[str], str],
) -> Callable[[str, str], str]:
    """Change the name of an alias, and leave its namespace."""
    return lambda name, namespace: f"{change(name)}@{namespace}"


def _none_if_short(name: str, namespace: str) -> str | None:
    return f"{name}@{namespace}" if len(name) > 1 else None


def _namespace_of_the_other(row: Row, client: Client) -> Row:
    sender = row["from"]
    assert isinstance(sender, dict), "a notification has a sender"
    alias = str(sender["alias"] or "")
    name = alias.partition("@")[0]
    others = [
        spec.identity.alias
        for spec in everybody(client.inviter)
        if alias and alias_of(spec)[0] == name and spec.identity.alias != alias
    ]
    return {**row, "from": {**sender, "alias": others[0]}} if others else row


# Recipients: what is found.


def _unknown(where: Callable[[str], bool]) -> Callable[[Inviter, SendFacts], bool]:
    """Whether the icon does not find a name of this form."""

    def check(_inviter: Inviter, facts: SendFacts) -> bool:
        icon = facts.entry is EntryPoint.ICON and facts.address is not None
        typed = facts.address is not None and "@" in facts.address.text
        return icon and typed and where(alias_of(facts.recipient)[0])

    return check


def _up_to_the_dash(_client: Client, _entry: EntryPoint, typed: str) -> str:
    name, at, namespace = typed.partition("@")
    return f"{name.split('-')[0]}{at}{namespace}"


def _without_digits(_client: Client, _entry: EntryPoint, typed: str) -> str:
    name, at, namespace = typed.partition("@")
    return f"{name.rstrip('0123456789')}{at}{namespace}" if at else typed


def _other_of_the_name(client: Client, _entry: EntryPoint, typed: str) -> str:
    """The last of the clients that share the name, whatever the namespace."""
    name, at, _ = typed.partition("@")
    others = [
        spec.identity.alias
        for spec in everybody(client.inviter)
        if alias_of(spec)[0] == name and spec.identity.alias != typed
    ]
    return others[-1] or typed if at and others else typed


MUTANTS = (
    Mutant(
        name="alias-told-to-the-dot",
        clause="NOTIFY-4",
        value="inviter's alias: dot",
        defect="the notification shows the name of an alias up to its first dot",
        make=alias_told(_rewritten(lambda name: name.split(".")[0])),
    ),
    Mutant(
        name="alias-told-without-dashes",
        clause="NOTIFY-4",
        value="inviter's alias: dash",
        defect="the notification shows a dash in an alias as an underscore",
        make=alias_told(_rewritten(lambda name: name.replace("-", "_"))),
    ),
    Mutant(
        name="underscore-marks-a-key",
        clause="NOTIFY-4",
        value="inviter's alias: underscore",
        defect="in a notification an underscore marks a keyboard shortcut and vanishes",
        make=alias_told(_rewritten(lambda name: name.replace("_", ""))),
    ),
    Mutant(
        name="digits-are-a-counter",
        clause="NOTIFY-4",
        value="inviter's alias: digits",
        defect="digits at the end of an alias are taken for a counter and not shown",
        make=alias_told(_rewritten(lambda name: re.sub("(?<=.)[0-9]+$", "", name))),
    ),
    Mutant(
        name="alias-told-in-lower-case",
        clause="NOTIFY-4",
        value="inviter's alias: capital letters",
        defect="the notification shows every alias in lower case",
        make=alias_told(_rewritten(str.lower)),
    ),
    Mutant(
        name="one-letter-is-no-alias",
        clause="NOTIFY-4",
        value="inviter's alias: 1 character",
        defect="an alias with a name of one character is not shown",
        make=alias_told(_none_if_short),
    ),
    Mutant(
        name="alias-told-in-twenty-characters",
        clause="NOTIFY-4",
        value="inviter's alias: 25 characters",
        defect="the notification cuts the name of an alias at twenty characters",
        make=alias_told(_rewritten(lambda name: name[:CUT])),
    ),
    Mutant(
        name="alias-told-by-name-alone",
        clause="NOTIFY-4",
        value="inviter's alias: shared",
        defect="aliases are kept by name, so that a namesake's is shown",
        make=told("notifications", _namespace_of_the_other),
    ),
    Mutant(
        name="no-dot-in-a-name",
        clause="DIRECT-6",
        value="recipient's alias: dot",
        defect="an alias whose name has a dot is not found",
        make=variant(inviter=refusing(UNKNOWN, _unknown(lambda name: "." in name))),
    ),
    Mutant(
        name="alias-ends-at-the-dash",
        clause="DIRECT-6",
        value="recipient's alias: dash",
        defect="a typed alias is read up to the first dash in its name",
        make=variant(client=typing(_up_to_the_dash)),
    ),
    Mutant(
        name="no-underscore-in-a-name",
        clause="DIRECT-6",
        value="recipient's alias: underscore",
        defect="an alias whose name has an underscore is not found",
        make=variant(inviter=refusing(UNKNOWN, _unknown(lambda name: "_" in name))),
    ),
    Mutant(
        name="typed-alias-loses-digits",
        clause="DIRECT-6",
        value="recipient's alias: digits",
        defect="a typed alias is looked up without the digits at the end of its name",
        make=variant(client=typing(_without_digits)),
    ),
    Mutant(
        name="capitals-are-not-found",
        clause="DIRECT-6",
        value="recipient's alias: capital letters",
        defect="a typed alias is put in lower case, and then compared exactly",
        make=variant(
            inviter=refusing(UNKNOWN, _unknown(lambda name: name != name.lower()))
        ),
    ),
    Mutant(
        name="names-have-two-characters",
        clause="DIRECT-6",
        value="recipient's alias: 1 character",
        defect="an alias with a name of one character is not found",
        make=variant(inviter=refusing(UNKNOWN, _unknown(lambda name: len(name) == 1))),
    ),
    Mutant(
        name="names-have-less-than-25-characters",
        clause="DIRECT-6",
        value="recipient's alias: 25 characters",
        defect="an alias with a name of 25 characters is not found",
        make=variant(
            inviter=refusing(UNKNOWN, _unknown(lambda name: len(name) >= LONGEST_NAME))
        ),
    ),
    Mutant(
        name="alias-found-by-name-alone",
        clause="DIRECT-6",
        value="recipient's alias: shared",
        defect="of two clients with one name the one in another namespace is invited",
        make=variant(client=typing(_other_of_the_name)),
    ),
)
