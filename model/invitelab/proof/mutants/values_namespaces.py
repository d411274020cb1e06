"""Defects that only some namespaces show, and clients without an alias."""

from collections.abc import Callable

from invitelab.proof.mutants.base import Mutant, variant
from invitelab.proof.mutants.values_base import (
    UNKNOWN,
    alias_of,
    alias_told,
    choosing,
    hiding,
    is_portable,
    refusing,
    showing,
    typing,
)
from invitelab.protocol.guest import Notification
from invitelab.protocol.menu import Offered
from invitelab.protocol.refusals import Reason, Refusal, SendFacts
from invitelab.protocol.values import (
    Address,
    ClientSpec,
    EntryPoint,
    Surface,
)
from invitelab.world.client import Client
from invitelab.world.inviter import Inviter
from invitelab.world.recipient import Recipient

DEFAULT = "ad"
FIELD = 64
"""Length of a text field in characters: one for the name, one for the sign."""

LONGEST = 63
OWN = Refusal(Reason.SELF_INVITATION, "that is this client's own address")


def _rewritten(change: Callable[[str], str]) -> Callable[[str, str], str]:
    """Change the namespace of an alias, and leave its name."""
    return lambda name, namespace: f"{name}@{change(namespace)}"


def _default_left_out(name: str, namespace: str) -> str:
    return name if namespace == DEFAULT else f"{name}@{namespace}"


def _cut(name: str, namespace: str) -> str:
    return f"{name}@{namespace}"[:FIELD]


def _from_elsewhere(recipient: Recipient, shown: Notification) -> bool:
    own = alias_of(recipient.device.spec)[1]
    theirs = (shown.sender.alias or "").partition("@")[2]
    return bool(own and theirs) and own != theirs


def _unknown(
    where: Callable[[str, str], bool],
) -> Callable[[Inviter, SendFacts], bool]:
    """Whether an alias is not found; asks with its namespace and the inviter's."""

    def check(_inviter: Inviter, facts: SendFacts) -> bool:
        typed = facts.address is not None and "@" in facts.address.text
        theirs = alias_of(facts.recipient)[1]
        return typed and where(theirs, alias_of(facts.sender)[1])

    return check


def _own_left_out(_client: Client, _entry: EntryPoint, typed: str) -> str:
    return typed.removesuffix(f"@{DEFAULT}")


def _completed(_client: Client, _entry: EntryPoint, typed: str) -> str:
    """The alias below the default namespace, unless its own has a dot."""
    _, at, namespace = typed.partition("@")
    plain = bool(at) and namespace != DEFAULT and "." not in namespace
    return f"{typed}.{DEFAULT}" if plain else typed


# Portable clients.


def _no_email(spec: ClientSpec, row: Offered) -> bool:
    new = is_portable(spec.identity) and spec.supports_direct
    return new and row.entry is EntryPoint.EMAIL_MENU


def _first_for_portable(
    client: Client, _entry: EntryPoint, typed: str, profile: str
) -> str:
    address = Address.parse(typed, lenient=True)
    known = None if address is None else client.device.relay.find(address)
    portable = known is not None and is_portable(known.identity)
    return client.device.spec.profiles[0].name if portable else profile


def _same_alias(_inviter: Inviter, facts: SendFacts) -> bool:
    recipient = facts.recipient
    return (
        recipient is not None
        and recipient.identity.alias == facts.sender.identity.alias
    )


MUTANTS = (
    Mutant(
        name="default-namespace-not-told",
        clause="NOTIFY-4",
        value="inviter's namespace: ad",
        defect="the notification shows an alias without the default namespace",
        make=alias_told(_default_left_out),
    ),
    Mutant(
        name="every-namespace-is-the-default",
        clause="NOTIFY-4",
        value="inviter's namespace: custom",
        defect="the notification shows every alias in the default namespace",
        make=alias_told(_rewritten(lambda _: DEFAULT)),
    ),
    Mutant(
        name="namespace-told-to-the-dot",
        clause="NOTIFY-4",
        value="inviter's namespace: dot",
        defect="the notification shows a namespace up to its first dot",
        make=alias_told(_rewritten(lambda namespace: namespace.split(".")[0])),
    ),
    Mutant(
        name="namespace-told-without-dashes",
        clause="NOTIFY-4",
        value="inviter's namespace: dash",
        defect="the notification shows a namespace without its dashes",
        make=alias_told(_rewritten(lambda namespace: namespace.replace("-", ""))),
    ),
    Mutant(
        name="alias-told-in-64-characters",
        clause="NOTIFY-4",
        value="inviter's namespace: 63 characters",
        defect="the notification cuts an alias at 64 characters",
        make=alias_told(_cut),
    ),
    Mutant(
        name="no-popup-from-another-namespace",
        clause="NOTIFY-2",
        value="inviter's namespace: other",
        defect="an invitation from another namespace than the own does not pop up",
        make=variant(recipient=showing(frozenset({Surface.CLIENT}), _from_elsewhere)),
    ),
    Mutant(
        name="default-namespace-cut-off",
        clause="DIRECT-6",
        value="recipient's namespace: ad",
        defect="a typed alias is looked up without the default namespace",
        make=variant(client=typing(_own_left_out)),
    ),
    Mutant(
        name="namespace-completed",
        clause="DIRECT-6",
        value="recipient's namespace: custom",
        defect="a namespace without a dot is looked up below the default one",
        make=variant(client=typing(_completed)),
    ),
    Mutant(
        name="no-dot-in-a-namespace",
        clause="DIRECT-6",
        value="recipient's namespace: dot",
        defect="an alias whose namespace has a dot is not found",
        make=variant(
            inviter=refusing(UNKNOWN, _unknown(lambda theirs, _own: "." in theirs))
        ),
    ),
    Mutant(
        name="no-dash-in-a-namespace",
        clause="DIRECT-6",
        value="recipient's namespace: dash",
        defect="an alias whose namespace has a dash is not found",
        make=variant(
            inviter=refusing(UNKNOWN, _unknown(lambda theirs, _own: "-" in theirs))
        ),
    ),
    Mutant(
        name="namespaces-have-less-than-63-characters",
        clause="DIRECT-6",
        value="recipient's namespace: 63 characters",
        defect="an alias whose namespace has 63 characters is not found",
        make=variant(
            inviter=refusing(
                UNKNOWN, _unknown(lambda theirs, _own: len(theirs) >= LONGEST)
            )
        ),
    ),
    Mutant(
        name="found-in-the-own-namespace-only",
        clause="DIRECT-6",
        value="recipient's namespace: other",
        defect="an alias in another namespace than the inviter's is not found",
        make=variant(
            inviter=refusing(
                UNKNOWN, _unknown(lambda theirs, own: bool(own) and theirs != own)
            )
        ),
    ),
    Mutant(
        name="no-new-email-without-alias",
        clause="EMAIL-7",
        value="portable: inviter",
        defect="from version 7 on a portable client lacks the email option",
        make=variant(client=hiding(_no_email)),
    ),
    Mutant(
        name="first-profile-for-portable-recipients",
        clause="DIRECT-7",
        value="portable: recipient",
        defect="an invitation to a portable client has the first profile",
        make=variant(client=choosing(_first_for_portable)),
    ),
    Mutant(
        name="no-alias-equals-no-alias",
        clause="DIRECT-5",
        value="portable: both",
        defect="aliases are compared, so two clients without one are taken for one",
        make=variant(inviter=refusing(OWN, _same_alias)),
    ),
)
