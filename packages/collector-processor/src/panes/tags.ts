const tagBytes = 6;

/** Sorted, 6 bytes each, so that the same tags are the same bytes. */
export function encodeTags(tags: ReadonlySet<number>): Uint8Array {
  const bytes = Buffer.alloc(tags.size * tagBytes);
  [...tags].toSorted((a, b) => a - b).forEach((tag, i) => bytes.writeUIntBE(tag, i * tagBytes, tagBytes));
  // A small buffer is a window on a shared block, which would travel to other threads as a whole.
  return new Uint8Array(bytes);
}

export function decodeTags(bytes: Uint8Array): Set<number> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return new Set(
    Array.from({ length: Math.floor(bytes.length / tagBytes) }, (_, i) => buffer.readUIntBE(i * tagBytes, tagBytes)),
  );
}
