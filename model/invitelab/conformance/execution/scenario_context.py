"""State of one scenario: its people, its invitations, and when to observe the target.

The context turns steps into calls, and `timing` decides when to look. Times count from
a send, so that settling times do not add up.
"""

from collections.abc import Callable, Mapping
from typing import TypeVar

from invitelab.adapters import messages as wire
from invitelab.adapters import wire_types
from invitelab.adapters.handshake import Capability
from invitelab.adapters.scenario_session import ScenarioSession
from invitelab.conformance.execution.outcomes import (
    ExpectationFailed,
    NotApplicable,
    WithoutEffect,
)
from invitelab.conformance.execution.recorder import Trace
from invitelab.conformance.execution.scenario_state import Email, Sent, SetUp
from invitelab.conformance.execution.timing import Timing
from invitelab.conformance.factors.cast import Cast
from invitelab.conformance.features.people import Person, not_taking_part
from invitelab.errors import CallError, HangError, ScenarioTextError
from invitelab.formats.run import Absent
from invitelab.protocol.values import Version

Result = TypeVar("Result", bound=wire_types.Wire)


class ScenarioContext:
    """The operations and expectations that steps use; one object a scenario."""

    def __init__(
        self, set_up: SetUp, token: str, trace: Trace, cast: Cast | None = None
    ) -> None:
        self._session = set_up.session
        self._target = set_up.target
        self._clock = set_up.clock
        self._token = token
        self._cast = cast or Cast("")
        self._begun = False
        self._seen: dict[tuple[str, str], list[str]] = {}
        self._unknown: dict[str, bool] = {}
        """By person, whether an invitation is shown from an ID that nobody has."""
        self.trace = trace
        self.people: dict[str, Person] = {}
        self.sent: list[Sent] = []
        self._timing = Timing(set_up, self.sent)
        self.emails: list[Email] = []
        self.required: dict[Capability, None] = {}
        """The capabilities that were required so far, in order."""
        self.outcome: wire.OutcomeBase | None = None
        self.before: Mapping[str, wire.View] = {}
        self.shown_before: Mapping[str, wire.View] = {}
        self._shown: dict[str, wire.View] = {}

    @property
    def session(self) -> ScenarioSession:
        """The calls of this scenario, and the wall time that is left for it."""
        return self._session

    @property
    def now_ms(self) -> int:
        """Time on the scenario's clock, in milliseconds."""
        return self._clock.now_ms

    # People.

    def enter(self, name: str, version: str, platform: str = "windows") -> Person:
        """Add a person with a client of that version.

        Raises ScenarioTextError for one who takes part already, for what is no version,
        and after the scenario has begun.
        """
        if self._begun or name in self.people:
            msg = f"{name} cannot enter here: there already, or too late"
            raise ScenarioTextError(msg)
        try:
            Version.parse(version)
        except ValueError as error:
            raise ScenarioTextError(str(error)) from error
        token, drawn = self._cast.token("c"), self._cast.identity(name)
        person = Person(
            name=name,
            token=token,
            id=drawn.id,
            alias=None if self._declined(Capability.ALIAS) else drawn.alias,
            version=version,
            platform=platform,
        )
        self.people[name] = person
        self.trace.people |= {token: name, person.id: name}
        return person

    def identify(
        self, name: str, *, id_: str | None = None, alias: str | None = None
    ) -> None:
        """Give a person this ID or alias. Raises ScenarioTextError if it has begun."""
        person = self.person(name)
        if self._begun:
            raise ScenarioTextError(f"{name} is known already")
        if id_ is not None:
            self.trace.people.pop(person.id, None)
            self.trace.people[id_] = name
            person.id = id_
        if alias is not None and not self._declined(Capability.ALIAS):
            person.alias = alias

    def person(self, name: str) -> Person:
        """The person of that name. Raises ScenarioTextError if none takes part."""
        if name not in self.people:
            raise ScenarioTextError(not_taking_part(name, self.people))
        return self.people[name]

    # Calls.

    def require(self, capability: Capability) -> None:
        """Raise NotApplicable if the target has declined this capability."""
        self.required[capability] = None
        reason = self._declined(capability)
        if reason is not None:
            raise NotApplicable(capability, reason)

    def _declined(self, capability: Capability) -> str | None:
        """The reason why the target has declined a capability; None if it has it."""
        reasons = {one.capability: one.reason for one in self._target.declines}
        return reasons.get(capability)

    def begin(self) -> None:
        """Open the scenario, if it is not open; operations and views do so."""
        if self._begun:
            return
        for person in self.people.values():
            for capability in person.required_capabilities():
                self.require(capability)
        self._begun = True
        self.trace.introduce(self.people.values())
        clients = tuple(person.declaration() for person in self.people.values())
        self._exchange(
            "scenario.begin",
            wire.Begin(scenario=self._token, clients=clients),
            wire_types.Empty,
        )
        self._clock.begin([client.client for client in clients])

    def end(self) -> None:
        """Close the scenario, if it was opened. Raises CallError."""
        if self._begun:
            call = wire.Scenario(scenario=self._token)
            self._exchange("scenario.end", call, wire_types.Empty)

    def operate(
        self,
        method: str,
        person: Person,
        result: type[Result],
        *,
        ends: Sent | None = None,
        **params: object,
    ) -> Result:
        """One operation of a person; its effects may take the settling time to show.

        Waits first until the previous operation has settled, so that operations do not
        overtake each other on the way. `ends` is the invitation that it ends unless it
        is refused. Raises CallError and NotApplicable.
        """
        self._let_settle()
        since_ms = self.now_ms
        answer = self._client_call(method, person, result, ends=ends, **params)
        self._timing.operated(since_ms)
        return answer

    def _let_settle(self) -> None:
        """Wait until the previous operation has settled."""
        self.begin()
        self._timing.let_settle()

    def attempt(
        self,
        method: str,
        person: Person,
        result: type[wire.OutcomeBase] = wire.Done,
        *,
        ends: Sent | None = None,
        **params: object,
    ) -> wire.OutcomeBase:
        """An operation whose outcome is kept for a later step; see `operate`."""
        self.outcome = self.operate(method, person, result, ends=ends, **params)
        return self.outcome

    def view(self, person: Person) -> wire.View:
        """The view of a person's client; remembers the invitations in it."""
        view = self._client_call("client.view", person, wire.View)
        known = {other.id: other.name for other in self.people.values()}
        senders = [
            (row.invitation, known.get(row.from_.id.replace(" ", "")))
            for row in view.notifications
        ]
        self._unknown[person.name] = any(name is None for _, name in senders)
        for invitation, name in senders:
            seen = self._seen.setdefault((person.name, name or ""), [])
            if invitation not in seen:
                seen.append(invitation)
        self._shown[person.name] = view
        return view

    def menu(self, person: Person) -> wire.Menu:
        """The menu of a person's client. Raises ExpectationFailed for a refusal."""
        outcome = self._client_call("client.menu", person, wire.MenuOutcome)
        if outcome.ok is None:
            msg = f"{person.name}'s client refused to show its menu"
            raise ExpectationFailed(msg)
        return outcome.ok

    def _client_call(
        self,
        method: str,
        person: Person,
        result: type[Result],
        *,
        ends: Sent | None = None,
        **params: object,
    ) -> Result:
        known = wire.METHODS[method]
        if known.capability is not None:
            self.require(known.capability)
        self.begin()
        call = known.params.model_validate(
            {"scenario": self._token, "client": person.token, **params}
        )
        return self._exchange(method, call, result, ends)

    def _exchange(
        self,
        method: str,
        call: wire_types.Wire,
        result: type[Result],
        ends: Sent | None = None,
    ) -> Result:
        since_ms = self.now_ms
        try:
            answer = self._session.call(method, call, result)
        except CallError as error:
            self.trace.exchange(self.now_ms, method, call, error)
            if isinstance(error, HangError):
                raise self._timing.blamed(error, since_ms) from error
            raise
        if not isinstance(answer, wire_types.Empty):
            self.trace.exchange(self.now_ms, method, call, answer)
            if isinstance(answer, wire.OutcomeBase) and answer.refused is not None:
                self.trace.refusals += 1
            if ends is not None and isinstance(answer, wire.OutcomeBase):
                ends.ends_with(answer)
            self._timing.stay_before_deadlines()
        return answer

    # Time.

    def pass_until(self, at_ms: int) -> None:
        """Let time pass until an instant of the scenario's clock.

        Raises Inconclusive when it has passed, or when the target does not notice that
        its clock was moved; ScenarioTextError for more time than a target can count.
        """
        if at_ms > wire_types.MOST_MS:
            msg = "a scenario cannot wait that long"
            raise ScenarioTextError(msg)
        self._timing.may_pass(at_ms)
        self.begin()
        self._timing.pass_until(at_ms)

    def pass_since(self, start_ms: int, elapsed_ms: int) -> None:
        """Let time pass since a send. Raises Inconclusive for a coarse clock."""
        self._timing.stay_apart(elapsed_ms)
        self.pass_until(start_ms + elapsed_ms)

    # Judging.

    def expect(
        self, problem: Callable[[], str | None], absent: Absent | None = None
    ) -> None:
        """Raise ExpectationFailed unless `problem` gives None until the target settles.

        `problem` gives the sentence to fail with; `absent` is then what is missing.
        """
        self._timing.expect(problem, absent)

    def expect_settled(self, problem: Callable[[], str | None]) -> None:
        """Raise ExpectationFailed unless `problem` gives None after settling."""
        self.begin()
        self._timing.expect_settled(problem)

    # Invitations and emails.

    def invitation(self, inviter: str | None = None, to: str | None = None) -> Sent:
        """The newest invitation, by this inviter and to this recipient if given.

        Raises ExpectationFailed if there is none.
        """
        for sent in reversed(self.sent):
            if sent.fits(inviter, to):
                return sent
        msg = "no invitation could be sent, so nothing can be done with it"
        raise ExpectationFailed(msg)

    def email(self) -> Email:
        """The newest invitation email. Raises ExpectationFailed if none was opened."""
        if not self.emails:
            msg = "no invitation email was opened"
            raise ExpectationFailed(msg)
        return self.emails[-1]

    def seen_by(self, recipient: str, inviter: str | None = None) -> str:
        """The id under which the recipient has seen the newest invitation.

        Looks until the target has settled; raises ExpectationFailed if there is none.
        """
        sent = self.invitation(inviter, recipient)
        key = (recipient, sent.inviter.name)

        def nothing_seen() -> str | None:
            if len(self._seen.get(key, ())) <= sent.seen_before:
                self.view(self.person(recipient))
            if len(self._seen.get(key, ())) > sent.seen_before:
                return None
            return f"{recipient} never saw the invitation from {sent.inviter.name}"

        absent = Absent(source=sent.inviter.name, target=recipient, what="invitation")
        try:
            self.expect(nothing_seen, absent)
        except ExpectationFailed as failed:
            # Shown with an ID that nobody has: it is there, and tells the wrong ID.
            clause = "NOTIFY-3" if self._unknown.get(recipient) else "NOTIFY-1"
            raise WithoutEffect(clause, str(failed), absent) from failed
        return self._seen[key][-1]

    def send(
        self, inviter: Person, recipient: Person | None, **params: object
    ) -> wire.OutcomeBase:
        """Send an invitation, and keep it if that succeeds."""
        key = (recipient.name if recipient else "", inviter.name)
        seen_before = len(self._seen.get(key, ()))
        self._let_settle()
        with self._session.turn:  # calls of other scenarios would prolong the sending
            since_ms = self.now_ms
            send = "invitation.send"
            result = wire.SendOutcome
            outcome = self.attempt(send, inviter, result, ends=None, **params)
        if isinstance(outcome, wire.SendOutcome) and outcome.ok is not None:
            self.sent.append(
                Sent(
                    inviter=inviter,
                    recipient=recipient,
                    id=outcome.ok.invitation,
                    at_ms=self.now_ms,
                    since_ms=since_ms,
                    seen_before=seen_before,
                )
            )
        return outcome

    def remember(self, *names: str) -> None:
        """Keep these people's present views to compare, and the last ones of all."""
        self._let_settle()
        self.shown_before = dict(self._shown)
        self.before = {name: self.view(self.person(name)) for name in names}
