"""What all reports share: pages, SVG, colours, formatting."""
