"""New rules out of old articles and new pages: on layouts made to be awkward."""

from collections.abc import Callable
from typing import Any

import pytest

from config.portal import Portal
from crawler.model import Page, Validators
from crawler.parse.markup import html_root, select
from crawler.repair.patch import as_block, report
from crawler.repair.proposal import Proposal, propose
from crawler.repair.sample import Sample
from crawler.repair.selectors import candidates, is_lasting
from storage.records import Article
from tests.builders import NOON, make_article

PLACES = ("Tân Phú", "Mỹ An", "Bình Thành", "Long Hậu", "Phú Thọ", "An Phước")
Layout = Callable[[int], str]


def portal(**said: Any) -> Portal:
    return Portal.model_validate({
        "id": "bao",
        "name": "Báo Mẫu",
        "home": "https://bao.example/",
        "sources": [{"id": "s", "kind": "listing", "url": "https://bao.example/"}],
        "article": {
            "urls": [{"era": "e", "match": r"-(?P<id>\d+)\.html$"}],
            "rules": [{"title": "h1#cu", "body": "#noi-dung-cu"}],
            "datelines": ["ABO"],
        },
        **said,
    })  # fmt: skip


def paragraphs(n: int) -> list[str]:
    return [f"Ở xã {PLACES[n]}, tổ dân vận khéo số {i} cùng bà con đắp lại bờ bao trước mùa nước nổi." for i in range(6)]


def stored(n: int, **changed: Any) -> Article:
    said = {
        "title": f"Dân vận khéo ở xã {PLACES[n]}",
        "lead": f"Bà con xã {PLACES[n]} góp công đắp đê.",
        "text": "\n\n".join(paragraphs(n)),
        "author": f"Ngọc {PLACES[n].split()[0]}",
        "section": "Xã hội",
        "published_precision": "minute",
    }
    return make_article(**(said | changed))


def sample(n: int, html: str, **changed: Any) -> Sample:
    url = f"https://bao.example/dan-van-{n}.html"
    page = Page(
        requested_url=url, url=url, status=200, body=html.encode(), content_type="text/html", validators=Validators(), fetched_at=NOON
    )
    return Sample(page, stored(n, **changed), portal())


def proposed(layout: Layout, **changed: Any) -> Proposal:
    return propose([sample(n, layout(n), **changed) for n in range(6)])


def body(n: int, between: str = "") -> str:
    first, *rest = (f"<p>{text}</p>" for text in paragraphs(n))
    return first + between + "".join(rest)


def plain(n: int) -> str:
    it = stored(n)
    return (
        f'<html><body><div class="top"><a href="/">Báo Mẫu</a> 02/03/2026</div><h1 class="headline">{it.title}</h1><i class="when">Đăng lúc 12:00 02/03/2026</i>'
        f'<p class="intro-text">ABO - {it.lead}</p><div id="story-{n}234" class="story css-{n}x9k2">{body(n)}</div><b class="by">{it.author}</b></body></html>'
    )


def test_names_are_found_and_numbers_and_hashes_are_not_taken():
    proposal = proposed(plain)
    assert proposal.is_good
    assert proposal.rules is not None
    said = proposal.rules.model_dump(exclude_defaults=True)
    assert said == {"title": ".headline", "body": ".story", "lead": ".intro-text", "published": ".when", "author": ".by"}
    assert proposal.missing == ("section",)


def test_a_dateline_and_the_papers_name_are_no_part_of_what_is_looked_for():
    assert proposed(plain).scores["lead"] == (2, 2)
    named = proposed(lambda n: plain(n).replace("</h1>", " - Báo Mẫu</h1>"))
    assert named.scores["title"] == (2, 2)


def test_a_body_without_a_name_is_found_by_what_it_stands_in():
    def layout(n: int) -> str:
        it = stored(n)
        return f'<html><body><section class="reading"><h1>{it.title}</h1><div>{body(n)}</div></section></body></html>'

    proposal = proposed(layout, lead=None, author=None, section=None, published_at=None)
    assert proposal.is_good
    assert proposal.rules is not None
    assert proposal.rules.body.startswith(".reading")
    assert "nth" not in proposal.rules.body


@pytest.mark.parametrize(
    "stray",
    [
        '<div class="box-lien-he"><p>Bạn đọc góp ý xin gọi đường dây nóng của tòa soạn.</p></div>',
        '<blockquote class="teaser-quote">Mời bạn đọc theo dõi bài khác trong loạt bài này vào ngày mai.</blockquote>',
    ],
    ids=["a-box", "a-quote"],
)
def test_what_was_never_stored_is_dropped_and_nothing_else(stray: str):
    proposal = proposed(lambda n: plain(n).replace(body(n), body(n, stray)))
    assert proposal.is_good
    assert proposal.rules is not None
    assert len(proposal.rules.drop) == 1
    assert proposal.scores["text"] == (2, 2)


def test_a_stray_that_cannot_be_told_from_the_text_is_said_and_not_hidden():
    proposal = proposed(lambda n: plain(n).replace(body(n), body(n, "<p>Mời bạn đọc xem tiếp kỳ sau trên báo in.</p>")))
    assert not proposal.is_good
    assert proposal.scores["text"] == (0, 2)


def test_pages_without_the_text_give_no_rules():
    proposal = proposed(lambda n: "<html><body><h1>Trang đang được xây dựng</h1></body></html>")
    assert proposal.rules is None
    assert not proposal.is_good
    assert proposal.n_changed == 6


def test_an_article_that_was_rewritten_since_then_does_not_count():
    pages = [sample(n, plain(n)) for n in range(5)]
    pages.append(sample(5, plain(4)))
    proposal = propose(pages)
    assert proposal.is_good
    assert proposal.n_changed == 1
    assert any("1 of 6 pages no longer hold" in line for line in report(proposal))


def test_two_pages_are_too_few_to_hold_any_out_and_it_says_so():
    proposal = propose([sample(n, plain(n)) for n in range(2)])
    assert not proposal.is_held_out
    assert any("too few to hold any out" in line for line in report(proposal))


def test_the_block_says_how_well_its_rules_read():
    proposal = proposed(plain)
    assert proposal.rules is not None
    block = as_block(portal(), proposal, proposal.rules, today=NOON.date())
    assert block.splitlines()[-1].startswith("  author:")
    assert "title 2/2" in block


@pytest.mark.parametrize("name", ["story-title", "articleBody", "sapo", "box2", "detail__content", "noi-dung"])
def test_a_name_that_somebody_gave_lasts(name: str):
    assert is_lasting(name)


@pytest.mark.parametrize("name", ["css-1x8k2m", "sc-bdVaJa", "jsx-2871293847", "post-123456", "Title_title__x9Zk2", "", "1st", "a:b"])
def test_a_name_of_a_build_tool_or_with_the_articles_number_does_not(name: str):
    assert not is_lasting(name)


def test_every_candidate_matches_its_element():
    root = html_root(plain(1), "https://bao.example/")
    for element in root.iter("h1", "p", "i", "b"):
        for one in candidates(element):
            assert element in select(root, one.css), one
