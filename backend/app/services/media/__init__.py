"""Recordings: what a file is, its waveform and its decoded sound. `service` is the only door for the rest."""
