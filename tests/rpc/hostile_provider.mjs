// hostile_provider.mjs [KEY CERTIFICATE]: an identity provider that lies, by HTTPS if it is given what that needs. Prints one JSON line {issuer}; ends when its standard input does.
// What a sign-in gets is said by its code, which is JSON in base64url:
//
//   {nonce, header, claims, key, drop, userinfo, status, body, huge}
//
// header and claims replace parts of an honest ID token, drop leaves claims out; key is one of the names below, "none"
// for no signature at all; userinfo is what that endpoint says; status and body are the token endpoint's answer, huge the
// size of one that is too large.
// Requests are counted: GET /counts. POST /rotate makes new keys.
import { createHash, createHmac, generateKeyPairSync, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";

const keys = {};
const counts = {};
let generation = 0;

function rotate() {
    generation++;
    keys.rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
    keys.small = generateKeyPairSync("rsa", { modulusLength: 1024 });
    keys.ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
    keys.ed = generateKeyPairSync("ed25519");
    keys.stranger = generateKeyPairSync("rsa", { modulusLength: 2048 });
}
rotate();

const kid = (name) => `${name}-${generation}`;
const b64 = (value) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
const jwk = (name, more) => ({ ...keys[name].publicKey.export({ format: "jwk" }), kid: kid(name), ...more });

function signature(name, input) {
    if (name === "none") return "";
    // The public key as the secret of an HMAC: what a verifier does that lets the header choose.
    if (name === "public")
        return createHmac("sha256", keys.rsa.publicKey.export({ type: "spki", format: "pem" }))
            .update(input)
            .digest("base64url");
    if (name === "ec") return sign("sha256", input, { key: keys.ec.privateKey, dsaEncoding: "ieee-p1363" }).toString("base64url");
    if (name === "ed") return sign(null, input, keys.ed.privateKey).toString("base64url");
    return sign("sha256", input, keys[name].privateKey).toString("base64url");
}

function tokens(order, client) {
    const now = Math.floor(Date.now() / 1000);
    const access = b64(JSON.stringify(order.userinfo ?? {}));
    const claims = {
        iss: issuer,
        sub: "mallory",
        aud: client,
        iat: now,
        exp: now + 300,
        nonce: order.nonce,
        preferred_username: "mallory",
        groups: ["staff"],
        at_hash: createHash("sha256").update(access).digest().subarray(0, 16).toString("base64url"),
        ...order.claims,
    };
    for (const name of order.drop ?? []) delete claims[name];
    const key = order.key ?? "rsa";
    const alg = { ec: "ES256", ed: "EdDSA", none: "none", public: "HS256" }[key] ?? "RS256";
    const header = { alg, kid: kid(["none", "public", "stranger"].includes(key) ? "rsa" : key), ...order.header };
    const input = `${b64(header)}.${b64(order.payload ?? claims)}`;
    return { id_token: `${input}.${signature(key, Buffer.from(input))}`, access_token: access, token_type: "Bearer" };
}

const configuration = () => ({
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/keys`,
    userinfo_endpoint: `${issuer}/userinfo`,
});

function answer(request, body) {
    const url = new URL(request.url, issuer);
    counts[url.pathname] = (counts[url.pathname] ?? 0) + 1;
    if (url.pathname === "/token") {
        const form = new URLSearchParams(body);
        const basic = Buffer.from((request.headers.authorization ?? "Basic ").slice(6), "base64").toString();
        const client = form.get("client_id") ?? decodeURIComponent(basic.split(":")[0]);
        const order = JSON.parse(Buffer.from(form.get("code"), "base64url").toString());
        return [order.status ?? 200, order.huge ? "x".repeat(order.huge) : (order.body ?? tokens(order, client))];
    }
    switch (url.pathname) {
        case "/.well-known/openid-configuration":
            return [200, configuration()];
        case "/other/.well-known/openid-configuration": // of an issuer that calls itself otherwise
            return [200, configuration()];
        case "/plain/.well-known/openid-configuration":
            return [200, { ...configuration(), issuer: `${issuer}/plain`, token_endpoint: "http://example.org/token" }];
        case "/moved/.well-known/openid-configuration":
            return [302, "", { location: `${issuer}/.well-known/openid-configuration` }];
        case "/huge/.well-known/openid-configuration":
            return [200, `{"issuer":"${"x".repeat(3 << 20)}"}`];
        case "/keys":
            return [
                200,
                {
                    keys: [
                        jwk("rsa", { use: "sig" }),
                        jwk("small", { use: "sig" }),
                        jwk("ec", {}),
                        jwk("ed", {}),
                        { kty: "oct", k: "AAAA", kid: "symmetric" },
                        { kty: "RSA", n: jwk("rsa").n, e: "AQ", kid: "exponent-1" },
                    ],
                },
            ];
        case "/userinfo":
            return [200, Buffer.from((request.headers.authorization ?? "").slice(7), "base64url").toString()];
        case "/counts":
            return [200, counts];
        case "/rotate":
            rotate();
            return [200, {}];
        default:
            return [404, ""];
    }
}

function serve(request, response) {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
        const [status, body, headers] = answer(request, Buffer.concat(parts).toString());
        response.writeHead(status, { "content-type": "application/json", ...headers });
        response.end(typeof body === "string" ? body : JSON.stringify(body));
    });
}

const [key, cert] = process.argv.slice(2).map((path) => readFileSync(path));
const server = key ? createSecureServer({ key, cert }, serve) : createServer(serve);
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const issuer = `${key ? "https://localhost" : "http://127.0.0.1"}:${server.address().port}`;
process.stdout.write(`${JSON.stringify({ issuer })}\n`);
process.stdin.resume().on("end", () => process.exit(0));
