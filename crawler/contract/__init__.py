"""Rule contracts: do the pages of a portal still give what they always gave? `rule` decides and is pure, `guard` keeps watch."""
