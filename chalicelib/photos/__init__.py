"""Photos that strangers and dispatchers send: each is written anew before anybody sees it (``rewrite``)."""
