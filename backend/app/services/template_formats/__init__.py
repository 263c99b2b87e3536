"""Templates as files: ours, and those that hiring systems give away. Pure functions; nothing here connects anywhere."""
