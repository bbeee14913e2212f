"""An open study in an empty database: as many items and readers as wanted, each signed in."""

from __future__ import annotations

import base64
import io
import random
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from PIL import Image
from sqlalchemy.orm import Session

from backend.auth.secrets import digest, new_secret
from backend.core.settings import Settings
from backend.core.storage import LocalStorage
from backend.db.base import new_id, now
from backend.db.migrate import upgrade
from backend.db.session import Database
from backend.db.study_tables import ReaderStudy, StudyCase, StudyItem, StudyProtocol, StudyReader
from backend.db.tables import User, UserSession
from backend.reader_studies import orders
from backend.reader_studies.design import ANCHORS, Arm, Order, StudyDesign, Task, TaskKind

ARMS = ("real", "sham")
SIDE = (96, 72)  # of a map over an image of 640 x 480


@dataclass(frozen=True)
class Filled:
    """A study, and the secrets of its readers' sessions by reader id."""

    study_id: str
    readers: dict[str, str]


def fill(data_dir: Path, readers: int, items: int) -> Filled:
    """Two arms on half as many images as items, no practice, no repeats.

    Args:
        data_dir: of a server that was never started.
        readers: how many.
        items: for each of them; an even number.
    """
    settings = Settings(data_dir=data_dir)
    data_dir.mkdir(parents=True, exist_ok=True)
    upgrade(settings.resolved_database_url)
    database = Database(settings.resolved_database_url)
    storage = LocalStorage(settings.storage_dir)
    try:
        with database.writing() as session:
            study = _study(session)
            _items(session, study, storage, items // len(ARMS))
            secrets = dict(_reader(session, study, slot) for slot in range(readers))
        return Filled(study.id, secrets)
    finally:
        database.close()


def _study(session: Session) -> ReaderStudy:
    design = StudyDesign(
        title="Load",
        arms=[Arm(key=key, name=key) for key in ARMS],
        tasks=[Task(key="where", kind=TaskKind.LOCALIZATION, title="Where is it?", arm_keys=list(ARMS))],
        order=Order(seed=1, repeats=0),
    ).model_dump(mode="json")
    study = ReaderStudy(id=new_id(), title="Load", status="open", design=design, published_at=now())
    session.add(study)
    session.flush()
    session.add(StudyProtocol(study_id=study.id, version=1, document={"design": design}, hash="0" * 64, reason=""))
    return study


def _items(session: Session, study: ReaderStudy, storage: LocalStorage, images: int) -> None:
    draw = random.Random(0)  # noqa: S311
    for number in range(images):
        case = StudyCase(
            id=new_id(), study_id=study.id, number=number, source={}, practice=False, synthetic=True, width=640,
            height=480, sha256=f"{number:064x}", image_key=f"reader-studies/{study.id}/{number}.png",
        )  # fmt: skip
        storage.write(case.image_key, _picture(draw))
        session.add(case)
        session.flush()
        for place, arm in enumerate(ARMS):
            session.add(
                StudyItem(
                    id=new_id(), study_id=study.id, number=number * len(ARMS) + place, study_case_id=case.id,
                    task_key="where", arm_key=arm, unit=number, practice=False, option_id="margin.spiculated",
                    content=_content(draw), truth={},
                )
            )  # fmt: skip
    session.flush()


def _picture(draw: random.Random) -> bytes:
    """PNG of some 300 KB, as large as a photograph of that size."""
    noise = Image.frombytes("RGB", (320, 240), draw.randbytes(320 * 240 * 3)).resize((640, 480))
    stream = io.BytesIO()
    noise.save(stream, "PNG")
    return stream.getvalue()


def _content(draw: random.Random) -> dict[str, object]:
    width, height = SIDE
    values = base64.b64encode(draw.randbytes(width * height)).decode()
    question = {
        "key": "rating", "kind": "likert", "text": "How well?", "anchors": list(ANCHORS), "options": [],
        "required": True,
    }  # fmt: skip
    return {
        "kind": "localization", "task_title": "Where is it?", "prompt": "How well does the map fit?",
        "concept": {"group": "Margin", "option": "spiculated"}, "suggestion": None, "clinical_information": "",
        "map": {"width": width, "height": height, "values": values}, "questions": [question], "cannot_judge": True,
    }  # fmt: skip


def _reader(session: Session, study: ReaderStudy, slot: int) -> tuple[str, str]:
    user = User(id=new_id(), email=f"reader{slot}@load.example", name=f"Reader {slot}", role="reader", active=True)
    session.add(user)
    session.flush()
    secret = new_secret()
    session.add(
        UserSession(
            user_id=user.id, token_hash=digest(secret), method="password", address="", browser="",
            expires_at=now() + timedelta(hours=10),
        )
    )  # fmt: skip
    reader = StudyReader(
        id=new_id(), study_id=study.id, user_id=user.id, slot=slot, status="reading", joined_at=now(),
        profile={"profession": "Load", "years": 1, "experience": ""},
    )  # fmt: skip
    session.add(reader)
    session.flush()
    orders.assign(session, study, reader)
    return reader.id, secret
