"""What comes back: the reply link, the tip, its triage."""
