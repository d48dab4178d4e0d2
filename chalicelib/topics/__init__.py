"""Push messages of public alerts without an account: a browser, and the areas that it wants to hear of."""
