"""Where: geohash, cover of an area by key ranges, the exact test, municipalities and neighbourhoods."""
