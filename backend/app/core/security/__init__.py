"""Who is calling, proved: session tokens, OIDC tokens, signed addresses, tickets. Pure: no framework, no database.

OIDC is a module to be imported by who needs it: it brings an HTTP client along, and few installations use it.
"""

from app.core.security.claims import Claims, InvalidToken, Reason
from app.core.security.sessions import SESSION_COOKIES, SessionVerifier, mint_session
from app.core.security.signing import Signer, hash_ticket, new_ticket, origin_allowed

__all__ = [
    "SESSION_COOKIES",
    "Claims",
    "InvalidToken",
    "Reason",
    "SessionVerifier",
    "Signer",
    "hash_ticket",
    "mint_session",
    "new_ticket",
    "origin_allowed",
]
