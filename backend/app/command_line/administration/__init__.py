"""Users, organisations and members, directly in the database of this installation.

Whoever may read its settings may do this; no token is asked for. It works beside a running server, which notices
within seconds.
"""
