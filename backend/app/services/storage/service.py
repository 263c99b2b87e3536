"""Where things are kept: every key of the product is made here, so that one prefix holds all of an interview."""

from __future__ import annotations

from app.services.storage.base import KeyInvalid, ObjectStore, checked_key


def interview_prefix(organisation_id: str, interview_id: str) -> str:
    """The prefix of everything that belongs to an interview; ends with a slash, as `delete_prefix` wants."""
    return f"orgs/{_name(organisation_id)}/interviews/{_name(interview_id)}/"


def recording_key(organisation_id: str, interview_id: str, upload_id: str) -> str:
    return f"{interview_prefix(organisation_id, interview_id)}recordings/{_name(upload_id)}"


def fetched_key(organisation_id: str, interview_id: str, epoch: int) -> str:
    """A recording that the claim with this epoch fetched: of all that attempts left there, one at most counts."""
    return f"{interview_prefix(organisation_id, interview_id)}fetched/{epoch}"


def joined_prefix(organisation_id: str, interview_id: str) -> str:
    """The prefix of recordings that were joined of parts; one at most counts."""
    return f"{interview_prefix(organisation_id, interview_id)}joined/"


def joined_key(organisation_id: str, interview_id: str, epoch: int) -> str:
    """A recording that the claim with this epoch joined."""
    return f"{joined_prefix(organisation_id, interview_id)}{epoch}"


def peaks_key(organisation_id: str, interview_id: str) -> str:
    """The waveform; one per interview, replaced when the recording is prepared again."""
    return f"{interview_prefix(organisation_id, interview_id)}peaks.json"


def import_key(organisation_id: str, interview_id: str, import_id: str) -> str:
    return f"{interview_prefix(organisation_id, interview_id)}imports/{_name(import_id)}"


def fetched_import_key(organisation_id: str, interview_id: str, epoch: int) -> str:
    """A transcript file that the claim with this epoch fetched."""
    return import_key(organisation_id, interview_id, f"fetched-{epoch}")


async def remove_older(store: ObjectStore, key: str, epoch: int) -> None:
    """Remove what claims before this epoch left beside `key`, which ends with the epoch.

    What a newer claim stored stays: it may be committed, and who asks may have lost its lease without knowing.
    """
    stem = key.removesuffix(str(epoch))
    beside = [
        found async for found in store.list_keys(f"{stem.rpartition('/')[0]}/") if found.startswith(stem)
    ]
    for found in beside:
        left_by = found.removeprefix(stem)
        if left_by.isdecimal() and int(left_by) < epoch:
            await store.delete(found)


def delivery_key(organisation_id: str, interview_id: str, job_id: str) -> str:
    """A transcription vendor's answer, as it came; one per job, the first counts."""
    return f"{interview_prefix(organisation_id, interview_id)}answers/{_name(job_id)}"


def answers_prefix(organisation_id: str, interview_id: str, analysis: str) -> str:
    """The prefix of all that models answered for one analysis."""
    return f"{interview_prefix(organisation_id, interview_id)}analyses/{_name(analysis)}/"


def answer_key(organisation_id: str, interview_id: str, analysis: str, input_hash: str) -> str:
    """A model's answer to one request of an analysis, as it came."""
    return f"{answers_prefix(organisation_id, interview_id, analysis)}{_name(input_hash)}.json"


def _name(value: str) -> str:
    """One name between slashes: an id with a slash in it would reach into somebody else's folder."""
    if "/" in value:
        raise KeyInvalid("An id in a key may not hold a slash.")
    return checked_key(value)
