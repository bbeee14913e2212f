"""Who somebody is: whoever sees a thing may know whose it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy.orm import Session

from backend.access.principal import SYSTEM, acting_as
from backend.auth.schemas import PersonRef
from backend.people import repository


class Names:
    """Names of the people behind some rows, in one query.

    Args:
        session: to read with.
        user_ids: of them; None for what nobody made.
    """

    def __init__(self, session: Session, user_ids: Iterable[str | None]) -> None:
        wanted = {user_id for user_id in user_ids if user_id is not None}
        with acting_as(SYSTEM):  # accounts are otherwise one's own alone
            self._names: Mapping[str, str] = repository.names(session, wanted) if wanted else {}

    def ref(self, user_id: str) -> PersonRef:
        """Id and name."""
        return PersonRef(id=user_id, name=self._names.get(user_id, ""))

    def ref_or_none(self, user_id: str | None) -> PersonRef | None:
        """The same; None for None."""
        return None if user_id is None else self.ref(user_id)
