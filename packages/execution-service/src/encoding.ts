import { sha256 } from '@noble/hashes/sha2.js';
import { base64urlnopad } from '@scure/base';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** SHA-256 of a text in UTF-8. At once, where WebCrypto would answer later, and in every runtime: Node, Workers, Deno, Bun. */
export const sha256Of = (text: string): Uint8Array => sha256(encoder.encode(text));

export const toBase64Url = (text: string): string => base64urlnopad.encode(encoder.encode(text));

/** @throws Error for what is not base64url, or not UTF-8 */
export const fromBase64Url = (text: string): string => decoder.decode(base64urlnopad.decode(text));
