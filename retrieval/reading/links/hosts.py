"""Hosts that a reader may be sent to: public ones, by a name that is what it looks like."""

from __future__ import annotations

import ipaddress
import unicodedata

import regex

LONGEST = 253
"""Characters of a name: https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4"""
_PRIVATE_SUFFIXES = (".localhost", ".local", ".internal", ".invalid", ".test")
_NAME = regex.compile(r"[\p{L}\p{M}\p{N}_-]+(?:\.[\p{L}\p{M}\p{N}_-]+)+")
_NUMBER = regex.compile(r"[0-9]+|0x[0-9a-f]*")
"""A last label by which browsers take a name for an address, however it is written: https://url.spec.whatwg.org/#ends-in-a-number-checker"""
_MIXED = regex.compile(r"(?=.*\p{Latin})(?=.*[\p{Cyrillic}\p{Greek}])|(?=.*\p{Cyrillic})(?=.*\p{Greek})")
_LIKE_LATIN = regex.compile(r"[асԁеһіјӏорԛѕԝхуъьҽпгѵѡ0-9_-]*[асԁеһіјӏорԛѕԝхуъьҽпгѵѡ][асԁеһіјӏорԛѕԝхуъьҽпгѵѡ0-9_-]*")
"""Cyrillic letters that look like Latin ones, as Chromium lists them (components/url_formatter/spoof_checks)."""


def is_public(host: str) -> bool:
    """Whether `host`, in lower case, is neither of this machine or its network nor made to look like another."""
    if host == "localhost" or host.endswith(_PRIVATE_SUFFIXES):
        return False
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return _is_name(host) and not any(map(_MIXED.match, host.split("."))) and not _poses(host)


def _is_name(host: str) -> bool:
    """Whether it is a name as it will be looked up, without what is invisible, or written otherwise there."""
    plain = unicodedata.normalize("NFKC", host) == host
    return (
        len(host) <= LONGEST
        and plain
        and _NAME.fullmatch(host) is not None
        and not _NUMBER.fullmatch(host.rpartition(".")[2])
    )


def _poses(host: str) -> bool:
    """Whether a part of it is Cyrillic that reads as Latin, under a domain that is not Cyrillic."""
    *labels, last = host.split(".")
    return last.isascii() and any(map(_LIKE_LATIN.fullmatch, labels))
