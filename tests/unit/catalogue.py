"""The shipped portals, for the tests that go over all of them."""

from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

from config.family import families
from config.portal import Portal
from config.shipped import SHIPPED_NATIONAL, SHIPPED_PORTALS

PORTALS = tuple(sorted(path.stem for path in SHIPPED_PORTALS.glob("*.yaml")))
NATIONAL = tuple(sorted(path.stem for path in SHIPPED_NATIONAL.glob("*.yaml")))
CORPUS = Path(__file__).resolve().parents[1] / "corpus"
CASES = tuple(sorted(path.parent for path in CORPUS.glob("*/*/page.html")))
"""Folders of a page and what must come out of it, below the id of their portal, or of a family that no shipped portal runs on."""


def text_of(name: str) -> str:
    return ((SHIPPED_NATIONAL if name in NATIONAL else SHIPPED_PORTALS) / f"{name}.yaml").read_text(encoding="utf-8")


@cache
def portal(name: str) -> Portal:
    """The shipped portal, or one nobody has described that runs on the family of this name."""
    if name in PORTALS + NATIONAL:
        return Portal.model_validate(YAML(typ="safe").load(text_of(name)))
    home = f"https://{name}.example/"
    said = {"id": name, "name": "Báo Mẫu", "home": home, "family": name, "sources": [{"id": "home", "kind": "listing", "url": home}]}
    return Portal.model_validate(said)


def all_portals() -> tuple[Portal, ...]:
    """The provincial ones and the national ones."""
    return tuple(map(portal, PORTALS + NATIONAL))


def all_families() -> tuple[str, ...]:
    return tuple(families())
