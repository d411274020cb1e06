"""Defects of what a client offers, by platform and version."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from invitelab.proof.mutants.base import Mutant, variant
from invitelab.protocol.menu import Offered, entry_points
from invitelab.protocol.refusals import Reason, Refusal, SendFacts
from invitelab.protocol.values import (
    FIRST_DIRECT,
    ClientSpec,
    EntryPoint,
    Platform,
    Version,
)
from invitelab.world.client import Client
from invitelab.world.inviter import Inviter
from invitelab.world.recipient import Recipient

TEN = Version(10, 0, 0)

Rows = Iterable[Offered]


def _showing(change: Callable[[ClientSpec, Rows], Rows]) -> type[Client]:
    class ChangedMenu(Client):
        """Client with other entry points."""

        def menu(self) -> tuple[Offered, ...]:
            """Change what is on offer."""
            return tuple(change(self.device.spec, super().menu()))

    return ChangedMenu


def _without(
    entry: EntryPoint, where: Callable[[ClientSpec], bool] = lambda _: True
) -> type[Client]:
    """Make a client that lacks an entry point in some cases."""

    def change(spec: ClientSpec, rows: Rows) -> Rows:
        return [row for row in rows if row.entry is not entry or not where(spec)]

    return _showing(change)


def _on_windows(spec: ClientSpec) -> tuple[Offered, ...]:
    """The entry points that the client would offer on Windows."""
    return entry_points(replace(spec, platform=Platform.WINDOWS))


def _as_new(spec: ClientSpec) -> tuple[Offered, ...]:
    """The entry points that the client would offer in version 7."""
    return entry_points(replace(spec, version=FIRST_DIRECT))


def _is_portable(spec: ClientSpec) -> bool:
    return spec.identity.alias is None


# Off Windows.


def _desktops_email(spec: ClientSpec, rows: Rows) -> Rows:
    desktop = spec.platform in {Platform.MACOS, Platform.LINUX}
    more = [Offered(EntryPoint.EMAIL_MENU)] if desktop and spec.supports_direct else []
    return [*rows, *more]


def _tiles_everywhere(spec: ClientSpec, rows: Rows) -> Rows:
    elsewhere = spec.platform is not Platform.WINDOWS
    tiles = (row for row in _on_windows(spec) if row.contact is not None)
    return tiles if elsewhere else rows


def _old_everywhere(spec: ClientSpec, rows: Rows) -> Rows:
    return rows if spec.supports_direct else _on_windows(spec)


def _ios_forgotten(spec: ClientSpec, rows: Rows) -> Rows:
    return _on_windows(spec) if spec.platform is Platform.IOS else rows


class RefusesIos(Inviter):
    """Refuses invitations to clients on iOS."""

    def refusal(self, facts: SendFacts) -> Refusal | None:
        """Refuse a recipient on iOS."""
        recipient = facts.recipient
        if recipient is not None and recipient.platform is Platform.IOS:
            return Refusal(Reason.RECIPIENT_UNSUPPORTED, "iOS cannot be invited")
        return super().refusal(facts)


class OnlyWindowsCanConnect(Recipient):
    """Ignores Connect in a notification off Windows."""

    def answer(self, id_: str, *, accept: bool) -> Refusal | None:
        """Lose the click off Windows."""
        if accept and self.device.spec.platform is not Platform.WINDOWS:
            return None
        return super().answer(id_, accept=accept)


# Before version 7.


def _email_since_6(spec: ClientSpec, rows: Rows) -> Rows:
    return rows if spec.version.major >= FIRST_DIRECT.major - 1 else ()


class InertLink(Client):
    """Does nothing when the Invitation Email link is clicked."""

    def email(self, entry: EntryPoint) -> str | Refusal:
        """Acknowledge without effect."""
        if entry is EntryPoint.EMAIL_LINK:
            return Refusal(Reason.NOT_OFFERED, "nothing happens")
        return super().email(entry)


def _minor_carries_over(spec: ClientSpec, _rows: Rows) -> Rows:
    version = spec.version
    new = version.major * 10 + version.minor >= FIRST_DIRECT.major * 10
    return entry_points(
        replace(spec, version=FIRST_DIRECT if new else Version(6, 0, 0))
    )


def _old_tiles_invite(spec: ClientSpec, rows: Rows) -> Rows:
    if spec.supports_direct or spec.platform is not Platform.WINDOWS:
        return rows
    return [*rows, *(row for row in _as_new(spec) if row.contact is not None)]


def _portable_is_new(spec: ClientSpec, rows: Rows) -> Rows:
    return _as_new(spec) if _is_portable(spec) else rows


# From version 7 on.


class EmailOptionGoneAfterUse(Client):
    """Removes the email option after the first direct invitation."""

    entry = EntryPoint.EMAIL_MENU

    def menu(self) -> tuple[Offered, ...]:
        """Leave that entry point out once an invitation was sent."""
        rows = super().menu()
        if not self.inviter.invitations:
            return rows
        return tuple(row for row in rows if row.entry is not self.entry)


class IconGoneAfterUse(EmailOptionGoneAfterUse):
    """Removes the invitation icon after the first direct invitation."""

    entry = EntryPoint.ICON


MUTANTS = (
    Mutant(
        name="mac-and-linux-can-email",
        clause="PLATFORM-3",
        defect="every desktop system has the email option from version 7 on",
        make=variant(client=_showing(_desktops_email)),
    ),
    Mutant(
        name="tiles-invite-off-windows",
        clause="PLATFORM-1",
        defect="off Windows the icon is gone, and the tiles still offer Invite",
        make=variant(client=_showing(_tiles_everywhere)),
    ),
    Mutant(
        name="platform-not-asked-before-7",
        clause="PLATFORM-1",
        defect="before version 7 the menu is the same on every platform",
        make=variant(client=_showing(_old_everywhere)),
    ),
    Mutant(
        name="ios-missing-among-the-others",
        clause="PLATFORM-1",
        defect="the list of platforms without invitations lacks iOS",
        make=variant(client=_showing(_ios_forgotten)),
    ),
    Mutant(
        name="ios-cannot-be-invited",
        clause="PLATFORM-2",
        defect="an invitation to a client on iOS is refused",
        make=variant(inviter=RefusesIos),
    ),
    Mutant(
        name="connect-dead-off-windows",
        clause="PLATFORM-2",
        defect="off Windows the notification is shown, and its Connect does nothing",
        make=variant(recipient=OnlyWindowsCanConnect),
    ),
    Mutant(
        name="no-email-before-6",
        clause="EMAIL-1",
        defect="a client before version 6 offers no email",
        make=variant(client=_showing(_email_since_6)),
    ),
    Mutant(
        name="link-is-only-text",
        clause="EMAIL-5",
        defect="the Invitation Email link is shown, and clicking it starts nothing",
        make=variant(client=InertLink),
    ),
    Mutant(
        name="no-link-in-portable-clients",
        clause="EMAIL-5",
        defect="a portable client before version 7 lacks the Invitation Email link",
        make=variant(client=_without(EntryPoint.EMAIL_LINK, _is_portable)),
    ),
    Mutant(
        name="email-option-since-7",
        clause="EMAIL-6",
        defect="the email option in the context menu of the own ID needs version 7",
        make=variant(
            client=_without(
                EntryPoint.EMAIL_MENU, lambda spec: not spec.supports_direct
            )
        ),
    ),
    Mutant(
        name="no-old-email-option-without-alias",
        clause="EMAIL-6",
        defect="before version 7 the email option is in the menu of an alias only",
        make=variant(
            client=_without(
                EntryPoint.EMAIL_MENU,
                lambda spec: _is_portable(spec) and not spec.supports_direct,
            )
        ),
    ),
    Mutant(
        name="no-email-option-at-7-0-0",
        clause="EMAIL-7",
        defect="version 7.0.0 itself lacks the email option",
        make=variant(
            client=_without(
                EntryPoint.EMAIL_MENU, lambda spec: spec.version == FIRST_DIRECT
            )
        ),
    ),
    Mutant(
        name="no-email-option-from-10-on",
        clause="EMAIL-7",
        defect="from version 10 on, as text less than 7, the email option is missing",
        make=variant(
            client=_without(EntryPoint.EMAIL_MENU, lambda spec: spec.version >= TEN)
        ),
    ),
    Mutant(
        name="no-email-after-an-invitation",
        clause="EMAIL-7",
        defect="the email option disappears after a direct invitation",
        make=variant(client=EmailOptionGoneAfterUse),
    ),
    Mutant(
        name="minor-version-carries-over",
        clause="DIRECT-2",
        defect="versions are counted as ten times major plus minor, so 6.10 is a 7",
        make=variant(client=_showing(_minor_carries_over)),
    ),
    Mutant(
        name="old-tiles-invite",
        clause="DIRECT-2",
        defect="before version 7 the tiles offer Invite, though there is no icon",
        make=variant(client=_showing(_old_tiles_invite)),
    ),
    Mutant(
        name="portable-counts-as-new",
        clause="DIRECT-2",
        defect="a portable client has the menu of version 7 whatever its version",
        make=variant(client=_showing(_portable_is_new)),
    ),
    Mutant(
        name="no-icon-in-portable-clients",
        clause="DIRECT-4",
        defect="a portable client lacks the invitation icon",
        make=variant(client=_without(EntryPoint.ICON, _is_portable)),
    ),
    Mutant(
        name="no-icon-at-7-0-0",
        clause="DIRECT-4",
        value="inviter's version: 7.0.0",
        defect="version 7.0.0 itself lacks the invitation icon",
        make=variant(
            client=_without(EntryPoint.ICON, lambda spec: spec.version == FIRST_DIRECT)
        ),
    ),
    Mutant(
        name="icon-gone-after-use",
        clause="DIRECT-4",
        defect="the invitation icon does not come back after the first invitation",
        make=variant(client=IconGoneAfterUse),
    ),
)
