"""The second factor: codes by time (RFC 6238), six digits, a new one every 30 seconds."""

import hmac
import io
from datetime import datetime

import pyotp
import segno

#: Seconds that a code lasts, and how many steps a phone's clock may be early or late.
STEP, DRIFT = 30, 1
ISSUER = "Pigeonhole"


def new_secret() -> str:
    """160 random bits, in base32."""
    return pyotp.random_base32()


def find_step(secret: str, code: str, now: datetime) -> int | None:
    """The step whose code this is; None where it is none of those near `now`. All are compared, in constant time."""
    digits = "".join(code.split())
    current = int(now.timestamp()) // STEP
    generator, found = pyotp.TOTP(secret), None
    for step in range(current - DRIFT, current + DRIFT + 1):
        if hmac.compare_digest(generator.generate_otp(step).encode(), digits.encode("utf-8", "surrogatepass")):
            found = step
    return found


def address(secret: str, name: str) -> str:
    """What an authenticator reads from the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)


def picture(secret: str, name: str) -> bytes:
    """The QR code as SVG: black on white, whatever the page's colours, or phones do not read it."""
    out = io.BytesIO()
    segno.make(address(secret, name)).save(out, kind="svg", scale=5, dark="#000", light="#fff", xmldecl=False)
    return out.getvalue()
