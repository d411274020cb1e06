"""A sample of invitations, each with its facts: for the timeline and the invariants."""

from collections.abc import Mapping, Sequence

from invitelab.formats.results import InvitationTrace, Moment, Outcome, Violated
from invitelab.protocol.history import Fact, FactKind, History, Spell, Spoken
from invitelab.protocol.invariants import violations
from invitelab.protocol.values import ClientId, ClientSpec, State, Surface
from invitelab.study.metrics import OUTCOME_OF
from invitelab.world.load.instruments import Instrument

MOST_CHECKED = 2_000
MOST_TRACES = 60
FOLLOWED_EVERY = 4
"""Of the sampled invitations every fourth is followed message by message as well."""
UNTOLD = frozenset({FactKind.OVER, FactKind.UPDATED, FactKind.LEFT})
"""What a trace leaves out: it ends with the joining, before the session."""


class Sample(Instrument):
    """Keeps every 2**n-th invitation, with n as small as the room allows.

    Which ones are kept depends on the order of sending alone, which a seed fixes.
    Messages are noted for one out of `every` of them: they cost more than all the rest.
    """

    def __init__(self, room: int = MOST_CHECKED, every: int = FOLLOWED_EVERY) -> None:
        self._room = room
        self._every = every
        self._step = 1
        self._sent = 0
        self.facts: dict[str, list[Fact]] = {}
        self.spoken: dict[str, list[Spoken]] = {}
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
        # Another instrument may follow invitations that are not among these.
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
        # The id of another one, used again, is for the invariants to see (S13).
        self.facts.setdefault(fact.invitation, []).append(fact)


def broken(
    sample: Sample,
    clients: Mapping[ClientId, ClientSpec],
    *,
    spells: Mapping[ClientId, Sequence[Spell]] | None = None,
    until_us: int | None = None,
) -> list[Violated]:
    """What the invariants of the protocol find in the sampled histories.

    `spells` and `until_us` as in a `History`.
    """
    facts = [fact for facts in sample.facts.values() for fact in facts]
    # The invariants over all invitations want them in the order of time.
    facts.sort(key=lambda fact: fact.at_us)
    history = History(
        clients=clients,
        facts=facts,
        spoken=sample.spoken,
        spells=spells or {},
        until_us=until_us,
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
        inviter=_name(clients[sent.client]),
        recipient=_name(clients[sent.other]),
        outcome=Outcome.PENDING if state is None else OUTCOME_OF[state],
        moments=tuple(
            Moment(
                at_us=fact.at_us,
                kind=fact.kind.value,
                side="inviter" if fact.client == sent.client else "recipient",
                detail=_detail(fact),
            )
            for fact in sorted(facts, key=_as_told)
            if fact.kind not in UNTOLD
            and fact.surface is not Surface.CLIENT  # both surfaces change together
        ),
    )


def _as_told(fact: Fact) -> tuple[int, int]:
    """A cancel is granted behind the end that it makes; it is told before it."""
    if fact.kind is FactKind.SENT:
        return fact.at_us, 0
    return fact.at_us, 1 if fact.kind is FactKind.CANCELLED else 2


def _name(spec: ClientSpec) -> str:
    return spec.identity.alias or spec.id


def _detail(fact: Fact) -> str:
    if fact.kind is FactKind.CLICKED:
        return "accept" if fact.accept else "reject"
    return fact.state.value if isinstance(fact.state, State) else ""
