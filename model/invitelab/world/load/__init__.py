"""The world under load: arrivals, user behaviour, queues, network and faults."""
