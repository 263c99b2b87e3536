"""What the commands of `app.cli` do. Everything but minting tokens goes over the HTTP API."""
