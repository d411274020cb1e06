"""A busy world: arrivals, people, queues, network conditions and faults."""
