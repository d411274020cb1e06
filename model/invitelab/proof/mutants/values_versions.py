"""Defects that only some versions and platforms show."""

from collections.abc import Callable
from dataclasses import replace

from invitelab.proof.mutants.base import Mutant, variant
from invitelab.proof.mutants.pending import NOT_NOW, pending
from invitelab.proof.mutants.permission_base import spec_of
from invitelab.proof.mutants.sessions import Asks
from invitelab.proof.mutants.values_base import (
    TOO_OLD,
    choosing,
    hiding,
    losing_accepts,
    refusing,
    showing,
)
from invitelab.protocol import guest
from invitelab.protocol.menu import Offered, entry_points
from invitelab.protocol.refusals import Refusal, SendFacts
from invitelab.protocol.values import (
    FIRST_DIRECT,
    ClientSpec,
    EntryPoint,
    Invitation,
    Permissions,
    Platform,
    Surface,
    Version,
)
from invitelab.world.client import Client
from invitelab.world.inviter import Inviter
from invitelab.world.recipient import Recipient

EIGHT, TEN = 8, 10
NEWEST_KNOWN = 11
"""The newest major version that was known when a list was made."""

FIRST_EMAIL = 6
"""The oldest major version in a list of those that write emails."""


def _starts_with(spec: ClientSpec | None, digit: str) -> bool:
    return spec is not None and str(spec.version).startswith(digit)


# The inviter's version.


class CancelReadsOneDigit(Inviter):
    """Reads a minor version of one digit only to find out how to cancel."""

    def cancel(self, invitation: str) -> Refusal | None:
        """Acknowledge without effect where the minor version was not read."""
        unread = self.device.spec.version.minor >= TEN
        lost = unread and pending(self, invitation) is not None
        return None if lost else super().cancel(invitation)


class ModifiesInSevenOnly(Inviter):
    """Lacks the call that modifies an invitation in version 8."""

    def modify(self, invitation: str, profile_name: str) -> Refusal | None:
        """Refuse in version 8."""
        eight = self.device.spec.version.major == EIGHT
        return NOT_NOW if eight else super().modify(invitation, profile_name)


def _icon_of_nine(spec: ClientSpec, row: Offered) -> bool:
    return row.entry is EntryPoint.ICON and _starts_with(spec, "9")


def _zero_of_ten_lost(
    client: Client, _entry: EntryPoint, _typed: str, profile: str
) -> str:
    spec = client.device.spec
    is_one = str(spec.version.major).rstrip("0") == "1"
    return spec.profiles[0].name if is_one else profile


def _email_of_unknown(spec: ClientSpec, row: Offered) -> bool:
    unknown = spec.version.major > NEWEST_KNOWN
    return unknown and row.entry is EntryPoint.EMAIL_MENU


# The recipient's version.


def _reads_one_digit(recipient: Recipient, _shown: guest.Notification) -> bool:
    return recipient.device.spec.version.minor >= TEN


def _is_eight(_inviter: Inviter, facts: SendFacts) -> bool:
    return facts.recipient is not None and facts.recipient.version.major == EIGHT


def _is_nine(_inviter: Inviter, facts: SendFacts) -> bool:
    return _starts_with(facts.recipient, "9")


def _is_ten(recipient: Recipient, _shown: guest.Notification) -> bool:
    return recipient.device.spec.version.major == TEN


class AsksTheUnknown(Asks):
    """Asks the inviter before a guest of an unknown version is let in."""

    def asks(self, invitation: Invitation) -> bool:
        """Whether the guest's version is newer than the list."""
        guest_spec = spec_of(self.device, invitation.recipient)
        return guest_spec.version.major > NEWEST_KNOWN


# Versions before 7.


def _counting_as_new(is_new: Callable[[Version], bool]) -> type[Client]:
    class CountsAsNew(Client):
        """Client that takes some older versions for new ones in its menu."""

        def menu(self) -> tuple[Offered, ...]:
            """What the version seems to offer."""
            spec = self.device.spec
            if not is_new(spec.version):
                return super().menu()
            return entry_points(replace(spec, version=FIRST_DIRECT))

    return CountsAsNew


def _rounded(version: Version) -> bool:
    return round(float(f"{version.major}.{version.minor}")) >= FIRST_DIRECT.major


def _one_and_more(version: Version) -> bool:
    return str(version).startswith("1")


class JoinsDigits(Inviter):
    """Compares versions with their dots left out."""

    def refusal(self, facts: SendFacts) -> Refusal | None:
        """Take the recipient for a new client if its digits are a larger number."""
        recipient = facts.recipient
        if recipient is not None and _joined(recipient.version) > _joined(FIRST_DIRECT):
            facts = replace(facts, recipient=replace(recipient, version=FIRST_DIRECT))
        return super().refusal(facts)


def _joined(version: Version) -> int:
    return int(str(version).replace(".", ""))


def _email_menu_before_6(spec: ClientSpec, row: Offered) -> bool:
    old = spec.version.major < FIRST_EMAIL
    return old and row.entry is EntryPoint.EMAIL_MENU


# Platforms of the recipient.


def _refused_on(platform: Platform) -> Callable[[Inviter, SendFacts], bool]:
    return lambda _, facts: (
        facts.recipient is not None and facts.recipient.platform is platform
    )


class OutsideOnMac(Recipient):
    """Does not join sessions on macOS."""

    def join(self, id_: str, session: str, permissions: Permissions) -> None:
        """Join the session, except on macOS."""
        if self.device.spec.platform is not Platform.MACOS:
            super().join(id_, session, permissions)


def _on_android(recipient: Recipient, _shown: guest.Notification) -> bool:
    return recipient.device.spec.platform is Platform.ANDROID


def _on_ios(recipient: Recipient, _known: guest.Notification) -> bool:
    return recipient.device.spec.platform is Platform.IOS


MUTANTS = (
    Mutant(
        name="cancel-reads-one-digit",
        clause="PENDING-2",
        value="inviter's version: 7.12.3",
        defect="a client whose minor version has two digits acknowledges no cancel",
        make=variant(inviter=CancelReadsOneDigit),
    ),
    Mutant(
        name="eight-cannot-modify",
        clause="PENDING-1",
        value="inviter's version: 8.0.1",
        defect="version 8 is missing among those that can modify an invitation",
        make=variant(inviter=ModifiesInSevenOnly),
    ),
    Mutant(
        name="nine-has-no-icon",
        clause="DIRECT-4",
        value="inviter's version: 9.2.0",
        defect="a version that begins with 9 is taken for a very old one without icon",
        make=variant(client=hiding(_icon_of_nine)),
    ),
    Mutant(
        name="ten-is-one",
        clause="DIRECT-7",
        value="inviter's version: 10.2.0",
        defect="zeros at the end of a part are dropped, so 10 is 1 and has one profile",
        make=variant(client=choosing(_zero_of_ten_lost)),
    ),
    Mutant(
        name="twelve-has-no-email",
        clause="EMAIL-7",
        value="inviter's version: 12.0.1",
        defect="the email option is left out in versions after 11, which are not known",
        make=variant(client=hiding(_email_of_unknown)),
    ),
    Mutant(
        name="minor-of-two-digits-not-listed",
        clause="NOTIFY-1",
        value="recipient's version: 7.12.3",
        defect="a recipient whose minor version has two digits sees a pop-up alone",
        make=variant(recipient=showing(frozenset({Surface.POPUP}), _reads_one_digit)),
    ),
    Mutant(
        name="eight-cannot-be-invited",
        clause="DIRECT-5",
        value="recipient's version: 8.0.1",
        defect="version 8 is missing among those that can be invited",
        make=variant(inviter=refusing(TOO_OLD, _is_eight)),
    ),
    Mutant(
        name="nine-cannot-be-invited",
        clause="DIRECT-6",
        value="recipient's version: 9.2.0",
        defect="a recipient's version that begins with 9 is taken for a very old one",
        make=variant(inviter=refusing(TOO_OLD, _is_nine)),
    ),
    Mutant(
        name="no-popup-at-ten",
        clause="NOTIFY-2",
        value="recipient's version: 10.2.0",
        defect="in version 10 the pop-up is missing",
        make=variant(recipient=showing(frozenset({Surface.CLIENT}), _is_ten)),
    ),
    Mutant(
        name="twelve-has-to-ask",
        clause="SESSION-1",
        value="recipient's version: 12.0.1",
        defect="the inviter has to agree to a guest whose version is not known yet",
        make=variant(inviter=AsksTheUnknown),
    ),
    Mutant(
        name="versions-are-rounded",
        clause="DIRECT-2",
        value="older version: 6.9.9",
        defect="versions are decimal numbers and rounded, so 6.9 has the icon of a 7",
        make=variant(client=_counting_as_new(_rounded)),
    ),
    Mutant(
        name="digits-of-versions-joined",
        clause="DIRECT-3",
        value="older version: 6.100.0",
        defect="versions are compared without dots, so 61000 is later than 700",
        make=variant(inviter=JoinsDigits),
    ),
    Mutant(
        name="no-email-menu-before-6",
        clause="EMAIL-6",
        value="older version: 5.4.2",
        defect="before version 6 the context menu of the own ID has no email option",
        make=variant(client=hiding(_email_menu_before_6)),
    ),
    Mutant(
        name="one-counts-as-ten",
        clause="DIRECT-2",
        value="older version: 1.0.0",
        defect="a version that begins with 1 is taken for 10 and has the icon",
        make=variant(client=_counting_as_new(_one_and_more)),
    ),
    Mutant(
        name="mac-stays-outside",
        clause="PLATFORM-2",
        value="recipient's platform: macOS",
        defect="a session with a guest on macOS starts at the inviter alone",
        make=variant(recipient=OutsideOnMac),
    ),
    Mutant(
        name="linux-cannot-be-invited",
        clause="PLATFORM-2",
        value="recipient's platform: Linux",
        defect="an invitation to a client on Linux is refused",
        make=variant(inviter=refusing(TOO_OLD, _refused_on(Platform.LINUX))),
    ),
    Mutant(
        name="android-shows-nothing",
        clause="PLATFORM-2",
        value="recipient's platform: Android",
        defect="an invitation is not shown on Android",
        make=variant(recipient=showing(guest.NO_SURFACE, _on_android)),
    ),
    Mutant(
        name="accept-dead-on-ios",
        clause="PLATFORM-2",
        value="recipient's platform: iOS",
        defect="on iOS an accept is acknowledged and starts nothing",
        make=variant(recipient=losing_accepts(_on_ios)),
    ),
)
