"""What the commands of `app.cli` do.

All goes over the HTTP API but for minting tokens, `doctor`, `storage` and administration, which are about this
installation.
"""
