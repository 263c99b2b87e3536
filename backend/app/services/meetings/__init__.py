"""Meeting services: who calls us when a meeting was recorded, and what they say of it."""
