"""A year whose totals are known before it is counted: an invented country, its alerts, and what must come of them.

Three numbers make an alert: its slot (a part of a month), its municipality and its case. Every combination is there
once, so every total is a product: what the twenty cases come to, times slots, times municipalities.
"""
