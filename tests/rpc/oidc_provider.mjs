// oidc_provider.mjs PACKAGE REDIRECT_URI: three identity providers that differ in what the standard leaves open, on ports
// of their own. Prints one JSON line {name: {issuer, client_id, client_secret}}; ends when its standard input does. Users
// sign in on the package's own development pages under any name; "kim+staff+managers" is Kim in two groups.
//
//   rs  RS256, the secret as HTTP Basic, claims only from userinfo
//   es  ES256, the secret in the form, claims in the ID token
//   ed  EdDSA, a public client
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, redirectUri] = process.argv.slice(2);
console.info = console.warn = () => {};
const { default: Provider } = await import(pathToFileURL(join(folder, "lib/index.js")).href);

const key = (type, options, alg) => ({
    ...generateKeyPairSync(type, options).privateKey.export({ format: "jwk" }),
    kid: randomUUID(),
    alg,
    use: "sig",
});
const keys = [
    key("rsa", { modulusLength: 2048 }, "RS256"),
    key("ec", { namedCurve: "P-256" }, "ES256"),
    key("ed25519", {}, "EdDSA"),
];

function findAccount(_context, id) {
    const [name, ...groups] = id.split("+");
    return {
        accountId: id,
        claims: () => ({
            sub: `sub-${name}`,
            preferred_username: name,
            name: `${name[0].toUpperCase()}${name.slice(1)} Example`,
            email: `${name}@example.org`,
            groups,
        }),
    };
}

async function start(name, { alg, method, claimsInToken }) {
    const server = createServer();
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    const issuer = `http://127.0.0.1:${server.address().port}`;
    const secret = method === "none" ? "" : `${name} secret: % & +/~`;
    const provider = new Provider(issuer, {
        clients: [
            {
                client_id: `console ${name}`,
                ...(secret && { client_secret: secret }),
                redirect_uris: [redirectUri],
                response_types: ["code"],
                grant_types: ["authorization_code"],
                token_endpoint_auth_method: method,
                id_token_signed_response_alg: alg,
            },
        ],
        clientAuthMethods: [method],
        claims: { openid: ["sub"], email: ["email"], profile: ["name", "preferred_username", "groups"] },
        conformIdTokenClaims: !claimsInToken,
        cookies: { keys: [randomUUID()] },
        enabledJWA: { idTokenSigningAlgValues: [alg] },
        findAccount,
        jwks: { keys },
        pkce: { methods: ["S256"], required: () => true },
    });
    server.on("request", provider.callback());
    return [name, { issuer, client_id: `console ${name}`, client_secret: secret }];
}

const started = await Promise.all([
    start("rs", { alg: "RS256", method: "client_secret_basic", claimsInToken: false }),
    start("es", { alg: "ES256", method: "client_secret_post", claimsInToken: true }),
    start("ed", { alg: "EdDSA", method: "none", claimsInToken: false }),
]);
process.stdout.write(`${JSON.stringify(Object.fromEntries(started))}\n`);
process.stdin.resume().on("end", () => process.exit(0));
