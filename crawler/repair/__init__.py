"""`canhbao repair`: from articles that were read well and the same pages as they are now, new rules for a portal. Pure; the command asks."""
