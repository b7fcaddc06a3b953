"""`canhbao discover`: from a site's home page to a proposed portal file. `survey` asks; everything else decides and is pure."""
