"""What a client offers: its entry points, and the email it can write."""

from dataclasses import dataclass

from invitelab.protocol.policy import Policy
from invitelab.protocol.values import ClientId, ClientSpec, EntryPoint, Platform

DEFAULT_POLICY = Policy()
WEBSITE = "https://anydesk.com"
"""The link in an invitation email (EMAIL-3, EMAIL-11)."""


EMAIL_ENTRIES = frozenset({EntryPoint.EMAIL_LINK, EntryPoint.EMAIL_MENU})
DESKTOPS = frozenset({Platform.MACOS, Platform.LINUX})
"""Desktop platforms beside Windows."""


@dataclass(frozen=True, slots=True)
class Offered:
    """One entry point; `contact` is set on tiles only."""

    entry: EntryPoint
    contact: ClientId | None = None


def entry_points(
    spec: ClientSpec, policy: Policy = DEFAULT_POLICY
) -> tuple[Offered, ...]:
    """All entry points this client shows, in a fixed order.

    Off Windows there is nothing direct (PLATFORM-1), and no email but in another
    reading of PLATFORM-3. Before version 7 there are the two ways to an email and
    nothing direct (EMAIL-5, EMAIL-6, DIRECT-2).
    """
    if spec.platform is not Platform.WINDOWS:
        emails = spec.platform in DESKTOPS and not policy.desktop_email_needs_windows
        return _email_entries(spec) if emails else ()
    if not spec.supports_direct:
        return _email_entries(spec)
    tiles = (
        Offered(entry, contact)
        for entry in EntryPoint
        if entry.contact_list is not None
        for contact in spec.contacts.get(entry.contact_list, ())
    )
    return (Offered(EntryPoint.ICON), Offered(EntryPoint.EMAIL_MENU), *tiles)


def _email_entries(spec: ClientSpec) -> tuple[Offered, ...]:
    """The ways to an email; the link is gone from version 7 on (EMAIL-5, EMAIL-7)."""
    menu = Offered(EntryPoint.EMAIL_MENU)
    return (menu,) if spec.supports_direct else (Offered(EntryPoint.EMAIL_LINK), menu)


def is_offered(spec: ClientSpec, entry: EntryPoint, contact: ClientId | None) -> bool:
    """Whether `entry_points` has this one; on a tile, whether it has this contact."""
    if spec.platform is not Platform.WINDOWS:
        return False
    if not spec.supports_direct:
        return entry in EMAIL_ENTRIES
    list_ = entry.contact_list
    if list_ is None:
        return entry is not EntryPoint.EMAIL_LINK
    return contact is not None and contact in spec.contacts.get(list_, ())


def email_text(spec: ClientSpec, policy: Policy) -> str:
    """The text of the email, without a recipient; creates no invitation (EMAIL-9)."""
    identity = spec.identity
    address: str = identity.id
    if policy.email_prefers_the_alias and identity.alias is not None:
        address = identity.alias
    text = (
        "Hello,\n\n"
        f"please connect to my device: {address}\n"
        "Paste this address into your client and choose Connect.\n"
    )
    if spec.supports_direct and not policy.new_email_links_the_website:
        return text
    return f"{text}\nThe client is available at {WEBSITE}\n"
