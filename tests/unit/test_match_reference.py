"""The fast matcher against the slow one, on texts and watches made at random."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from config.glossary import shipped_glossary
from config.watch import Watch, Weights
from crawler.match.compile import expression_of
from crawler.match.matcher import Matcher
from crawler.match.prefilter import Indexer
from tests.builders import make_article, make_identity
from tests.reference_matcher import matches, may_match, mentioned, score

INDEXER = Indexer(shipped_glossary())
WORDS = [
    "dân",
    "vận",
    "Dân",
    "chủ",
    "dan",
    "chu",
    "chung",
    "chúng",
    "hoà",
    "hòa",
    "quy",
    "qui",
    "DV",
    "UBND",
    "tỉnh",
    "ủy",
    "ban",
    "nhân",
    "TP.",
    "HCM",
    "MTTQ",
    "Mặt",
    "trận",
    "Tổ",
    "quốc",
]
GAPS = [" ", " ", " ", " ", ", ", ". ", " (", ") ", "-", "\n", "\n\n", "“", " viết tắt là ", ""]
FRAGMENTS = [
    "Dân vận (DV)",
    "Mặt trận Tổ quốc (MTTQ)",
    "DVC (dân vận chung)",
    "Ủy ban nhân dân",
    "quy chế dân chủ",
    "DV: dân vận",
    "UBND tỉnh (UBND)",
]
PHRASES = [
    "dân vận",
    "dan van",
    "dân chủ",
    "quy",
    "hòa",
    "UBND",
    "UBND tỉnh",
    "DV",
    "ban dân vận",
    "ủy ban nhân dân tỉnh",
    "mặt trận tổ quốc",
    "MTTQ",
    "dân, chủ",
    "TP HCM",
    "vận chung",
    "tỉnh",
]

texts = st.lists(st.one_of(st.sampled_from(WORDS), st.sampled_from(FRAGMENTS)), max_size=14).flatmap(
    lambda words: st.lists(st.sampled_from(GAPS), min_size=len(words), max_size=len(words)).map(
        lambda gaps: "".join(word + gap for word, gap in zip(words, gaps, strict=True))
    )
)
articles = st.builds(
    lambda title, lead, text, caption, author, tags, province: make_article(
        identity=make_identity(),
        title=title,
        lead=lead or None,
        text=text,
        captions=(caption,) if caption else (),
        author=author or None,
        tags=tuple(tags),
        province=province,
        published_at=datetime(2024, 5, 31, 18, tzinfo=UTC),
    ),
    texts,
    texts,
    texts,
    texts,
    texts,
    st.lists(st.sampled_from(["dân vận", "bầu cử"]), max_size=2),
    st.sampled_from(["Đồng Tháp", "Cà Mau"]),
)
phrases = st.sampled_from(PHRASES)
leaves = st.one_of(
    phrases,
    phrases.map('"{}"'.format),
    st.tuples(st.sampled_from(["title", "lead", "text", "caption", "author", "tag"]), phrases).map('{0[0]}:"{0[1]}"'.format),
    st.tuples(phrases, st.integers(0, 4)).map('"{0[0]}"~{0[1]}'.format),
    st.sampled_from(
        [
            "portal:baodongthap",
            'province:"Tiền Giang"',
            "published:2024-06",
            "published:<2024-06-01",
            "/d[aâ]n v/",
            "dân v*",
            "dan v*",
            "mặt tr*",
            "ub*",
            "ủy b*",
        ]
    ),
)
queries = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from([" AND ", " OR ", " AND NOT ", " "]), inner).map(lambda it: f"({it[0]}{it[1]}{it[2]})"),
        inner.map("(NOT {})".format),
        st.tuples(inner, inner).map("(+({0[0]}) ({0[1]}))".format),
    ),
    max_leaves=6,
)
watches = st.one_of(
    st.builds(
        lambda query, marks, short: Watch(id="w", name="w", query=query, marks=marks, abbreviations=short),
        queries,
        st.sampled_from(["auto", "auto", "exact", "ignore"]),
        st.booleans(),
    ),
    st.builds(
        lambda any_of, all_of, none_of, marks, sections: Watch(
            id="w", name="w", any=any_of, all=all_of, none=none_of, marks=marks, sections=sections
        ),
        st.lists(phrases, min_size=1, max_size=3),
        st.lists(phrases, max_size=2),
        st.lists(phrases, max_size=1),
        st.sampled_from(["auto", "exact", "ignore"]),
        st.lists(st.sampled_from(["Thời sự"]), max_size=1),
    ),
)

demands = st.fixed_dictionaries(
    {},
    optional={
        "at_least": st.integers(1, 4),
        "within_first": st.integers(1, 12),
        "min_score": st.sampled_from([0.3, 1, 2, 3.5]),
        "weights": st.builds(
            Weights, title=st.sampled_from([0, 1, 3]), lead=st.just(0.1), text=st.sampled_from([0, 0.1, 1]), tag=st.just(2)
        ),
    },
)
demanding = st.tuples(watches, demands).map(lambda it: it[0].model_copy(update=it[1]))


@settings(max_examples=200, deadline=None)
@given(demanding, articles)
def test_mentions_count_as_the_slow_matcher_counts_them(watch, article):
    told = Matcher([watch]).match(article)
    assert bool(told) is matches(watch, article)
    if told:
        assert told[0].score == score(watch, mentioned(watch, article))
        assert may_match(INDEXER.candidates(expression_of(watch)), INDEXER.columns(article))


@settings(max_examples=150, deadline=None)
@given(st.lists(watches, min_size=1, max_size=4), articles)
def test_the_fast_matcher_says_what_the_slow_one_says(given_watches, article):
    numbered = [watch.model_copy(update={"id": f"w{place}"}) for place, watch in enumerate(given_watches)]
    slow = tuple(watch.id for watch in numbered if matches(watch, article))
    assert Matcher(numbered).matching(article) == slow


@settings(max_examples=150, deadline=None)
@given(watches, articles)
def test_the_prefilter_drops_no_match(watch, article):
    if Matcher([watch]).matching(article):
        question = INDEXER.candidates(expression_of(watch))
        assert may_match(question, INDEXER.columns(article)), question


@settings(max_examples=80, deadline=None)
@given(st.lists(watches, min_size=1, max_size=4), articles)
def test_every_span_and_snippet_is_the_article_own_letters(given_watches, article):
    values = {
        "title": article.title,
        "lead": article.lead,
        "text": article.text,
        "captions": "\n\n".join(article.captions),
        "author": article.author,
    }
    for match in Matcher(given_watches).match(article):
        for span in match.spans:
            value = values.get(span.field, "\n\n".join(article.tags))
            assert value[span.start : span.end] == span.text
            assert span.text.strip() == span.text
        for snippet in match.snippets:
            assert all(0 <= start < end <= len(snippet.snippet) for start, end in snippet.spans)
