"""docs/configuration.md says everything, and only what is so."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from config.channel import AppriseChannel, EmailChannel, FileChannel, Smtp, WebhookChannel
from config.family import families
from config.load import load
from config.portal import ArticleConfig, Override, Portal, Rules, Source, UrlPattern
from config.settings import Http, Outbox, Poll, Settings
from config.watch import Digest, Watch, Watches, Weights

DOC = (Path(__file__).resolve().parents[2] / "docs" / "configuration.md").read_text(encoding="utf-8")
ADDING = (Path(__file__).resolve().parents[2] / "docs" / "adding-a-portal.md").read_text(encoding="utf-8")
MODELS: dict[str, type[BaseModel]] = {
    "## canhbao.yaml": Settings,
    "### http": Http,
    "### poll": Poll,
    "### outbox": Outbox,
    "#### type: email": EmailChannel,
    "#### smtp": Smtp,
    "#### type: webhook": WebhookChannel,
    "#### type: apprise": AppriseChannel,
    "#### type: file": FileChannel,
    "## watches.yaml": Watches,
    "### A watch": Watch,
    "### weights": Weights,
    "### when: digest": Digest,
    "## Portals": Portal,
    "### sources": Source,
    "### article": ArticleConfig,
    "### article.urls": UrlPattern,
    "### article.rules": Rules,
    "### article.override": Override,
}
EXAMPLES = re.findall(r"```yaml\n# (\S+)\n(.*?)```", DOC, re.DOTALL)
ENVIRON = {"SMTP_PASSWORD": "x", "HOOK_SECRET": "whsec_" + "QUJD" * 10, "TELEGRAM_URL": "tgram://1/2"}
SECRET_FILES = {
    "database-url": "postgresql+psycopg://u:p@h/c",
    "smtp-password": "x",
    "hook": ENVIRON["HOOK_SECRET"],
    "telegram-url": ENVIRON["TELEGRAM_URL"],
}


def rows_under(heading: str) -> dict[str, str]:
    section = re.split(r"^##+ .*$", DOC.partition(f"\n{heading}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]
    return dict(re.findall(r"^\| `(\w+)` \|(.*)\|$", section, re.MULTILINE))


def default_of(field: FieldInfo) -> str:
    value = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
    if field.is_required():
        return "required"
    if value is None or value == ():
        return "none"
    if isinstance(value, BaseModel):
        return "see below"
    if isinstance(value, tuple):
        return f"`[{', '.join(map(str, value))}]`"
    return f"`{str(value).lower()}`" if isinstance(value, bool) else f"`{value}`"


@pytest.mark.parametrize(("heading", "model"), MODELS.items(), ids=[model.__name__ for model in MODELS.values()])
def test_every_key_is_documented_with_its_default_and_meaning(heading, model):
    documented = rows_under(heading)

    for name, field in model.model_fields.items():
        row = documented.pop(field.alias or name)
        assert f"| {default_of(field)} |" in row
        assert row.strip().endswith(field.description or "a docstring below the field")
    assert documented == {}


def test_every_family_is_named():
    assert [family for family in families() if f"`{family}`" not in DOC or f"| `{family}` |" not in ADDING] == []


def test_there_is_an_example_of_each_kind():
    assert {file for file, _ in EXAMPLES} == {"canhbao.yaml", "watches.yaml", "my-portals/bao-mau.yaml", "my-portals/bao-mau-2.yaml"}


@pytest.mark.parametrize(("file", "text"), EXAMPLES, ids=[f"{file}-{n}" for n, (file, _) in enumerate(EXAMPLES)])
def test_every_example_loads(tmp_path, file, text):
    for folder in ("my-portals", "secrets"):
        (tmp_path / folder).mkdir()
    for name, secret in SECRET_FILES.items():
        (tmp_path / "secrets" / name).write_text(secret)
    for name, example in [*reversed(EXAMPLES), (file, text)]:
        (tmp_path / name).write_text(example, encoding="utf-8")

    assert load(tmp_path / "canhbao.yaml", environ=ENVIRON).watches
