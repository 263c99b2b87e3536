"""The settings as far as they can be read, so that one mistake does not hide the rest of the installation."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from app.command_line.doctor.finding import Subject
from app.core.config import Settings, SettingsError, load_settings

_NEEDS: Final[Mapping[Subject, frozenset[str]]] = {
    Subject.DATABASE: frozenset({"server", "database"}),
    Subject.STORAGE: frozenset({"server", "storage"}),
    Subject.DEEPGRAM: frozenset({"server", "deepgram"}),
    Subject.OPENAI: frozenset({"openai"}),
    Subject.MAIL: frozenset({"mail"}),
    Subject.REDIS: frozenset({"redis"}),
    Subject.ADDRESS: frozenset({"server"}),
    Subject.SECRETS: frozenset({"server", "auth", "deepgram"}),
    Subject.CLOCK: frozenset(),
}


def read_settings(env_file: Path | None) -> tuple[Settings, list[str], frozenset[Subject]]:
    """The settings, what is wrong with them, and the subjects that cannot be looked at because of it.

    A group that cannot be read has its defaults. Like the server, makes the secret of a new installation.
    """
    try:
        return load_settings(env_file=env_file), [], frozenset()
    except SettingsError as error:
        problems = error.problems
    except (OSError, ValueError, LookupError) as error:
        kind = type(error).__name__
        problems = [f"DATA_DIR: the secret of this installation can be neither read nor made ({kind})"]
    groups: dict[str, Any] = {}
    broken: set[str] = set()
    for name, field in Settings.model_fields.items():
        kind_of: Any = field.annotation
        try:
            groups[name] = kind_of(_env_file=env_file) if env_file else kind_of()
        except (OSError, ValueError):
            groups[name] = kind_of.model_construct(
                **{n: f.get_default(call_default_factory=True) for n, f in kind_of.model_fields.items()}
            )
            broken.add(name)
    unseen = frozenset(subject for subject, needs in _NEEDS.items() if needs & broken)
    return Settings.model_construct(**groups), problems, unseen
