"""The press as configuration: portal files and watches that canhbao reads like any others."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from crawler.press.families import FAMILIES
from crawler.press.roster import PressPortal
from crawler.press.topics import TOPICS


def portal_config(portal: PressPortal) -> dict[str, Any]:
    """`portal` in the form of `config.portal.Portal`."""
    family = FAMILIES[portal.family]
    return {
        "id": portal.id,
        "name": portal.name,
        "province": portal.province,
        "home": f"{portal.base_url}/",
        "sources": [_source(portal, kind, theme) for kind, theme in portal.sources],
        "article": {
            "urls": [{"era": family.era, "match": family.article}],
            "skip": list(family.skip),
            "rules": [dict(family.rules)],
            "datelines": [portal.dateline] if portal.dateline else [],
        },
    }


def _source(portal: PressPortal, kind: str, theme: str) -> dict[str, Any]:
    family = FAMILIES[portal.family]
    section = None if theme == "home" else portal.section(theme)
    path = "/sitemap.xml"
    if kind == "feed":
        path = family.feed_path(section)
    elif kind == "listing" and section is not None:
        path = family.listing_path(section)
    source = {"id": f"{kind}-{section.slug if section else 'home'}", "kind": kind, "url": portal.base_url + path}
    return source | ({"section": section.name} if section else {})


def watches() -> list[dict[str, Any]]:
    return [{"id": topic.id, "name": topic.name, "any": list(topic.phrases)} for topic in TOPICS]


def write_portals(portals: Sequence[PressPortal], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for portal in portals:
        _write(folder / f"{portal.id}.yaml", portal_config(portal))


def write_watches(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    _write(path, {"watches": watches()})


def _write(path: Path, value: object) -> None:
    yaml = YAML()
    yaml.width = 4096
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(value, file)
