"""One alert in simulated time, up to the whole nation; held against runs of the product itself."""
