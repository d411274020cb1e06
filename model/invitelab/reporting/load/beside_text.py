"""A measurement beside the simulation of it, as text."""

from collections.abc import Iterator, Mapping, Sequence
from math import floor, log10

from invitelab.formats.beside import Beside, Calibration, OutcomePair, Overlay
from invitelab.formats.results import Estimate, Outcome
from invitelab.formats.several_results import Comparison
from invitelab.reporting.common.formatting import (
    clean,
    duration,
    grouped,
    listed,
    plural,
    share,
    spoken,
)

SURE = "95 %"


def besides(comparison: Comparison, found: Beside) -> str:
    """What lies beside what, and how the two are compared."""
    model = comparison.a if found.model == "a" else comparison.b
    how = "Measured" if found.source == "target" else "Imported"
    name = clean(found.measured) or "not named"
    return (
        f"Simulated: {clean(model)}, {plural(found.replications, 'replication')}."
        f" {how}: {name}. Each percentile is held against the interval in which one"
        f" more run of the model would lie, {SURE} for all of a delay together, and so"
        " for the shares of all outcomes."
    )


def conclusion(found: Beside) -> str:
    """Up to which percentile each delay is explained, and which outcomes differ."""
    text = _explained(found)
    pairs = seen(found.shares)
    if not pairs:
        return text
    whole = plural(len(pairs), "outcome")
    different = [one.outcome.value for one in pairs if one.different]
    if not different:
        return f"{text} No difference shown in the shares of {whole}."
    number = f"{len(different)} of {whole}"
    return f"{text} The share differs in {number}: {listed(different)}."


def _explained(found: Beside) -> str:
    drawn = [one for one in found.overlays if one.points]
    if not drawn:
        return "There is no delay that both have enough samples of."
    explained = [f"the {_name(one)} {_reach(one)}" for one in drawn if one.explained]
    not_explained = [
        f"the {_name(one)}{_of_the_tested(one)}" for one in drawn if not one.explained
    ]
    if not explained:
        return f"The model does not explain {listed(not_explained)}."
    text = f"The model explains {listed(explained)}"
    return f"{text}; not {listed(not_explained)}." if not_explained else f"{text}."


def _name(one: Overlay) -> str:
    return clean(spoken(one.metric))


def _of_the_tested(one: Overlay) -> str:
    """` (7 of 11 percentiles are as simulated)`, where some are; else nothing."""
    tested = [at for at in one.points if at.tested]
    inside = sum(at.is_inside for at in tested)
    if not inside:
        return ""
    are = "is" if inside == 1 else "are"
    return f" ({inside} of {plural(len(tested), 'percentile')} {are} as simulated)"


def _reach(one: Overlay) -> str:
    text = f"up to {near_percentile(one.explained or 0.0)}"
    return f"{text} (the last tested)" if one.explained == one.last_tested else text


def near_percentile(probability: float) -> str:
    """The name of a percentile with two digits of what is beyond: `p94.4`, `p99.82`."""
    beyond = 100 * (1 - probability)
    digits = max(0, 1 - floor(log10(beyond)))
    text = f"{100 - beyond:.{digits}f}"
    return f"p{text.rstrip('0').rstrip('.') if '.' in text else text}"


def overlay_text(one: Overlay) -> str:
    """One delay in sentences: how far it is explained, and what is beyond."""
    name = _name(one).capitalize()
    never = _never(one)
    if not one.points:
        return f"{name}: too few samples in one of them for a curve.{never}"
    broken = next((at for at in one.points if at.tested and not at.is_inside), None)
    if broken is None:
        last = near_percentile(one.last_tested or 0.0)
        return f"{name}: explained up to {last}, the last tested.{never}"
    begin = f"not explained{_of_the_tested(one)}"
    if one.explained is not None:
        begin = f"explained up to {near_percentile(one.explained)}"
    span = f"{duration(broken.low_us)} to {duration(broken.high_us)}"
    return (
        f"{name}: {begin}; at {near_percentile(broken.probability)} it measured"
        f" {duration(broken.measured_us)}, and the model says {span}.{never}"
    )


def _never(one: Overlay) -> str:
    if not one.model_never and not one.measured_never:
        return ""
    parts = [
        f"{grouped(never)} of {grouped(never + number)} {which}"
        for never, number, which in (
            (one.measured_never, one.measured_count, "measured"),
            (one.model_never, one.model_count, "simulated"),
        )
    ]
    return f" It never came for {listed(parts)}."


def share_text(estimate: Estimate) -> str:
    """A share with its interval: `41 % (39 % to 43 %)`."""
    text = share(estimate.mean)
    if estimate.low is None or estimate.high is None:
        return text
    return f"{text} ({share(estimate.low)} to {share(estimate.high)})"


def difference_text(pair: OutcomePair) -> str:
    """Whether chance explains the difference of a share."""
    return "different" if pair.different else "no difference shown"


def seen(pairs: Sequence[OutcomePair]) -> list[OutcomePair]:
    """The outcomes that happened in either, and those that are never left out."""
    kept = {Outcome.ACCEPTED, Outcome.REJECTED, Outcome.EXPIRED}
    return [
        one
        for one in pairs
        if one.outcome in kept or one.model.mean or one.measured.mean
    ]


# --- Calibration -----------------------------------------------------------------

HOW = (
    "two legs of the network and a service of the relay, without waits, in the shapes"
    " of the simulated scenario, by p50 and p99"
)


def calibration_lines(found: Calibration | None) -> Iterator[str]:
    """The values that would fit, as options of `invitelab simulate`."""
    if found is None:
        yield "calibration: the measured notify delay has no p99, or is zero"
        return
    half, rare = duration(found.measured_p50_us), duration(found.measured_p99_us)
    yield f"calibration to the measured notify delay, p50 {half} and p99 {rare}:"
    yield f"  --set '{setting('network.latency', found.latency)}'"
    yield f"  --set '{setting('relay.service', found.service)}'"
    yield f"  ({HOW})"
    if not found.exact:
        yield (
            f"  no scales of these shapes give that p99: the nearest gives"
            f" {duration(found.fitted_p99_us)}, so that another shape is needed"
        )


def setting(path: str, value: Mapping[str, str | float]) -> str:
    """A distribution as an override: `relay.service={ mean = "1ms", ... }`."""
    fields = ", ".join(
        f'{key} = "{clean(one)}"' if isinstance(one, str) else f"{key} = {one:.6g}"
        for key, one in value.items()
    )
    return f"{path}={{ {fields} }}"
