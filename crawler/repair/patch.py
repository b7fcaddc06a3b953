"""The proposal as YAML: rules to put into a portal's file, or the whole file that takes the place of the one in force. Pure."""

import io
from collections.abc import Iterable
from datetime import date
from typing import Any

from ruamel.yaml import YAML

from config.portal import Portal, Rules
from config.proxy import DIRECT
from crawler.repair.proposal import Proposal, with_rules


def as_block(portal: Portal, proposal: Proposal, rules: Rules, *, today: date) -> str:
    """The rules, to be put before those that are there, with comments that say how well they read."""
    lines = [
        f"# {portal.id}: proposed by `canhbao repair` on {today:%d %B %Y}.",
        "# Put this first under article: rules: in the portal's file; the rules that are there, and its family's, stay behind it, for the pages of before.",
        *(f"# {line}" for line in report(proposal)),
        *_rule_lines(rules),
    ]
    return "\n".join(lines) + "\n"


def as_file(portal: Portal, proposal: Proposal, rules: Rules, *, today: date) -> str:
    """The portal as it is in force, with the new rules first; `canhbao check` accepts it."""
    said = _bare(with_rules(portal, rules))
    others = said["article"].pop("rules")[1:]
    out = io.StringIO()
    out.write(f"# {portal.name}: its file as it was in force on {today:%d %B %Y}, with new rules proposed by `canhbao repair`.\n")
    out.write("# It takes the place of the shipped portal with this id; once an upgrade brings mended rules, remove it.\n")
    if needs_its_proxy(portal):
        out.write("# proxy: is left out, since it may hold a password: put here what the file of before says.\n")
    yaml = YAML()
    yaml.width, yaml.allow_unicode = 4096, True
    article = said.pop("article")
    yaml.dump(said, out)
    out.write("article:\n")
    if article:
        inner = io.StringIO()
        yaml.dump(article, inner)
        out.writelines(f"  {line}\n" for line in inner.getvalue().splitlines())
    out.write("  rules:\n")
    out.writelines(f"    # {line}\n" for line in report(proposal))
    out.writelines(f"    {line}\n" for line in _rule_lines(rules))
    if others:
        out.write("    # the rules of before\n")
        inner = io.StringIO()
        yaml.dump(others, inner)
        out.writelines(f"    {line}\n" for line in inner.getvalue().splitlines())
    return out.getvalue()


def report(proposal: Proposal) -> Iterable[str]:
    """What was found, and on how many pages it is right."""
    for one in proposal.found:
        yield f"{one.field}: found on {one.n_right} of {one.n_pages} pages"
    if proposal.missing:
        yield f"no selector found for: {', '.join(proposal.missing)}"
    where = "pages held out" if proposal.is_held_out else "the very pages it was made from: too few to hold any out"
    shares = ", ".join(f"{name} {equal}/{of}" for name, (equal, of) in proposal.scores.items() if of)
    yield f"read again and equal to what was stored, on {where}: {shares}"
    if proposal.is_partial:
        yield "made from degraded articles: all that is stored of them is in what these rules read; look whether it is more than the article"
    if proposal.n_changed:
        yield f"{proposal.n_changed} of {proposal.n_samples} pages no longer hold the stored text"


def _rule_lines(rules: Rules) -> Iterable[str]:
    lead = "- "
    for name, value in rules.model_dump(exclude_none=True, exclude_defaults=True).items():
        shown = f"[{', '.join(map(_single, value))}]" if isinstance(value, list | tuple) else _single(str(value))
        yield f"{lead}{name}: {shown}"
        lead = "  "


def _single(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def needs_its_proxy(portal: Portal) -> bool:
    """Whether the portal has a proxy of its own, which the file must not show."""
    return portal.proxy is not None and portal.proxy.get_secret_value() != DIRECT


def _bare(portal: Portal) -> dict[str, Any]:
    """What the portal's file says, in its order; nothing that is so anyway. What comes of its families stays theirs."""
    own = portal.model_copy(update={"article": portal.own_article})
    said: dict[str, Any] = own.model_dump(mode="json", exclude_defaults=True, exclude={"proxy"})
    if portal.proxy is not None and not needs_its_proxy(portal):
        said["proxy"] = DIRECT
    if len(portal.family) == 1:
        said["family"] = portal.family[0]
    if portal.extra_ca is not None:
        said["extra_ca"] = str(portal.extra_ca.resolve())
    return said | {"article": dict(said.get("article", {}))}
