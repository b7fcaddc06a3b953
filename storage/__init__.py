"""What we remember: records out, rows inside; SQLite and PostgreSQL with the same code."""
