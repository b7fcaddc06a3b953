"""Where the files lie that come with canhbao. They are read-only: what is written never goes beside them."""

from pathlib import Path

_HERE = Path(__file__).absolute().parent
SHIPPED = _HERE / "canhbao.yaml"
"""The configuration of somebody who has configured nothing."""
SHIPPED_WATCHES = _HERE / "watches.yaml"
SHIPPED_PORTAL_EXAMPLE = _HERE / "example-portal.yaml.example"
SHIPPED_PORTALS = _HERE / "portals"
SHIPPED_NATIONAL = SHIPPED_PORTALS / "national"
SHIPPED_SCHEMAS = _HERE / "schemas"
SHIPPED_FAMILIES = _HERE / "families.yaml"
