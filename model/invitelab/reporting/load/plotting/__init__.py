"""Drawing with matplotlib: canvas, axes, ticks, style."""
