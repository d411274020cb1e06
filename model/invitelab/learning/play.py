"""One question in a scenario of its own: gives inputs, and looks what changes."""

from collections import Counter
from typing import TYPE_CHECKING, TypeVar

from invitelab.adapters import messages as wire
from invitelab.adapters import wire_types
from invitelab.conformance.execution.scenario_runner import Ready
from invitelab.conformance.features.steps.offers import has_alias, has_id, has_link
from invitelab.learning.operations import Operation
from invitelab.learning.sight import Output, Sight, changes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from invitelab.conformance.features.people import Person

Result = TypeVar("Result", bound=wire_types.Wire)

BROWSER = "default-browser"


class Play:
    """A scenario that is open at a target, and what is known of its ids."""

    def __init__(
        self, ready: Ready, token: str, people: "Mapping[str, Person]", sight: Sight
    ) -> None:
        set_up = ready.set_up(token)
        self._session = set_up.session
        self._clock = set_up.clock
        self._token = token
        self._sight = sight
        self._calls = {
            name: wire.ClientCall(scenario=token, client=one.token)
            for name, one in people.items()
        }
        self._events: list[str] = []
        self.people = people
        self.sent: dict[tuple[str, str], str] = {}
        """The inviter's id of the newest invitation of each pair."""
        self.sent_ms: dict[tuple[str, str], int] = {}
        """When it was sent."""
        self.shown: dict[tuple[str, str], str] = {}
        """The recipient's id of the newest invitation it has seen, by the inviter."""
        self.sessions: dict[tuple[str, str], str] = {}
        """The id of the newest session, by each client and the session's guest."""
        self.offline = {name for name, one in people.items() if not one.online}
        self.address: str | None = None
        """The address in the newest email."""
        self.seen: dict[str, Counter[str]] = {name: Counter() for name in people}

    def begin(self) -> None:
        """Open the scenario. What is there already is a part of the first output."""
        clients = tuple(one.declaration() for one in self.people.values())
        begin = wire.Begin(scenario=self._token, clients=clients)
        self.call("scenario.begin", begin, wire_types.Empty)
        self._clock.begin([one.token for one in self.people.values()])

    def end(self) -> None:
        """Close the scenario."""
        end = wire.Scenario(scenario=self._token)
        self.call("scenario.end", end, wire_types.Empty)

    def step(self, operation: Operation) -> Output:
        """Give an input; what comes back, and what changes."""
        self._events.clear()
        answer = operation.perform(self)
        return Output(answer=answer, changes=(*self._events, *self._look()))

    def _look(self) -> "Sequence[str]":
        """Everybody who is online looks; what has changed for them."""
        found: list[str] = []
        for name, call in self._calls.items():
            if name in self.offline:
                continue
            view = self.call("client.view", call, wire.View)
            self._note(name, view)
            now = self._sight.rows(view)
            if now != self.seen[name]:
                found += changes(name, self.seen[name], now)
                self.seen[name] = now
        return found

    def _note(self, name: str, view: wire.View) -> None:
        for shown in view.notifications:
            self.shown[name, self._sight.name(shown.from_.id)] = shown.invitation
        for row in view.sessions:
            self.sessions[name, self._sight.name(row.guest)] = row.session

    # For operations.

    def of(self, name: str) -> dict[str, str]:
        """The fields that every call of a client has."""
        return {"scenario": self._token, "client": self.people[name].token}

    def call(
        self, method: str, params: wire_types.Wire, result: type[Result]
    ) -> Result:
        """Make one call. Raises CallError."""
        return self._session.call(method, params, result)

    @property
    def now_ms(self) -> int:
        """Time on the scenario's clock."""
        return self._clock.now_ms

    def wait(self, ms: int) -> None:
        """Let time pass."""
        self._clock.wait_until(self._clock.now_ms + ms)

    def opened(self, name: str, email: wire.EmailOpened) -> None:
        """An email has opened: what it has becomes a part of the output."""
        author, text = self.people[name], email.text
        with_id, with_alias = has_id(text, author), has_alias(text, author)
        if with_alias:
            self.address = author.alias
        else:
            self.address = author.id if with_id else None
        parts = {
            "the ID": with_id,
            "the alias": with_alias,
            "a link": has_link(text),
        }
        said = " and ".join(word for word, is_there in parts.items() if is_there)
        where = "the browser" if email.opened_with == BROWSER else "another program"
        words = f"an email opens in {where}, with {said or 'nothing'}"
        self._events.append(f"{name}: ! {words}")
