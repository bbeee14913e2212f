"""A brake on guessing passwords and links."""

from __future__ import annotations

import ipaddress
import time

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from backend.auth.errors import TooManyAttempts
from backend.auth.secrets import digest

# Somebody who mistypes is stopped late, somebody who guesses soon: one account from one machine, one account from
# everywhere, one machine at all accounts.
PER_ACCOUNT_AND_ADDRESS = RateLimitItemPerMinute(10, 15)
PER_ACCOUNT = RateLimitItemPerHour(50)
PER_ADDRESS = RateLimitItemPerMinute(100, 15)


class Attempts:
    """Counts attempts; what succeeds is taken off again.

    Args:
        storage: a URL of the ``limits`` library; ``memory://`` counts in this process.
    """

    def __init__(self, storage: str = "memory://") -> None:
        self._limiter = MovingWindowRateLimiter(storage_from_string(storage))

    def count(self, email: str, address: str) -> None:
        """Before a password is looked at. Raises ``TooManyAttempts``, whether there is such an account or not."""
        limits = self._limits(email, address)
        for item, key in limits:
            if not self._limiter.test(item, key):
                raise TooManyAttempts(self._wait(item, key))
        for item, key in limits[:2]:
            if not self._limiter.hit(item, key):  # another one was faster
                raise TooManyAttempts(self._wait(item, key))

    def count_address(self, address: str) -> None:
        """Before a link is looked at. Raises ``TooManyAttempts``."""
        machine = _machine(address)
        if not self._limiter.hit(PER_ADDRESS, machine):
            raise TooManyAttempts(self._wait(PER_ADDRESS, machine))

    def failed(self, address: str) -> None:
        """The password was wrong. Only then it counts for the machine: a whole hospital may come from one address."""
        self._limiter.hit(PER_ADDRESS, _machine(address))

    def forgive(self, email: str, address: str) -> None:
        """The password was right."""
        for item, key in self._limits(email, address)[:2]:
            self._limiter.clear(item, key)

    def _limits(self, email: str, address: str) -> list[tuple[RateLimitItem, str]]:
        account, machine = digest(email), _machine(address)
        return [
            (PER_ACCOUNT_AND_ADDRESS, f"{account}/{machine}"),
            (PER_ACCOUNT, account),
            (PER_ADDRESS, machine),
        ]

    def _wait(self, item: RateLimitItem, key: str) -> int:
        return max(1, round(self._limiter.get_window_stats(item, key).reset_time - time.time()))


def _machine(address: str) -> str:
    """With IPv6 the network: every machine has as many addresses in it as it likes."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return address
    mapped = parsed.ipv4_mapped
    return str(mapped) if mapped else f"{ipaddress.IPv6Address(int(parsed) >> 64 << 64)}/64"
