"""Defects at the points where only version 7 is silent: email, change, Connect."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from invitelab.adapters.base import Json
from invitelab.adapters.reference.adapter import Reference
from invitelab.proof.mutants.base import Mutant, variant
from invitelab.protocol.policy import Policy
from invitelab.protocol.refusals import Refusal
from invitelab.protocol.values import Permission
from invitelab.world.client import Client

Params = Mapping[str, Json]


# Where an answer is pressed.


def _pressed(
    surface: str, button: str, instead: Callable[[Reference, Params], Json]
) -> type[Reference]:
    class Pressed(Reference):
        """One button, on one surface, does something else."""

        def request(self, method: str, params: Params) -> Json:
            """Change what that button does."""
            if method == button and params.get("surface") == surface:
                return instead(self, params)
            return super().request(method, params)

    return Pressed


def _closes(reference: Reference, params: Params) -> Json:
    """Close the pop-up and leave the invitation as it is."""
    return reference.request("popup.dismiss", params)


def _refuses(_reference: Reference, _params: Params) -> Json:
    return {"refused": {"reason": "not-pending", "message": "use the pop-up"}}


# The recipient at the Accept window.


def _permitting(where: Callable[[bool], bool]) -> type[Reference]:
    class GuestPermits(Reference):
        """The recipient switches permissions of the session as the inviter does."""

        def request(self, method: str, params: Params) -> Json:
            """Let the host's client do it."""
            if method != "session.permit":
                return super().request(method, params)
            world = self._scenarios[str(params["scenario"])]
            joined = world.clients[str(params["client"])].recipient.sessions
            session = joined.get(str(params["session"]))
            allowed = params["allowed"] is True
            if session is None or not where(allowed):
                return super().request(method, params)
            token = next(
                token
                for token, client in world.clients.items()
                if client.device.id == session.host
            )
            return super().request(method, {**params, "client": token})

    return GuestPermits


class GuestSeesItsOwn(Client):
    """What the recipient switches shows at the recipient's client alone."""

    def permit(
        self, session: str, permission: Permission, *, allowed: bool
    ) -> Refusal | None:
        """Show it, though nothing was granted."""
        known = self.recipient.sessions.get(session)
        if known is None:
            return super().permit(session, permission, allowed=allowed)
        held = known.permissions - {permission}
        self.recipient.sessions[session] = replace(
            known, permissions=held | {permission} if allowed else held
        )
        return None


MUTANTS = (
    Mutant(
        name="new-email-lacks-the-website",
        clause="EMAIL-11",
        defect="from version 7 on the email lacks the link to the website",
        make=variant(policy=Policy(new_email_links_the_website=False)),
    ),
    Mutant(
        name="new-email-in-the-mail-program",
        clause="EMAIL-12",
        defect="from version 7 on the email opens in the mail program",
        make=variant(policy=Policy(new_email_opens_in_the_browser=False)),
    ),
    Mutant(
        name="too-old-lapses-unseen",
        clause="DIRECT-10",
        defect="an invitation to a client before version 7 stays pending, and lapses",
        make=variant(policy=Policy(old_recipient_is_refused=False)),
    ),
    Mutant(
        name="change-is-shown-twice",
        clause="NOTIFY-8",
        defect="a modified invitation stands on each surface twice",
        make=variant(policy=Policy(one_notification_after_a_change=False)),
    ),
    Mutant(
        name="popup-accept-only-closes",
        clause="ANSWER-6",
        defect="pressing Accept in the pop-up closes it and starts nothing",
        make=_pressed("popup", "invitation.accept", _closes),
    ),
    Mutant(
        name="popup-reject-only-closes",
        clause="ANSWER-6",
        defect="pressing Reject in the pop-up only closes it",
        make=_pressed("popup", "invitation.reject", _closes),
    ),
    Mutant(
        name="client-accept-refused",
        clause="ANSWER-6",
        defect="pressing Accept in the client is refused, and works in the pop-up",
        make=_pressed("client", "invitation.accept", _refuses),
    ),
    Mutant(
        name="recipient-switches-permissions",
        clause="SESSION-10",
        defect="the recipient can grant and take away permissions of the session",
        make=_permitting(lambda _: True),
    ),
    Mutant(
        name="recipient-takes-permissions-away",
        clause="SESSION-10",
        defect="the recipient can take permissions of the session away",
        make=_permitting(lambda allowed: not allowed),
    ),
    Mutant(
        name="recipient-shows-itself-permissions",
        clause="SESSION-10",
        defect="what the recipient grants itself shows at the recipient's client",
        make=variant(client=GuestSeesItsOwn),
    ),
    Mutant(
        name="connect-accepts",
        clause="SESSION-11",
        defect="pressing Connect in the main window accepts a pending invitation",
        make=variant(policy=Policy(connect_is_an_ordinary_request=False)),
    ),
)
