"""What we do: poll, fetch, parse, recognise, match, tell."""
