"""Where alerts arrive in the demo and in tests."""

from crawler.press.sinks.mail import Mail, MailSink
from crawler.press.sinks.webhook import SECRET, Hook, WebhookSink

__all__ = ["SECRET", "Hook", "Mail", "MailSink", "WebhookSink"]
