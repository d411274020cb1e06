"""Several invitations told as the steps of one scenario, in the order of time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from invitelab.protocol.observed import Click, ClickKind, Observed, Switch
from invitelab.protocol.values import US_PER_MS, ClientId, ContactList

NAMES = ("Ada", "Ben", "Cleo", "Dan", "Eve", "Finn", "Gwen", "Hal")
LISTS = {
    ContactList.FAVORITES: "Favorites",
    ContactList.RECENT_SESSIONS: "Recent Sessions",
    ContactList.DISCOVERY: "Discovery",
    ContactList.ADDRESS_BOOK: "Address Book",
}
AFTERWARDS_US = 121_000 * US_PER_MS
"""When an invitation is over in any case, since it was sent."""

Names = Mapping[ClientId, str]


def names_of_all(one: Observed, before: Sequence[Observed]) -> dict[ClientId, str]:
    """A name for everybody: Ada invites Ben in the end. Too many have none."""
    everybody = [one.inviter.id, one.recipient.id]
    for earlier in before:
        everybody += [earlier.inviter.id, earlier.recipient.id]
    return dict(zip(dict.fromkeys(everybody), NAMES, strict=False))


def histories_of(
    one: Observed, before: Sequence[Observed]
) -> Iterator[Sequence[Observed]]:
    """What may be needed of what came before: more and more of it."""
    pair = {one.inviter.id, one.recipient.id}
    same = [two for two in before if {two.inviter.id, two.recipient.id} == pair]
    tried: list[Sequence[Observed]] = [()]
    for found in (same[-1:], before[-1:], same, before):
        if list(found) not in [list(known) for known in tried]:
            tried.append(found)
            yield found


@dataclass(frozen=True, slots=True)
class _Event:
    at_us: int
    text: str
    sent: tuple[str, str] | None = None


def told(
    one: Observed, before: Sequence[Observed], names: Names, clicks: int
) -> Iterator[str]:
    """The steps of an invitation with its first clicks, and all that came before them.

    One more than there are clicks stands for the end of its time.
    """
    until_us = _until_us(one, clicks)
    events = sorted(
        (
            event
            for observed in (*before, one)
            for event in _events(observed, names)
            if event.at_us <= until_us
        ),
        key=lambda event: event.at_us,
    )
    last: _Event | None = None
    now_us = events[0].at_us
    for event in events:
        if last is not None and event.at_us - now_us >= US_PER_MS:
            now_us = event.at_us
            yield _passed(last, now_us)
        yield event.text
        if event.sent is not None:
            last = event
    if last is not None and clicks > len(one.clicks) and until_us > now_us:
        yield _passed(last, until_us)


def _until_us(one: Observed, clicks: int) -> int:
    """The instant of its last click that is told."""
    sent_us = one.sent.begin_us
    if clicks == 0:
        return sent_us
    if clicks <= len(one.clicks):
        return one.clicks[clicks - 1].span.begin_us
    newest = one.clicks[-1].span.begin_us if one.clicks else sent_us
    return max(newest + US_PER_MS, sent_us + AFTERWARDS_US)


def _passed(sent: _Event, at_us: int) -> str:
    assert sent.sent is not None, "an invitation"
    inviter, recipient = sent.sent
    # An invitation is sent at a whole millisecond, calls are microseconds apart.
    passed_ms = at_us // US_PER_MS - sent.at_us // US_PER_MS
    return f"{passed_ms} milliseconds have passed since {inviter} invited {recipient}"


def _events(one: Observed, names: Names) -> Iterator[_Event]:
    inviter, recipient = names[one.inviter.id], names[one.recipient.id]
    way = " by alias" if one.by_alias else ""
    if one.tile is not None:
        way = f" from the tile in {LISTS[one.tile]}"
    profile = f'with the permission profile "{one.profile}"'
    sent = f"{inviter} invites {recipient}{way} {profile}"
    yield _Event(one.sent.begin_us, sent, (inviter, recipient))
    for click in one.clicks:
        yield _Event(click.span.begin_us, _clicked(click, inviter, recipient))
    for switch in one.switches:
        text = _switched(switch, inviter, recipient)
        yield _Event(switch.span.begin_us, text)


def _clicked(click: Click, inviter: str, recipient: str) -> str:
    where = {"popup": " in the pop-up", "client": " in the client"}
    surface = where.get(click.surface, "")
    match click.kind:
        case ClickKind.ACCEPT:
            return f"{recipient} accepts the invitation from {inviter}{surface}"
        case ClickKind.REJECT:
            return f"{recipient} rejects the invitation from {inviter}{surface}"
        case ClickKind.CANCEL:
            return f"{inviter} cancels the invitation to {recipient}"
        case ClickKind.MODIFY:
            profile = f'to the permission profile "{click.profile}"'
            return f"{inviter} changes the invitation to {recipient} {profile}"


def _switched(switch: Switch, inviter: str, recipient: str) -> str:
    verb = "allows" if switch.allowed else "denies"
    actor = inviter if switch.by_host else recipient
    return f'{actor} {verb} "{switch.permission}" in the session with {recipient}'
