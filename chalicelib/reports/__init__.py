"""What it yields: figures per area, scheduled summaries."""
