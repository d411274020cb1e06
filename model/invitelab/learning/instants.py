"""When each input of a sequence is over, on the scenario's clock."""

from collections.abc import Iterator, Sequence

from invitelab.learning.alphabet import Input
from invitelab.learning.operations import OK, Invite, Until, Wait
from invitelab.learning.sight import Output


def is_wait(one: Input) -> bool:
    """Whether an input lets time pass, and does nothing else."""
    return isinstance(one.operation, Wait | Until)


def instants(inputs: Sequence[Input], told: Sequence[Output]) -> Iterator[int]:
    """Milliseconds since the beginning, after each input."""
    now_ms = 0
    sent_ms: dict[tuple[str, str], int] = {}
    for one, output in zip(inputs, told, strict=True):
        match one.operation:
            case Wait(ms=ms):
                now_ms += ms
            case Until(by=by, to=to, ms=ms) if (by, to) in sent_ms:
                now_ms = max(now_ms, sent_ms[by, to] + ms)
            case Invite(by=by, to=to) if output.answer == OK:
                sent_ms[by, to] = now_ms
            case _:
                pass
        yield now_ms
