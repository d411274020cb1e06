"""A scenario for what a run has found: one invitation, told so that it fails alone.

The invitation is told again with its two clients: what they are, who clicked what and
when; and if it takes more, with earlier invitations of either. Of the sentences that
its clause may be checked by, the first one is taken that fails on the target and holds
with the reference.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from invitelab.adapters.reference.adapter import Reference
from invitelab.adapters.transports.direct import DirectTarget
from invitelab.conformance.execution.outcomes import ExpectationFailed
from invitelab.conformance.execution.recorder import Trace
from invitelab.conformance.execution.scenario_context import ScenarioContext
from invitelab.conformance.execution.scenario_runner import Ready, run_steps
from invitelab.conformance.features.people import PLATFORMS
from invitelab.conformance.random_walks.gherkin_writer import feature, gherkin, parsed
from invitelab.conformance.random_walks.participants import (
    Line,
    Participants,
    ParticipantSpec,
    Profiles,
    givens,
)
from invitelab.errors import InvitelabError
from invitelab.protocol.observed import Observed
from invitelab.protocol.values import (
    BUILT_IN_PROFILES,
    ClientId,
    ClientSpec,
)
from invitelab.target_load.connection import Connection
from invitelab.target_load.declaration import names_of
from invitelab.target_load.findings import Example
from invitelab.target_load.histories import (
    LISTS,
    NAMES,
    histories_of,
    names_of_all,
    told,
)

HOST, GUEST, OTHER = NAMES[:3]
MOST_TRIES = 150
"""The scenarios that are tried for one clause."""
MOST_CHECKS = 6
MOST_CLICKS = 6
"""The clicks of one invitation after which it is checked."""


def scenario_of(
    clause: str, examples: Sequence[Example], connection: Connection
) -> str | None:
    """Gherkin that fails on the target alone; None where none of the examples does."""
    target = ready_of(connection)
    for number, lines in enumerate(islice(_tellings(clause, examples), MOST_TRIES)):
        text = gherkin(f"What a load has found about {clause}", clause, lines)
        token = f"evidence-{number}"
        if _fails(text, target, token) and _holds(text, token):
            return text
    return None


def _tellings(clause: str, examples: Sequence[Example]) -> Iterator[tuple[Line, ...]]:
    for one in examples:
        if one.observed is not None:
            checks = checks_of(clause, one.observed)[:MOST_CHECKS]
            for clicks in range(min(len(one.observed.clicks), MOST_CLICKS) + 2):
                for check in checks:
                    yield tell(one.observed, clicks, check)
        elif one.clients:
            yield from tell_of_clients(clause, one.clients)
    yield from _with_histories(clause, examples)


def _with_histories(
    clause: str, examples: Sequence[Example]
) -> Iterator[tuple[Line, ...]]:
    """The same after more and more of what came before, at the end of its course."""
    for one in examples:
        if one.observed is None:
            continue
        checks = checks_of(clause, one.observed)[:MOST_CHECKS]
        count = len(one.observed.clicks)
        for before in histories_of(one.observed, one.before):
            for clicks in sorted({0, min(1, count), count, count + 1}):
                for check in checks:
                    yield tell(one.observed, clicks, check, before)


def tell(
    one: Observed, clicks: int, check: str, before: Sequence[Observed] = ()
) -> tuple[Line, ...]:
    """The steps that tell an invitation with its first clicks, and a check at the end.

    One more than there are clicks stands for the end of its time. `before` are earlier
    invitations, which are told as well.
    """
    names = names_of_all(one, before)
    before = [two for two in before if {two.inviter.id, two.recipient.id} <= set(names)]
    specs = _specs((*before, one), names)
    if one.elsewhere:
        specs.setdefault(OTHER, ParticipantSpec())
    whens = (Line(kind="when", text=text) for text in told(one, before, names, clicks))
    return (
        *givens(Participants(specs=specs)),
        *whens,
        Line(kind="then", text=check),
    )


def tell_of_clients(
    clause: str, clients: Sequence[ClientSpec]
) -> Iterator[tuple[Line, ...]]:
    """The steps that tell of a menu or an email."""
    before = tuple(givens(Participants(specs={HOST: _spec(clients[0])})))
    for when, then in EMAILS_AND_MENUS.get(clause, ()):
        whens = (Line(kind="when", text=when),) if when else ()
        yield (*before, *whens, Line(kind="then", text=then))


LINK = "the Invitation Email link"
MENU = "the email option in the context menu of the own ID"
BY_LINK = f"{HOST} starts an invitation email from {LINK}"
BY_MENU = f"{HOST} starts an invitation email from the context menu of the own ID"

EMAILS_AND_MENUS = {
    "PLATFORM-1": (("", f"{HOST} is offered no entry point"),),
    "DIRECT-2": (
        ("", f"{HOST} is not offered the invitation icon"),
        ("", f"{HOST} is offered no Invite on any tile"),
    ),
    "DIRECT-4": (("", f"{HOST} is offered the invitation icon"),),
    "EMAIL-1": ((BY_LINK, "an email opens"), (BY_MENU, "an email opens")),
    "EMAIL-2": tuple(
        (when, f"the email contains the ID or the alias of {HOST}")
        for when in (BY_LINK, BY_MENU)
    ),
    "EMAIL-3": tuple(
        (when, "the email contains a link to the AnyDesk website")
        for when in (BY_LINK, BY_MENU)
    ),
    "EMAIL-4": tuple(
        (when, "an email opens in the default browser") for when in (BY_LINK, BY_MENU)
    ),
    "EMAIL-5": (("", f"{HOST} is offered {LINK}"),),
    "EMAIL-6": (("", f"{HOST} is offered {MENU}"),),
    "EMAIL-7": (("", f"{HOST} is offered {MENU}"), (BY_MENU, "an email opens")),
}
"""What shows that a menu or an email breaks a clause: a When, if any, and a Then."""


def _specs(
    several: Sequence[Observed], names: Mapping[ClientId, str]
) -> dict[str, ParticipantSpec]:
    """Everybody who takes part, by name, with the tiles that are used."""
    found: dict[str, ParticipantSpec] = {}
    contacts: dict[str, dict[str, dict[str, None]]] = {}
    for one in several:
        inviter, recipient = names[one.inviter.id], names[one.recipient.id]
        found[inviter], found[recipient] = _spec(one.inviter), _spec(one.recipient)
        if one.tile is not None:
            lists = contacts.setdefault(inviter, {})
            lists.setdefault(LISTS[one.tile], {})[recipient] = None
    for name, lists in contacts.items():
        tiles = tuple((list_, tuple(some)) for list_, some in lists.items())
        found[name] = replace(found[name], contacts=tiles)
    return {name: found[name] for name in names.values() if name in found}


def _spec(spec: ClientSpec) -> ParticipantSpec:
    profiles: Profiles = ()
    if spec.profiles != BUILT_IN_PROFILES:
        profiles = tuple(
            (one.name, names_of(one.permissions))
            for one in spec.profiles
            if one.enabled
        )
    return ParticipantSpec(
        version=str(spec.version),
        platform=PLATFORMS[spec.platform],
        portable=spec.identity.alias is None,
        profiles=profiles,
        locks=tuple((name.value, value) for name, value in spec.locked.items()),
        id=spec.id,
        alias=spec.identity.alias,
    )


SEEN = f"{GUEST} sees the invitation from {HOST}"
GONE = f"{GUEST} sees no invitation from {HOST}"
LISTED = f"{HOST} sees the invitation to {GUEST} as pending"
UNLISTED = f"{HOST} no longer sees the invitation to {GUEST} as pending"
CONTROLS = f"{GUEST} controls the device of {HOST}"
NO_SESSION = "no session has started"
SUCCEEDS = "the attempt succeeds"
OVER = (GONE, UNLISTED, NO_SESSION, SUCCEEDS)

CHECKS: Mapping[str, tuple[str, ...]] = {
    "DIRECT-1": (SUCCEEDS,),
    "NOTIFY-1": (f"{SEEN} in the client",),
    "NOTIFY-2": (f"{SEEN} as a pop-up in the bottom-right corner",),
    "NOTIFY-3": (f"the notification shows {GUEST} the ID of {HOST}",),
    "NOTIFY-4": (f"the notification shows {GUEST} the alias of {HOST}",),
    "NOTIFY-5": (f"the notification lets {GUEST} accept and reject",),
    "NOTIFY-6": (f"{OTHER} sees no invitation from {HOST}",),
    "DIRECT-3": (GONE, NO_SESSION),
    "EXPIRY-1": (LISTED, f"{SEEN} in the client", SUCCEEDS),
    "EXPIRY-2": (NO_SESSION,),
    "EXPIRY-3": (GONE,),
    "EXPIRY-4": (UNLISTED,),
    "EXPIRY-5": (CONTROLS,),
    "PENDING-1": (SUCCEEDS, LISTED),
    "PENDING-2": (UNLISTED, SUCCEEDS),
    "PENDING-3": (GONE, NO_SESSION),
    "PENDING-4": (UNLISTED,),
    "PENDING-5": (UNLISTED,),
    "ANSWER-1": OVER,
    "SESSION-1": (CONTROLS,),
    "SESSION-4": (CONTROLS,),
}
"""What shows that an invitation breaks a clause, the plainest first."""

OF_PROFILES = {"DIRECT-7", "PENDING-1", "SESSION-2", "SESSION-3"}


def checks_of(clause: str, one: Observed) -> list[str]:
    """The sentences by which a clause may be checked, about an invitation."""
    found = list(CHECKS.get(clause, ()))
    if clause in OF_PROFILES:
        for profile in one.inviter.profiles:
            named = f'permission profile "{profile.name}"'
            found.append(f"the invitation to {GUEST} has the {named}")
            held = ", ".join(names_of(profile.permissions))
            found.append(
                f'the session with {GUEST} has exactly the permissions "{held}"'
            )
    return found


def ready_of(connection: Connection) -> Ready:
    """The started target, to run scenarios on."""
    return Ready(
        driver=connection.driver,
        answer=connection.answer,
        clock_driver=connection.clock,
    )


def _fails(text: str, ready: Ready, token: str) -> bool:
    """Whether only its last step fails."""
    trace = Trace()
    read = parsed(feature(text))
    try:
        ended = run_steps(read, ScenarioContext(ready.set_up(token), token, trace))
    except InvitelabError:
        return False
    whole = len(trace.records()) == len(read.steps)
    return isinstance(ended.error, ExpectationFailed) and whole


def _holds(text: str, token: str) -> bool:
    """Whether the reference passes it."""
    connection = Connection(DirectTarget(Reference()))
    try:
        trace = Trace()
        ready = ready_of(connection)
        read = parsed(feature(text))
        ended = run_steps(read, ScenarioContext(ready.set_up(token), token, trace))
        return ended.error is None
    finally:
        connection.close()
