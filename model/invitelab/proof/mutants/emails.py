"""Defects of the invitation email, and of connections to its address."""

from collections.abc import Callable, Mapping

from invitelab.adapters.base import Json
from invitelab.adapters.reference.adapter import Reference
from invitelab.proof.mutants.base import Mutant, variant
from invitelab.protocol.menu import WEBSITE
from invitelab.protocol.messages import Message, SessionRequest
from invitelab.protocol.policy import LIFETIME_US, Policy
from invitelab.protocol.refusals import Refusal
from invitelab.protocol.values import (
    US_PER_S,
    Address,
    ClientId,
    ClientSpec,
    EntryPoint,
    Session,
)
from invitelab.world.client import Client

LINE = f"The client is available at {WEBSITE}\n"


# Text of the email.


def _writing(change: Callable[[ClientSpec, EntryPoint, str], str]) -> type[Client]:
    class ChangedEmail(Client):
        """Client with another text in the email."""

        def email(self, entry: EntryPoint) -> str | Refusal:
            """Change the text."""
            text = super().email(entry)
            if isinstance(text, Refusal):
                return text
            return change(self.device.spec, entry, text)

    return ChangedEmail


def _alias_or_none(spec: ClientSpec, _entry: EntryPoint, text: str) -> str:
    return text.replace(spec.id, "None")


def _link_unfilled(spec: ClientSpec, entry: EntryPoint, text: str) -> str:
    if entry is not EntryPoint.EMAIL_LINK:
        return text
    return text.replace(spec.identity.alias or spec.id, "%ADDRESS%")


def _link_as_text(_spec: ClientSpec, _entry: EntryPoint, text: str) -> str:
    return text.replace(WEBSITE, WEBSITE.removeprefix("https://"))


def _link_with_alias(spec: ClientSpec, _entry: EntryPoint, text: str) -> str:
    return text.replace(LINE, "") if spec.identity.alias is None else text


def _old_menu(spec: ClientSpec, entry: EntryPoint) -> bool:
    return entry is EntryPoint.EMAIL_MENU and not spec.supports_direct


def _old_menu_no_link(spec: ClientSpec, entry: EntryPoint, text: str) -> str:
    return text.replace(LINE, "") if _old_menu(spec, entry) else text


def _alias_since_7(spec: ClientSpec, _entry: EntryPoint, text: str) -> str:
    alias = spec.identity.alias
    old = not spec.supports_direct
    return text.replace(alias, spec.id) if alias is not None and old else text


class TemplateFilledOnce(Reference):
    """Reference that fills in the email only for the first sender."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: dict[str, str] = {}

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Keep the first text of each scenario."""
        answer = super().request(method, params)
        match answer:
            case {"ok": {"opened_with": opened_with, "text": str(text)}}:
                first = self.texts.setdefault(str(params["scenario"]), text)
                return {"ok": {"opened_with": opened_with, "text": first}}
            case _:
                return answer


# Program that opens it.


def _opening(
    where: Callable[[ClientSpec, EntryPoint], bool], opened_with: str
) -> type[Reference]:
    class OpensElsewhere(Reference):
        """Client that opens the email with another program in some cases."""

        def request(self, method: str, params: Mapping[str, Json]) -> Json:
            """Change what it was opened with."""
            answer = super().request(method, params)
            match answer:
                case {"ok": {"opened_with": _, "text": text}}:
                    stage = self._scenarios[str(params["scenario"])]
                    spec = stage.clients[str(params["client"])].device.spec
                    if where(spec, EntryPoint(str(params["entry"]))):
                        return {"ok": {"opened_with": opened_with, "text": text}}
                    return answer
                case _:
                    return answer

    return OpensElsewhere


def _is_old(spec: ClientSpec, _entry: EntryPoint) -> bool:
    return not spec.supports_direct


def _is_link(_spec: ClientSpec, entry: EntryPoint) -> bool:
    return entry is EntryPoint.EMAIL_LINK


# Connections to its address.


class OpenDoor(Client):
    """Lets a caller in without a question."""

    wait_us = 0

    def receive(self, sender: ClientId, message: Message) -> None:
        """Start a session at the request."""
        super().receive(sender, message)
        if isinstance(message, SessionRequest) and self.emails:
            self.device.after(self.wait_us, self.let_in, sender)

    def let_in(self, caller: ClientId) -> None:
        """Start a session with the caller."""
        self.inviter.sessions["uninvited"] = Session(
            id="uninvited",
            invitation="none",
            host=self.device.id,
            guest=caller,
            permissions=frozenset(),
        )


class DoorForGuests(OpenDoor):
    """Lets a caller in who is the guest of a session already."""

    def let_in(self, caller: ClientId) -> None:
        """Start another session with a guest."""
        if any(one.guest == caller for one in self.inviter.sessions.values()):
            super().let_in(caller)


class PatientDoor(OpenDoor):
    """Lets a caller in after eight seconds without an answer."""

    wait_us = 8 * US_PER_S


class AliasRequestsLost(Client):
    """Acknowledges a connection to an alias without a request."""

    def request_session(self, typed: str) -> Refusal | None:
        """Acknowledge an alias without effect."""
        address = Address.parse(typed, lenient=True)
        if address is not None and address.any_case:
            return None
        return super().request_session(typed)


class RequestAtTheCaller(Client):
    """Shows the session request at the caller, too."""

    def request_session(self, typed: str) -> Refusal | None:
        """Add the request to the caller's own list."""
        refusal = super().request_session(typed)
        if refusal is None:
            self.inviter.requests.append(self.device.spec.identity)
        return refusal


class RequestBecomesInvitation(Client):
    """Sends a direct invitation to the caller instead of a request."""

    def receive(self, sender: ClientId, message: Message) -> None:
        """Invite the caller."""
        super().receive(sender, message)
        if isinstance(message, SessionRequest) and self.emails:
            name = self.device.spec.profiles[0].name
            self.send(EntryPoint.ICON, sender, name)


class EmailExpires(Client):
    """Ignores session requests two minutes after the email."""

    opened_us = 0

    def email(self, entry: EntryPoint) -> str | Refusal:
        """Remember when it was opened."""
        self.opened_us = self.device.now_us
        return super().email(entry)

    def receive(self, sender: ClientId, message: Message) -> None:
        """Show no request that comes after that."""
        late = self.device.now_us >= self.opened_us + LIFETIME_US
        if not (isinstance(message, SessionRequest) and self.emails and late):
            super().receive(sender, message)


MUTANTS = (
    Mutant(
        name="old-email-never-opens",
        clause="EMAIL-1",
        defect="before version 7 starting an email is acknowledged, and none opens",
        make=_opening(_is_old, ""),
    ),
    Mutant(
        name="link-leaves-the-placeholder",
        clause="EMAIL-2",
        defect="the email from the link has the template's placeholder for an address",
        make=variant(client=_writing(_link_unfilled)),
    ),
    Mutant(
        name="email-to-none",
        clause="EMAIL-2",
        defect="the email of a client without an alias has the address None",
        make=variant(client=_writing(_alias_or_none)),
    ),
    Mutant(
        name="email-of-the-first-sender",
        clause="EMAIL-2",
        defect="every email has the address of the client that started the first one",
        make=TemplateFilledOnce,
    ),
    Mutant(
        name="website-without-https",
        clause="EMAIL-3",
        defect="the email names the website as plain text that cannot be clicked",
        make=variant(client=_writing(_link_as_text)),
    ),
    Mutant(
        name="website-only-with-alias",
        clause="EMAIL-3",
        defect="the email of a client without an alias lacks the link",
        make=variant(client=_writing(_link_with_alias)),
    ),
    Mutant(
        name="old-menu-forgets-the-website",
        clause="EMAIL-3",
        defect="before version 7 the email from the context menu lacks the link",
        make=variant(client=_writing(_old_menu_no_link)),
    ),
    Mutant(
        name="link-opens-the-mail-program",
        clause="EMAIL-4",
        defect="the Invitation Email link opens the mail program",
        make=_opening(_is_link, "mail-program"),
    ),
    Mutant(
        name="menu-opens-the-mail-program",
        clause="EMAIL-4",
        defect="the context menu of the own ID opens the mail program",
        make=_opening(lambda spec, entry: not _is_link(spec, entry), "mail-program"),
    ),
    Mutant(
        name="email-opens-the-door",
        clause="EMAIL-8",
        defect="a client that connects to the emailed address is let in at once",
        make=variant(client=OpenDoor),
    ),
    Mutant(
        name="email-opens-the-door-to-guests",
        clause="EMAIL-8",
        defect="a guest of a session that connects to the emailed address gets another",
        make=variant(client=DoorForGuests),
    ),
    Mutant(
        name="request-let-in-after-8-s",
        clause="EMAIL-8",
        defect="a session request without an answer is let in after eight seconds",
        make=variant(client=PatientDoor),
    ),
    Mutant(
        name="requests-by-alias-lost",
        clause="EMAIL-8",
        defect="connecting to an alias is acknowledged without a session request",
        make=variant(client=AliasRequestsLost),
    ),
    Mutant(
        name="request-shown-to-the-caller",
        clause="EMAIL-8",
        defect="the session request is shown at the caller's client too",
        make=variant(client=RequestAtTheCaller),
    ),
    Mutant(
        name="email-is-pending",
        clause="EMAIL-9",
        defect="an email is listed as a pending invitation",
        make=variant(policy=Policy(email_creates_no_invitation=False)),
    ),
    Mutant(
        name="request-becomes-an-invitation",
        clause="EMAIL-9",
        defect="a client that connects to the emailed address is invited directly",
        make=variant(client=RequestBecomesInvitation),
    ),
    Mutant(
        name="email-expires",
        clause="EMAIL-9",
        defect="two minutes after the email session requests by it are ignored",
        make=variant(client=EmailExpires),
    ),
    Mutant(
        name="alias-in-new-emails-only",
        clause="EMAIL-10",
        defect="before version 7 the email has the ID though there is an alias",
        make=variant(client=_writing(_alias_since_7)),
    ),
)
