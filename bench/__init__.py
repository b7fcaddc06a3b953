"""What canhbao costs, measured: `python -m bench` or `make bench`; the figures stand in docs/benchmarks.md."""
