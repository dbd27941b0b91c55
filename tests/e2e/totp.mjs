// What an authenticator app does: six digits of RFC 6238 from the secret that it was given.

import { createHmac } from "node:crypto";

const STEP_MS = 30_000;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

function bytesOf(base32) {
    let bits = "";
    for (const letter of base32.replace(/[\s=]/g, "").toUpperCase())
        bits += LETTERS.indexOf(letter).toString(2).padStart(5, "0");
    return Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
}

export function codeAt(secret, now) {
    const step = Buffer.alloc(8);
    step.writeBigUInt64BE(BigInt(Math.floor(now / STEP_MS)));
    const mac = createHmac("sha1", bytesOf(secret)).update(step).digest();
    const number = mac.readUInt32BE(mac[19] & 15) & 0x7fffffff;
    return String(number % 1_000_000).padStart(6, "0");
}

// Codes of the secret, each of a later step than the one before: the server takes none twice.
export function app(secret) {
    let last = 0;
    return async () => {
        const wait = (last + 1) * STEP_MS - Date.now();
        if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait + 200));
        last = Math.floor(Date.now() / STEP_MS);
        return codeAt(secret, Date.now());
    };
}
