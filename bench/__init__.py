"""Benchmarks: commands that measure, print figures beside their targets, and fail when a target is missed."""
