"""A sample of invitations with their facts, for traces and invariants."""

from collections.abc import Mapping, Sequence

from invitelab.formats.observed import InvitationTrace, Moment, Outcome, Violated
from invitelab.protocol.history import Fact, FactKind, History, Spell, Spoken
from invitelab.protocol.invariants import violations
from invitelab.protocol.policy import Policy
from invitelab.protocol.values import ClientId, ClientSpec, State, Surface
from invitelab.study.metrics import OUTCOME_OF
from invitelab.world.load.instruments import Instrument

MOST_CHECKED = 2_000
MOST_TRACES = 60
FOLLOWED_EVERY = 4
"""Of the sampled invitations, every fourth is also followed message by message."""
LEFT_OUT = frozenset({FactKind.OVER, FactKind.UPDATED, FactKind.LEFT})
"""What a trace leaves out: it ends with the joining, before the session."""


class Sample(Instrument):
    """Keeps every 2**n-th invitation, at most `room`, with n as small as possible.

    Which ones are kept depends on the order of sending alone, which the seed fixes.
    Messages are only kept of every `every`-th of them, because they cost the most.
    """

    wants = frozenset({FactKind.SENT})

    def __init__(self, room: int = MOST_CHECKED, every: int = FOLLOWED_EVERY) -> None:
        self._room = room
        self._every = every
        self._step = 1
        self._sent = 0
        self.facts: dict[str, list[Fact]] = {}
        self.spoken: dict[str, list[Spoken]] = {}
        self.kept = self.facts
        self.followed = self.spoken

    def happened(self, at_us: int, fact: Fact) -> None:
        """Keep the facts of the sampled ones."""
        del at_us
        if fact.kind is FactKind.SENT:
            if self._sent % self._step == 0:
                self._keep(fact)
            self._sent += 1
        elif fact.invitation in self.facts:
            self.facts[fact.invitation].append(fact)

    def spoke(self, spoken: Spoken) -> None:
        """Keep the messages of the sampled ones."""
        # Another instrument may follow invitations that are not sampled.
        kept = self.spoken.get(getattr(spoken.message, "invitation", ""))
        if kept is not None:
            kept.append(spoken)

    def _keep(self, fact: Fact) -> None:
        if len(self.facts) >= self._room:
            self._step *= 2
            for invitation in list(self.facts)[1::2]:
                del self.facts[invitation]
                self.spoken.pop(invitation, None)
            for place, invitation in enumerate(self.facts):
                if place % self._every:
                    self.spoken.pop(invitation, None)
            if self._sent % self._step:
                return
        if len(self.facts) % self._every == 0:
            self.spoken.setdefault(fact.invitation, [])
        # An id that is used again is kept, because it breaks an invariant (S13).
        self.facts.setdefault(fact.invitation, []).append(fact)


def broken_invariants(
    sample: Sample,
    clients: Mapping[ClientId, ClientSpec],
    *,
    spells: Mapping[ClientId, Sequence[Spell]] | None = None,
    until_us: int | None = None,
    policy: Policy | None = None,
) -> list[Violated]:
    """The violations of the protocol's invariants in the sampled histories.

    `spells`, `until_us` and `policy` as in a `History`.
    """
    facts = [fact for facts in sample.facts.values() for fact in facts]
    # Invariants over all invitations expect facts in the order of time.
    facts.sort(key=lambda fact: fact.at_us)
    history = History(
        clients=clients,
        facts=facts,
        spoken=sample.spoken,
        spells=spells or {},
        until_us=until_us,
        policy=policy or Policy(),
    )
    return [
        Violated(invariant=one.invariant, at_us=one.at_us, message=one.message)
        for one in violations(history)
    ]


def sampled_traces(
    sample: Sample, clients: Mapping[ClientId, ClientSpec], count: int = MOST_TRACES
) -> tuple[InvitationTrace, ...]:
    """Traces of at most `count` of the sampled invitations, evenly over the run."""
    sampled = list(sample.facts.items())
    step = max(1, -(-len(sampled) // count))
    return tuple(
        _trace(number, facts, clients)
        for number, (_, facts) in enumerate(sampled[::step], start=1)
    )


def _trace(
    number: int, facts: list[Fact], clients: Mapping[ClientId, ClientSpec]
) -> InvitationTrace:
    sent = facts[0]
    assert sent.other is not None, "an invitation has a recipient"
    state = next((fact.state for fact in facts if fact.kind is FactKind.ENDED), None)
    return InvitationTrace(
        number=number,
        invitation=sent.invitation,
        inviter=name_of(clients[sent.client]),
        recipient=name_of(clients[sent.other]),
        outcome=Outcome.PENDING if state is None else OUTCOME_OF[state],
        moments=tuple(
            Moment(
                at_us=fact.at_us,
                kind=fact.kind.value,
                side="inviter" if fact.client == sent.client else "recipient",
                detail=_detail(fact),
            )
            for fact in sorted(facts, key=_order)
            if fact.kind not in LEFT_OUT
            and fact.surface is not Surface.CLIENT  # both surfaces change together
        ),
    )


def _order(fact: Fact) -> tuple[int, int]:
    """The order of facts: by time, but a cancel before the end that it causes."""
    if fact.kind is FactKind.SENT:
        return fact.at_us, 0
    return fact.at_us, 1 if fact.kind is FactKind.CANCELLED else 2


def name_of(spec: ClientSpec) -> str:
    """What a client is called in a trace."""
    return spec.identity.alias or spec.id


def _detail(fact: Fact) -> str:
    if fact.kind is FactKind.CLICKED:
        return "accept" if fact.accept else "reject"
    return fact.state.value if isinstance(fact.state, State) else ""
