"""What every feature stands on: settings, clock, ids, errors, HTTP, queues, signed links, logging."""
