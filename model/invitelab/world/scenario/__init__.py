"""A scenario file as frozen values: schema, parts, faults, units and traces."""
