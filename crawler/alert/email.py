"""The mail channel: hands one message for one reader to the operator's SMTP server."""

import asyncio
import contextlib
import socket
import ssl

import aiosmtplib

from config.channel import EmailChannel, Smtp
from crawler.alert.compose import wire_address
from crawler.errors import DeliveryError

QUIT_S = 5.0  # the message is taken by then; politeness only
FIRST_PERMANENT = 500  # RFC 5321 §4.2.1: 4yz try again, 5yz do not
MAX_ANSWER_CHARS = 200


async def send(channel: EmailChannel, message: bytes, *, recipient: str, tls: ssl.SSLContext | None = None) -> None:
    """Send `message` to `recipient`, or raise DeliveryError. `tls` replaces the system's certificates."""
    sender, to = wire_address(channel.sender), wire_address(recipient)
    client = _client(channel.smtp, tls)
    try:
        async with asyncio.timeout(channel.smtp.deadline_s):
            await client.connect()
            refused, _ = await client.sendmail(sender, [to], message)
    except (aiosmtplib.SMTPException, OSError, TimeoutError, ValueError) as error:
        raise _failure(error, channel.smtp) from error
    else:
        for answer in refused.values():  # sendmail raises only when all are refused; whoever adds a second one finds this ready
            raise _refusal("recipient", answer.code, answer.message, permanent=answer.code >= FIRST_PERMANENT)
        with contextlib.suppress(aiosmtplib.SMTPException, OSError, TimeoutError):  # whatever becomes of QUIT: it is delivered
            async with asyncio.timeout(QUIT_S):
                await client.quit()
    finally:
        client.close()


def _client(smtp: Smtp, tls: ssl.SSLContext | None) -> aiosmtplib.SMTP:
    host = socket.gethostname()  # not getfqdn: that may ask a DNS server, for as long as it likes
    return aiosmtplib.SMTP(
        hostname=smtp.host,
        port=smtp.port,
        local_hostname=host if "." in host else "[127.0.0.1]",  # as the standard library's smtplib
        username=smtp.username,
        password=smtp.password.get_secret_value() if smtp.password else None,
        timeout=smtp.deadline_s,
        use_tls=smtp.tls,
        start_tls=smtp.starttls and not smtp.tls,  # True: no message without it; None would fall back to plain text
        tls_context=tls,
    )


def _failure(error: Exception, smtp: Smtp) -> DeliveryError:
    """Temporary unless the server's answer is about this message or this reader: everything else the operator can mend."""
    where = f"{smtp.host}:{smtp.port}"
    match error:
        case aiosmtplib.SMTPRecipientsRefused(recipients=[first, *_]):
            failure = _refusal("recipient", first.code, first.message, permanent=first.code >= FIRST_PERMANENT)
        case aiosmtplib.SMTPDataError():
            failure = _refusal("message", error.code, error.message, permanent=error.code >= FIRST_PERMANENT)
        case aiosmtplib.SMTPAuthenticationError():
            failure = DeliveryError(f"{where} refused the login (SMTP {error.code}); check username and password", status=error.code)
        case aiosmtplib.SMTPResponseException():
            failure = _refusal("sender" if isinstance(error, aiosmtplib.SMTPSenderRefused) else "connection", error.code, error.message)
        case TimeoutError():
            failure = DeliveryError(f"{where} did not take the message in {smtp.deadline_s:g} s")
        case aiosmtplib.SMTPException() | OSError():
            failure = DeliveryError(f"{where}: {_short(str(error)) or type(error).__name__}")
        case _:
            failure = DeliveryError(f"the address cannot be written in SMTP: {error}", permanent=True)
    return failure


def _refusal(what: str, code: int, answer: str, *, permanent: bool = False) -> DeliveryError:
    return DeliveryError(f"the mail server refused the {what}: {code} {_short(answer)}", permanent=permanent, status=code)


def _short(answer: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in answer).split())[:MAX_ANSWER_CHARS]
