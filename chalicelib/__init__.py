"""Burgernet: an open, serverless citizen alert network."""
