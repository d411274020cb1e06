"""Recordings: what the reference has answered with one seed, played back to another.

A player knows nothing of the protocol but answers, which it finds by the calls before,
by the method, or by the position in the run. With the seed of the recording it passes.
With another seed other people take part, with other values and in another order, so
that no required clause may pass.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from itertools import chain, count
from typing import NamedTuple

from invitelab.adapters.base import Adapter, Json
from invitelab.adapters.reference.adapter import Reference
from invitelab.adapters.transports.direct import DirectTarget
from invitelab.proof.suite_run import run_suite

BEGIN = "scenario.begin"
ADVANCE = "clock.advance"
UNKNOWN: Json = {"ok": {}}
"""The answer to a method that was never recorded."""

Params = Mapping[str, Json]


class Exchange(NamedTuple):
    """A call, and what the reference has answered."""

    method: str
    params: Params
    answer: Json


@dataclass(frozen=True, slots=True)
class Recording:
    """All exchanges of one run, in their order."""

    exchanges: Sequence[Exchange]

    def methods(self) -> set[str]:
        """The methods that were called."""
        return {one.method for one in self.exchanges}

    def of(self, method: str) -> list[Json]:
        """What was answered to a method, in the order of the calls."""
        return [one.answer for one in self.exchanges if one.method == method]


class Recorder:
    """Adapter that keeps what another one answers."""

    def __init__(self, adapter: Adapter) -> None:
        self.adapter = adapter
        self.exchanges: list[Exchange] = []

    def request(self, method: str, params: Params) -> Json:
        """Pass the call on, and keep the answer."""
        answer = self.adapter.request(method, params)
        self.exchanges.append(Exchange(method, params, answer))
        return answer


def recorded(adapter: Adapter, seed: int) -> Recording:
    """A run of the whole suite on an implementation with this seed."""
    recorder = Recorder(adapter)
    run_suite(DirectTarget(recorder), seed=seed)
    return Recording(recorder.exchanges)


@cache
def record(seed: int) -> Recording:
    """That of the reference; once a process."""
    return recorded(Reference(), seed)


class Player:
    """Adapter that plays a recording back; only its clock is its own."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.now_ms: dict[Json, int] = {}

    def request(self, method: str, params: Params) -> Json:
        """Answer as recorded, but with the time that has passed."""
        answer = self.answer(method, params)
        scenario = params.get("scenario")
        if method == BEGIN:
            self.now_ms[scenario] = 0
        if method != ADVANCE:
            return answer
        ms = params["ms"]
        assert isinstance(ms, int), "time is a number"
        self.now_ms[scenario] = self.now_ms.get(scenario, 0) + ms
        return {"now_ms": self.now_ms[scenario]}

    def answer(self, method: str, params: Params) -> Json:
        """The recorded answer to this call; every call is asked for, in its order."""
        raise NotImplementedError


class ByHistory(Player):
    """Player that looks for the same calls since the beginning of the scenario.

    Where none are known it gives the answer that the method has had most often.
    """

    def __init__(self, recording: Recording) -> None:
        super().__init__(recording)
        self.known: dict[bytes, Json] = {}
        self.usual = _most_frequent(recording)
        past = Histories()
        for method, params, answer in recording.exchanges:
            self.known[past.after(method, params)] = answer
        self.past = Histories()

    def answer(self, method: str, params: Params) -> Json:
        """The answer after this history, or the usual one."""
        usual = self.usual.get(method, UNKNOWN)
        return self.known.get(self.past.after(method, params), usual)


class ByMethod(Player):
    """Player that gives the answers to each method in their order, again and again."""

    def __init__(self, recording: Recording) -> None:
        super().__init__(recording)
        self.calls: Counter[str] = Counter()
        self.answers = {name: recording.of(name) for name in recording.methods()}

    def answer(self, method: str, params: Params) -> Json:  # noqa: ARG002 - whatever it was
        """The answer to the call of this method with the same number."""
        known = self.answers.get(method, [UNKNOWN])
        self.calls[method] += 1
        return known[(self.calls[method] - 1) % len(known)]


class ByPosition(Player):
    """Player that gives the answer to the call with the same number.

    Where that was another method it gives the next answer to this one.
    """

    def __init__(self, recording: Recording) -> None:
        super().__init__(recording)
        self.numbers = count()

    def answer(self, method: str, params: Params) -> Json:  # noqa: ARG002 - whatever it was
        """The answer at this position, or the next one to the method."""
        exchanges = self.recording.exchanges
        start = next(self.numbers) % len(exchanges)
        following = (
            one.answer
            for one in chain(exchanges[start:], exchanges[:start])
            if one.method == method
        )
        return next(following, UNKNOWN)


class Histories:
    """The calls of each scenario so far, as a digest without the scenario's token."""

    def __init__(self) -> None:
        self.digests: defaultdict[Json, bytes] = defaultdict(bytes)

    def after(self, method: str, params: Params) -> bytes:
        """The digest after this call; a scenario begins anew."""
        scenario = params.get("scenario")
        before = b"" if method == BEGIN else self.digests[scenario]
        rest = {key: value for key, value in params.items() if key != "scenario"}
        call = json.dumps([method, rest], sort_keys=True).encode()
        self.digests[scenario] = sha256(before + call).digest()
        return self.digests[scenario]


def _most_frequent(recording: Recording) -> Mapping[str, Json]:
    """The answer that each method has had most often; of several, the first."""
    usual: dict[str, Json] = {}
    for method in recording.methods():
        answers = recording.of(method)
        texts = Counter(json.dumps(answer, sort_keys=True) for answer in answers)
        usual[method] = json.loads(texts.most_common(1)[0][0])
    return usual
