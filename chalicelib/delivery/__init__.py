"""How it reaches people: plan, match, send, receipts, progress."""
