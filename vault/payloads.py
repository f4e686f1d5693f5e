"""What Temporal keeps of us: every payload compressed, then sealed; failure texts with them."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from temporalio.api.common.v1 import Payload
from temporalio.contrib.pydantic import PydanticJSONPlainPayloadConverter
from temporalio.converter import (
    CompositePayloadConverter,
    DataConverter,
    DefaultFailureConverterWithEncodedAttributes,
    DefaultPayloadConverter,
    JSONPlainPayloadConverter,
    PayloadCodec,
)

from vault.cipher import seal, unseal
from vault.keyring import Keyring, Purpose

ENCODING = b"binary/sealed"
# Raw deflate: a payload is small and authenticated, so zlib's header and checksum would be 6 bytes for nothing.
RAW_DEFLATE = -zlib.MAX_WBITS
# A window of 4 kB and little memory: the usual 256 kB take ten times as long to lay out as a payload to compress.
WINDOW, MEMORY = -12, 5
# Temporal makes a converter for every run of a workflow; one that shares this reads our messages' types only once.
_JSON = PydanticJSONPlainPayloadConverter()


class SharedAdapters(CompositePayloadConverter):
    """Temporal's payload converters with pydantic's in the place of plain JSON, its adapters kept by the process."""

    def __init__(self) -> None:
        """The same for every run: Temporal calls this without arguments."""
        usual = DefaultPayloadConverter.default_encoding_payload_converters
        super().__init__(*(_JSON if isinstance(one, JSONPlainPayloadConverter) else one for one in usual))


class SealedPayloads(PayloadCodec):
    """AES-256-GCM over the compressed payload; the key's id stands in the metadata, so that keys can be replaced.

    Decoding raises KeyUnknown for a key that the keys file lacks and SealBroken for altered bytes. A payload that was
    never sealed (an operator's own signal) passes unchanged.
    """

    def __init__(self, keyring: Keyring) -> None:
        """Seal with the keyring's current payload key, open with any of them."""
        self._keyring = keyring

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Seal each payload whole, its own metadata included."""
        return [self.sealed(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Open each payload that `encode` made."""
        return [self.opened(payload) for payload in payloads]

    def sealed(self, payload: Payload) -> Payload:
        """One payload, sealed."""
        key = self._keyring.current(Purpose.PAYLOAD)
        packer = zlib.compressobj(6, zlib.DEFLATED, WINDOW, MEMORY)
        packed = packer.compress(payload.SerializeToString()) + packer.flush()
        return Payload(
            metadata={"encoding": ENCODING, "key": key.id.encode()},
            data=seal(key, packed, bound_to=ENCODING),
        )

    def opened(self, payload: Payload) -> Payload:
        """One payload as it was before sealing."""
        if payload.metadata.get("encoding") != ENCODING:
            return payload
        key = self._keyring.key(Purpose.PAYLOAD, payload.metadata["key"].decode(errors="replace"))
        packed = unseal(key, payload.data, bound_to=ENCODING)
        return Payload.FromString(zlib.decompress(packed, RAW_DEFLATE))


def data_converter(keyring: Keyring) -> DataConverter:
    """The one converter of client, worker, replayer and tests.

    JSON by pydantic, because Temporal's default knows no `date`; messages stay plain frozen dataclasses. Messages and
    stack traces of failures are sealed as well.
    """
    return DataConverter(
        payload_converter_class=SharedAdapters,
        payload_codec=SealedPayloads(keyring),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )
