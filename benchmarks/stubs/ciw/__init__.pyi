# What peers/ciw_desk.py uses of Ciw, which has no types.

from collections.abc import Mapping, Sequence

from ciw import dists as dists

class Network: ...

class Record:
    arrival_date: float
    customer_class: str
    exit_date: float
    node: int

class Simulation:
    def __init__(self, network: Network) -> None: ...
    def get_all_records(self) -> list[Record]: ...
    def simulate_until_max_customers(self, most: int, *, method: str) -> None: ...

def create_network(
    *,
    arrival_distributions: Mapping[str, Sequence[dists.Distribution | None]],
    service_distributions: Mapping[str, Sequence[dists.Distribution]],
    number_of_servers: Sequence[float],
    routing: Mapping[str, Sequence[Sequence[float]]],
) -> Network: ...
def seed(seed: int) -> None: ...
