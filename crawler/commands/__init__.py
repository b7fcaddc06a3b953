"""What each command prints and does; `crawler.cli` only names them."""
