"""Runs in the rivals' environment, not in ours: pages in, texts and seconds out, one JSON line each. Usage: rival_extractor.py NAME ROUNDS."""

import json
import logging
import sys
import time
import warnings
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

Reader = Callable[[bytes, str], str]


def trafilatura() -> Reader:
    extract = import_module("trafilatura").bare_extraction

    def read(body: bytes, url: str) -> str:
        found = extract(body, url=url, with_metadata=True)
        return (found.text if found else None) or ""

    return read


def newspaper4k() -> Reader:
    article_of = import_module("newspaper").Article

    def read(body: bytes, url: str) -> str:
        article = article_of(url, language="vi", fetch_images=False)  # by default it asks for every picture
        article.download(input_html=body.decode("utf-8", "replace"))
        article.parse()
        return article.text or ""

    return read


def readability() -> Reader:
    document_of, tree_of = import_module("readability").Document, import_module("lxml.html").fromstring

    def read(body: bytes, url: str) -> str:
        found = document_of(body.decode("utf-8", "replace"), url=url).summary(html_partial=True)
        return "\n".join(tree_of(found).itertext()) if found.strip() else ""

    return read


def goose3() -> Reader:
    goose = import_module("goose3").Goose({"enable_image_fetching": False, "strict": False})

    def read(body: bytes, url: str) -> str:  # noqa: ARG001  it needs none
        return goose.extract(raw_html=body.decode("utf-8", "replace")).cleaned_text or ""

    return read


def resiliparse() -> Reader:
    extract = import_module("resiliparse.extract.html2text").extract_plain_text

    def read(body: bytes, url: str) -> str:  # noqa: ARG001  it needs none
        return str(extract(body.decode("utf-8", "replace"), main_content=True, alt_texts=False))

    return read


READERS = {
    "trafilatura": trafilatura,
    "newspaper4k": newspaper4k,
    "readability-lxml": readability,
    "goose3": goose3,
    "resiliparse": resiliparse,
}


def main() -> None:
    warnings.simplefilter("ignore")
    read, n_rounds = READERS[sys.argv[1]](), int(sys.argv[2])
    logging.disable(logging.CRITICAL)
    for line in sys.stdin:
        page = json.loads(line)
        body = Path(page["path"]).read_bytes()
        text, seconds = "", []
        for _ in range(n_rounds + 1):  # the first warms up
            began = time.process_time()
            try:
                text = read(body, page["url"])
            except Exception as error:  # noqa: BLE001  whatever it raises, it found nothing
                print(f"{page['name']}: {error!r}", file=sys.stderr)
            seconds.append(time.process_time() - began)
        print(json.dumps({"name": page["name"], "text": text, "seconds": min(seconds[1:])}))


if __name__ == "__main__":
    main()
