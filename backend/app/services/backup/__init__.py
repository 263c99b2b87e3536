"""Backups: everything an installation holds as plain files, checked, and back into an empty installation.

This runs in a process of its own that serves nobody meanwhile; so files are read and written where the loop runs.
"""
