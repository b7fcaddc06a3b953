"""What `canhbao check` remarks about watches that can be used: each with its place in the file, and what to change."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice

from config.glossary import shipped_glossary
from config.load import Config
from config.problem import Problem
from config.problem import shown as shown_file
from config.tree import join
from config.watch import Watch
from crawler.commands.remark_words import say_remark
from crawler.commands.terminal import print_json, say_line
from crawler.history import History
from crawler.match.lint import lint
from crawler.match.lint_words import bare_terms
from crawler.match.remarks import Remark, Surroundings
from crawler.match.terms import Indexed, Leaf, Phrase
from crawler.text.normal import clean
from crawler.text.tokens import folded, phrase_tokens
from crawler.wording import speak
from storage.engine import Store
from storage.errors import StorageError
from storage.search import section_names

MOST_TERMS = 30
"""Looked up in the store: `check` shall answer in seconds."""
MOST_ARTICLES = 300  # of a term, newest first


def print_remarks(config: Config, *, as_json: bool) -> None:
    """Nothing where there is nothing to remark."""
    found = [(place, remark) for place, remark in remarks(config)]
    say = speak(config.settings.language)
    if found and not as_json:
        say_line(say("remarks", n=len(found)))
    for place, remark in found:
        problem = _problem(config, place, remark)
        if as_json:
            what = {"severity": remark.severity, "code": remark.code, "watch": config.watches[place].id, "key": problem.key}
            print_json({"kind": "remark", **what, "file": str(problem.file), "line": problem.line, "message": problem.text})
        else:
            say_line(f"  {shown_file(problem.file)}:{problem.line}: {say(remark.severity)}: {config.watches[place].id}: {problem.text}")


def remarks(config: Config) -> Iterator[tuple[int, Remark]]:
    """Remarks about the enabled watches, with the place of each watch in the file."""
    places = [place for place, watch in enumerate(config.watches) if watch.enabled]
    found = lint([config.watches[place] for place in places], _surroundings(config))
    yield from ((place, remark) for place, about in zip(places, found, strict=True) for remark in about)


def _problem(config: Config, place: int, remark: Remark) -> Problem:
    lines = config.watch_lines.get(config.watches[place].id, {})
    line = lines.get(remark.key) or lines.get(remark.key.partition("[")[0]) or lines.get("", 1)
    text = say_remark(config.settings.language, remark)
    return Problem(file=config.watches_file or config.path, line=line, key=join(join("watches", place), remark.key), text=text)


def _surroundings(config: Config) -> Surroundings:
    watches = [watch for watch in config.watches if watch.enabled]
    provinces = {portal.id: portal.province or "" for portal in config.portals.values() if portal.enabled}
    sections: frozenset[str] = frozenset()
    spellings: Mapping[Leaf, Mapping[str, int]] = {}
    bare = [term for watch in watches for term in bare_terms(watch)]
    if bare or any(watch.sections for watch in watches):
        try:
            with Store.open(config.database_url) as store:
                sections = frozenset(store.look(section_names))
                spellings = {term: _spellings(store, term) for term in islice(dict.fromkeys(bare), MOST_TERMS)}
        except StorageError:  # nothing is stored yet, or it is not within reach: what is shipped must do
            pass
    return Surroundings(glossary=shipped_glossary(), provinces=provinces, sections=sections, spellings=spellings)


def _spellings(store: Store, term: Indexed) -> Mapping[str, int]:
    """How often a term without marks was found in which spelling, most often first."""
    if not isinstance(term, Phrase):
        return {}
    watch = Watch(id="bare", name=term.shown, any=(term.shown,), marks="ignore", abbreviations=term.abbreviations)
    history = History(store, [watch], portals={})
    judged = history.judge(history.candidates()[:MOST_ARTICLES], in_full=True)
    found = [span.text for find in judged if find.watches for span in find.match(watch.id).spans]
    shown = {_spelling(text): clean(text).casefold() for text in reversed(found)}
    counts = Counter(spelling for spelling in map(_spelling, found) if folded(spelling) == folded(_spelling(term.shown)))
    return {shown[spelling]: n for spelling, n in counts.most_common()}


def _spelling(text: str) -> str:
    """The words of a find, letter case and tone placement put aside."""
    return " ".join(form for form in phrase_tokens(text) if form[0].isalnum())
