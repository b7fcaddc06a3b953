"""TLS as strict as today allows, and the one concession to portals that have not moved since 2012. Verification is never off."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import certifi

OP_LEGACY_SERVER_CONNECT = 0x4  # ssl.OP_LEGACY_SERVER_CONNECT, named from Python 3.12 on


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsProfile:
    """How to speak TLS to one host. `legacy`: renegotiation as before RFC 5746 and SECLEVEL=1 (SHA-1, 1024-bit keys).

    `extra_ca`: a PEM file with the intermediate that the server forgets to send, or its own root.
    """

    legacy: bool = False
    extra_ca: Path | None = None


MODERN = TlsProfile()


def contexts(tls_by_host: Mapping[str, TlsProfile]) -> dict[str, ssl.SSLContext]:
    """By host, one for all hosts of a profile. Raises: OSError for an extra_ca that cannot be read."""
    made = {profile: ssl_context(profile) for profile in set(tls_by_host.values())}
    return {host.lower(): made[profile] for host, profile in tls_by_host.items()}


def ssl_context(profile: TlsProfile) -> ssl.SSLContext:
    """A context for all hosts of a profile. Keep it: building one costs 20 ms and a megabyte. Raises: OSError (no such file, no PEM)."""
    context = ssl.create_default_context(cafile=certifi.where())
    context.set_alpn_protocols(["http/1.1"])
    if profile.extra_ca is not None:
        context.load_verify_locations(cafile=profile.extra_ca)
    if profile.legacy:
        context.options |= OP_LEGACY_SERVER_CONNECT
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
        context.set_ciphers("DEFAULT:@SECLEVEL=1")
    return context
