"""To judge as a stored run did: by its product variant, with its own features."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from invitelab.conformance.execution.judged import product_record
from invitelab.conformance.factors.run_plan import whole_suite
from invitelab.conformance.features.own import use_own_features
from invitelab.errors import UsageError
from invitelab.formats.product import ProductRecord
from invitelab.formats.run import Header, ScenarioRecord
from invitelab.formats.walk_text import WALK
from invitelab.world.product import SPECIFIED, Product, read_product, use_product

_HINT = "replay it in the folder where it was checked, or run the check again"


def judge_as(header: Header, records: Iterable[ScenarioRecord]) -> None:
    """Judge these scenarios as the run did. Raises UsageError where that is no more.

    Features that are gone are missed only where one of the scenarios is theirs.
    """
    use_product(SPECIFIED if header.profile is None else _product(header.profile))
    places = _places(header.features)
    gone = [one for one in places if not one.exists()]
    known = {one.scenario.name for one in whole_suite()} if gone else set[str]()
    if gone and any(one.title not in known and one.feature != WALK for one in records):
        msg = f"the run was with the features of {gone[0]}, which does not exist here"
        raise UsageError(msg, hint=_HINT)
    for one in places:
        if one not in gone:
            use_own_features(one)


def _places(told: str | None) -> Sequence[Path]:
    """The folders and files of a header; a comma may also be in the name of one."""
    if told is None:
        return ()
    whole = Path(told)
    return [whole] if whole.exists() else [Path(one) for one in told.split(", ")]


def _product(told: ProductRecord) -> Product:
    """The product of a record, from its file: the record has not all of it."""
    path = Path(told.file)
    judge = f"the run was judged by the profile {told.name}"
    if not path.is_file():
        raise UsageError(f"{judge}, and {told.file} does not exist here", hint=_HINT)
    product = read_product(path)
    now = product_record(product)
    # The path of a file depends on the folder that the command is run in.
    if now is None or now.model_copy(update={"file": told.file}) != told:
        msg = f"{judge}, and {told.file} is another one by now"
        raise UsageError(msg, hint="run the check again")
    return product
