"""Transports: how requests and answers travel to a target."""
