"""Who did what: a trail that can only grow, and shows where it was touched."""
