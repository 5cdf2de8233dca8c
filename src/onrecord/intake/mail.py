"""Press releases as mails (.eml): subject, date, sender and the text, else the HTML."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import getaddresses

from .dates import sensible
from .decode import decode
from .found import Found, NotRead, NotText
from .fragment import text_of_fragment


def read_mail(raw: bytes, *, origin: str) -> Found | NotRead:
    """The one text of a mail; attachments are left alone."""
    try:
        mail = message_from_bytes(raw, policy=default)
        assert isinstance(mail, EmailMessage)  # noqa: S101 - what the default policy makes
        text = _text(mail)
        if isinstance(text, NotText):
            return text.at(origin)
        sender = getaddresses([str(mail.get("from", ""))])
        return Found(
            id=str(mail.get("message-id", "")).strip(" <>") or None,
            origin=origin,
            text=text,
            title=str(mail.get("subject", "")).strip() or None,
            author=next((name or address for name, address in sender), None) or None,
            published=sensible(str(mail.get("date", ""))),
        )
    except Exception as error:  # noqa: BLE001 - the library raises whatever a broken header leads it to
        return NotRead(origin=origin, reason="malformed", message=f"the mail cannot be read ({error})")


def _text(mail: EmailMessage) -> str | NotText:
    part = mail.get_body(preferencelist=("plain", "html"))
    if part is None:
        return NotText("empty", "the mail has no text; give its attachments by themselves")
    payload = part.get_payload(decode=True)
    text = decode(payload if isinstance(payload, bytes) else b"", declared=part.get_content_charset())
    if isinstance(text, NotText):
        return text
    return text_of_fragment(text) if part.get_content_subtype() == "html" else text.replace("\r\n", "\n")
