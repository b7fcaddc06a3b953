"""The proposal as YAML: rules to be put into a portal's file by hand, and what is said of them. Pure."""

from collections.abc import Iterable
from datetime import date

from config.portal import Portal, Rules
from crawler.repair.proposal import Proposal


def as_block(portal: Portal, proposal: Proposal, rules: Rules, *, today: date) -> str:
    """The rules, to be put before those that are there, with comments that say how well they read."""
    lines = [
        f"# {portal.id}: proposed by `canhbao repair` on {today:%d %B %Y}.",
        "# Put this first under article: rules: in the portal's file; the rules that are there, and its family's, stay behind it, for the pages of before.",
        *(f"# {line}" for line in report(proposal)),
        *rule_lines(rules),
    ]
    return "\n".join(lines) + "\n"


def as_copy(portal: Portal, text: str, *, today: date) -> str:
    """The text of the file in force, with words at its head that say what the copy is."""
    return (
        f"# {portal.name}: its file as it was in force on {today:%d %B %Y}, with new rules proposed by `canhbao repair`.\n"
        "# It takes the place of the portal with this id in the folders before; once an upgrade brings mended rules, remove it.\n" + text
    )


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


def rule_lines(rules: Rules) -> Iterable[str]:
    """One entry of a list, in block style."""
    lead = "- "
    for name, value in _stated(rules):
        yield f"{lead}{name}: {value}"
        lead = "  "


def flow_entry(rules: Rules) -> str:
    """One entry of a list, within brackets."""
    return "{" + ", ".join(f"{name}: {value}" for name, value in _stated(rules)) + "}"


def _stated(rules: Rules) -> Iterable[tuple[str, str]]:
    for name, value in rules.model_dump(exclude_none=True, exclude_defaults=True).items():
        yield name, f"[{', '.join(map(single, value))}]" if isinstance(value, list | tuple) else single(str(value))


def single(text: str) -> str:
    """In single quotes: nothing in it means anything to YAML."""
    return "'" + text.replace("'", "''") + "'"
