"""The schedule of a scenario: everything that its users intend, attempt by attempt.

It is what a simulation of the same seed and replication would do, for tools that play
it themselves. Nothing is simulated: the clicks of users do not depend on what becomes
of an invitation, except that one that has ended can no longer be answered, cancelled or
modified. A closed loop has no schedule, because its instants depend on the answers.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Literal, NamedTuple

from invitelab.errors import UsageError
from invitelab.protocol.values import ClientSpec
from invitelab.world.load.arrivals import instants
from invitelab.world.load.intentions import Intentions
from invitelab.world.load.load_world import LoadWorld, make_population
from invitelab.world.load.population import Population
from invitelab.world.load.rng import CounterRng
from invitelab.world.scenario.schema import Closed, Scenario, Trace

AT_ONCE = 50_000
"""Attempts after which the clients are forgotten, so that they do not fill memory."""

Answer = Literal["accept", "reject", "none"]
ANSWERS: dict[bool | None, Answer] = {True: "accept", False: "reject", None: "none"}


class PlannedAttempt(NamedTuple):
    """An attempt to invite; times are in microseconds, None for what is not done.

    `at_us` counts from the beginning of the run. `think_us` counts from the moment when
    the recipient sees the invitation, `cancel_after_us` and `modify_after_us` from when
    it was sent, `connect_after_us` from the email, and `session_us` from its beginning.
    `to` is what the inviter types: the ID or the alias of `recipient`. An `email` is
    written if, and only if, a direct invitation is impossible.
    """

    attempt: int
    at_us: int
    inviter: str
    recipient: str
    entry: str
    to: str
    profile: str
    answer: Answer
    think_us: int | None
    cancel_after_us: int | None
    modify_after_us: int | None
    modify_profile: str | None
    email: bool
    connect_after_us: int | None
    session_us: int | None


class PlannedClient(NamedTuple):
    """A client of the population, as it is when the run begins.

    `direct` says whether its version supports direct invitations, `locked` whether it
    is a custom build that locks some permissions.
    """

    id: str
    alias: str | None
    version: str
    platform: str
    online: bool
    direct: bool
    locked: bool


class Schedule:
    """What the users of one replication intend.

    `trace` are the instants of trace arrivals in microseconds, in order. Raises
    UsageError for closed-loop arrivals, and where no client can invite.
    """

    def __init__(
        self, scenario: Scenario, replication: int = 0, trace: Sequence[int] = ()
    ) -> None:
        if isinstance(scenario.arrivals, Closed):
            raise UsageError(
                "a closed loop has no schedule: each helper invites again when the"
                " invitation before has ended",
                hint="arrivals of kind poisson, stages or trace have one, such as"
                ' --set \'arrivals={kind="poisson", rate="5/s"}\'',
            )
        self._scenario = scenario
        self._replication = replication
        self._trace = trace
        self._rng = CounterRng(scenario.seed, replication)
        self._population = make_population(scenario, self._rng)

    def clients(self) -> Iterator[PlannedClient]:
        """All clients of the population."""
        population = self._population
        for index in range(len(population)):
            yield _client(population.spec(index), online=population.is_online(index))

    def attempts(self) -> Iterator[PlannedAttempt]:
        """All attempts in the order of time, those of the warm-up too."""
        numbered = enumerate(self._instants())
        while some := list(islice(numbered, AT_ONCE)):
            yield from self._some(some)

    def _instants(self) -> Iterator[int]:
        arrivals, duration_us = self._scenario.arrivals, self._scenario.duration
        assert not isinstance(arrivals, Closed), "it is refused above"
        if isinstance(arrivals, Trace):
            return (at_us for at_us in self._trace if at_us < duration_us)
        return instants(arrivals, duration_us, self._rng)

    def _some(self, numbered: Sequence[tuple[int, int]]) -> Iterator[PlannedAttempt]:
        people = _People(self._scenario, self._replication, self._population)
        for number, at_us in numbered:
            yield people.attempt(number, at_us)


class _People:
    """The intentions of users, and the clients that they choose among."""

    def __init__(
        self, scenario: Scenario, replication: int, population: Population
    ) -> None:
        # A world that is never run: its directory knows who can be chosen.
        world = LoadWorld(scenario, replication=replication, population=population)
        self._directory = world.directory
        rng = CounterRng(scenario.seed, replication)
        self._intentions = Intentions(scenario.people, rng)

    def attempt(self, number: int, at_us: int) -> PlannedAttempt:
        """The attempt with this number."""
        intend, directory = self._intentions, self._directory
        attempt = intend.attempt(number)
        sender = directory.inviter(attempt)
        recipient, entry = directory.recipient(sender, attempt)
        spec = recipient.device.spec
        accepts, think_us = intend.answer(number)
        modify_us = intend.modify_us(number)
        email = intend.writes_email(number)
        return PlannedAttempt(
            attempt=number,
            at_us=at_us,
            inviter=sender.device.id,
            recipient=spec.id,
            entry=entry.value,
            to=intend.address(number, spec, entry),
            profile=attempt.profile,
            answer=ANSWERS[accepts],
            think_us=None if accepts is None else think_us,
            cancel_after_us=intend.cancel_us(number),
            modify_after_us=modify_us,
            modify_profile=None if modify_us is None else intend.other_profile(number),
            email=email,
            connect_after_us=intend.connect_us(number) if email else None,
            session_us=intend.session_us(number) if accepts else None,
        )


def _client(spec: ClientSpec, *, online: bool) -> PlannedClient:
    return PlannedClient(
        id=spec.identity.id,
        alias=spec.identity.alias,
        version=str(spec.version),
        platform=spec.platform.value,
        online=online,
        direct=spec.supports_direct,
        locked=bool(spec.locked),
    )
