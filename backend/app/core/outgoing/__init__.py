"""Calls to addresses that people typed in: webhooks, channels, recordings.

Such an address may lead into the network that this server stands in, where things answer that ask for no password.
So it is checked twice: when it is entered (`check_url`), for a clear answer to whoever enters it, and whenever it is
called (`open_outgoing`), because names lead elsewhere tomorrow and receivers redirect.
"""

from app.core.outgoing.rules import OutgoingRules, UnknownHost, UnsafeAddress, addresses_of, check_url

__all__ = ["OutgoingRules", "UnknownHost", "UnsafeAddress", "addresses_of", "check_url"]
