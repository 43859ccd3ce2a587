import type { DataConverter, LoadedDataConverter, Payload } from '@temporalio/common';
import {
  BinaryPayloadConverter,
  CompositePayloadConverter,
  defaultPayloadConverter,
  JsonPayloadConverter,
  UndefinedPayloadConverter,
} from '@temporalio/common';
import { loadDataConverter } from '@temporalio/common/lib/internal-non-workflow/index.js';

/**
 * Writes what the SDK's own writes. That one encodes text by JavaScript of its own, because workflows have no other: two megabytes
 * take 16 ms of the one thread, and 1 ms here.
 */
class JsonConverter extends JsonPayloadConverter {
  readonly #metadata = super.toPayload(null)?.metadata;

  override toPayload(value: unknown): Payload | undefined {
    let text: string | undefined;
    try {
      text = JSON.stringify(value);
    } catch {
      // Whoever asks says that the value cannot be converted.
    }
    return text === undefined ? undefined : { metadata: this.#metadata, data: Buffer.from(text) };
  }
}

const converter = new CompositePayloadConverter(
  new UndefinedPayloadConverter(),
  new BinaryPayloadConverter(),
  new JsonConverter(),
);

/** The host's data converter; where it names no payload converter, the SDK's default one, faster. */
export function loadConverter(dataConverter: DataConverter | undefined): LoadedDataConverter {
  const loaded = loadDataConverter(dataConverter);
  return loaded.payloadConverter === defaultPayloadConverter ? { ...loaded, payloadConverter: converter } : loaded;
}
