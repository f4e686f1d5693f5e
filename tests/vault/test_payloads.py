"""What Temporal is given to keep."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.converter import DataConverter
from temporalio.exceptions import ApplicationError

from vault.cipher import SealBroken
from vault.keyring import Keyring, KeyUnknown, Purpose
from vault.payloads import SharedAdapters, data_converter


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Part:
    on: date
    colour: Colour


@dataclass(frozen=True)
class Message:
    due: datetime
    parts: tuple[Part, ...]
    within: timedelta
    words: dict[str, str]
    note: str | None = None


A_MESSAGE = Message(
    due=datetime(2026, 3, 6, 16, tzinfo=UTC),
    parts=(Part(date(2026, 3, 6), Colour.RED), Part(date(2026, 3, 9), Colour.RED)),
    within=timedelta(days=1, minutes=5),
    words={"zh": "沈秋萍"},
)


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    return Keyring.create(tmp_path / "keys.toml")


@pytest.fixture
def converter(keyring: Keyring) -> DataConverter:
    return data_converter(keyring)


async def test_frozen_dataclasses_with_dates_enums_and_tuples_come_back_as_they_were(converter: DataConverter) -> None:
    [back] = await converter.decode(await converter.encode([A_MESSAGE]), [Message])
    assert back == A_MESSAGE
    assert isinstance(back.parts, tuple)
    assert isinstance(back.parts[0].colour, Colour)


async def test_no_word_of_a_message_can_be_read_in_the_payload(converter: DataConverter) -> None:
    [payload] = await converter.encode([A_MESSAGE])
    kept = payload.SerializeToString()
    assert "沈秋萍".encode() not in kept
    assert b"parts" not in kept
    assert b"json" not in kept


async def test_an_unknown_key_id_is_a_clear_refusal(converter: DataConverter, tmp_path: Path) -> None:
    stranger = data_converter(Keyring.create(tmp_path / "other.toml"))
    with pytest.raises(KeyUnknown, match="payload"):
        await stranger.decode(await converter.encode(["text"]), [str])


async def test_altered_bytes_do_not_open(converter: DataConverter) -> None:
    [payload] = await converter.encode(["text"])
    payload.data = payload.data[:-1] + bytes([payload.data[-1] ^ 1])
    with pytest.raises(SealBroken):
        await converter.decode([payload], [str])


async def test_old_payloads_open_after_a_rotation(converter: DataConverter, keyring: Keyring) -> None:
    turned = data_converter(keyring.rotated(Purpose.PAYLOAD))
    assert await turned.decode(await converter.encode(["text"]), [str]) == ["text"]


async def test_a_payload_that_was_never_sealed_passes_unchanged(converter: DataConverter) -> None:
    plain = replace(converter, payload_codec=None)
    assert await converter.decode(await plain.encode(["nudge"]), [str]) == ["nudge"]


async def test_the_words_of_a_failure_are_sealed_and_come_back(converter: DataConverter) -> None:
    failure = Failure()
    await converter.encode_failure(ApplicationError("沈秋萍 已离岗", type="NotYourDecision"), failure)
    assert "沈秋萍" not in str(failure)
    assert "沈秋萍".encode() not in failure.SerializeToString()
    back = await converter.decode_failure(failure)
    assert isinstance(back, ApplicationError)
    assert (back.message, back.type) == ("沈秋萍 已离岗", "NotYourDecision")


async def test_a_payload_of_600_bytes_shrinks_although_it_is_sealed(converter: DataConverter) -> None:
    facts = {
        f"task_{number}": {"institution": f"inst-{number:03}", "due": "2026-03-06T16:00:00Z"} for number in range(9)
    }
    clear = len(json.dumps(facts, separators=(",", ":")))
    [payload] = await converter.encode([facts])
    assert 580 < clear < 640
    assert isinstance(payload, Payload)
    assert payload.ByteSize() < clear // 2


def test_the_converters_of_two_runs_share_what_they_know_of_our_messages(converter: DataConverter) -> None:
    one, other = converter.payload_converter_class(), converter.payload_converter_class()
    assert isinstance(one, SharedAdapters)
    assert isinstance(other, SharedAdapters)
    assert one.converters[b"json/plain"] is other.converters[b"json/plain"]
