"""Who is judged, and by which product, as a run names them.

Both processes of a check need it, and the parent nothing else of a run's making.
"""

from invitelab.formats.product import ProductRecord
from invitelab.safe_text import escaped
from invitelab.world.product import Product

MOST_TARGET = 500
"""Characters of a target in its header, by which a run is known again."""


def product_record(product: Product) -> ProductRecord | None:
    """The record of a product; None for that of the specification."""
    if product.is_specified:
        return None
    return ProductRecord(
        name=product.name,
        file=escaped(product.file, MOST_TARGET),
        lifetime_ms=product.lifetime_ms,
        otherwise=dict(product.otherwise_by_clause),
    )
