"""Who has signed up: sign-up, verification, preferences, places by geohash, leaving."""
