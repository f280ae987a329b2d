import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** Bytes of chance in a secret: 256 bits cannot be guessed, so a plain hash is enough to keep it. */
const BYTES = 32;

/** A fresh secret and the hash to keep of it. The text is shown once. */
export function newSecret(): { text: string; hash: string } {
  const text = randomBytes(BYTES).toString("base64url");
  return { text, hash: hashOfSecret(text) };
}

/** What of a secret is kept. */
export function hashOfSecret(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

/** Whether the text is the secret of the hash; how long it takes tells nothing of either. */
export function isSecretOf(text: string, hash: string): boolean {
  const given = Buffer.from(hashOfSecret(text));
  const kept = Buffer.from(hash);
  return given.length === kept.length && timingSafeEqual(given, kept);
}

/** A secret as its holder sends it: whose it is, then the secret. */
export function secretText(id: string, text: string): string {
  return `${id}.${text}`;
}
