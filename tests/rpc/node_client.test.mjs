// A client of another make: @grpc/grpc-js with the contract as it stands in proto/, against a running server over TLS.
// test_node_client.py starts the server, and a terminal at which somebody passes again and again.
//
// Environment: SMARTPASS_PORT, SMARTPASS_AUTHORITY (a file), SMARTPASS_PASSWORD (what admin's password becomes),
// SMARTPASS_PROTO_PATH (import folders, separated by ':'), SMARTPASS_PHOTO (a portrait), SMARTPASS_DEVICE (its id).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";

const require = createRequire(new URL("../../third_party/npm/package.json", import.meta.url));
const grpc = require("@grpc/grpc-js");
const loader = require("@grpc/proto-loader");

const settings = process.env;
const portrait = readFileSync(settings.SMARTPASS_PHOTO);
const contract = loader.loadSync(
    [
        ...["session", "people", "devices", "pass", "console"].map((name) => `smartpass/v1/${name}.proto`),
        "google/rpc/error_details.proto",
        "google/rpc/status.proto",
        "grpc/health/v1/health.proto",
        "grpc/reflection/v1alpha/reflection.proto",
    ],
    { includeDirs: settings.SMARTPASS_PROTO_PATH.split(":"), longs: String, enums: String, defaults: true, oneofs: true },
);
const packages = grpc.loadPackageDefinition(contract);
const trusted = grpc.credentials.createSsl(readFileSync(settings.SMARTPASS_AUTHORITY));

const clients = [];
function connect(Service, credentials = trusted) {
    clients.push(new Service(`localhost:${settings.SMARTPASS_PORT}`, credentials));
    return clients.at(-1);
}

let token, session, people, devices, passes, live;
before(() => {
    const v1 = packages.smartpass.v1;
    [session, people, devices, passes, live] = [
        v1.SessionService,
        v1.PeopleService,
        v1.DevicesService,
        v1.PassService,
        v1.ConsoleService,
    ].map((Service) => connect(Service));
});
after(() => clients.forEach((client) => client.close()));

function signedIn() {
    const metadata = new grpc.Metadata();
    if (token) metadata.set("authorization", `Bearer ${token}`);
    return metadata;
}
const within = (ms) => ({ deadline: Date.now() + ms });

const call = (client, method, request = {}, options = within(30000)) =>
    new Promise((resolve, reject) => {
        client[method](request, signedIn(), options, (error, answer) => (error ? reject(error) : resolve(answer)));
    });

// A photo in parts of a size that divides nothing evenly.
const upload = (bytes, contentType = "image/jpeg") =>
    new Promise((resolve, reject) => {
        const stream = people.UploadPhoto(signedIn(), within(30000), (error, photo) => (error ? reject(error) : resolve(photo)));
        for (let at = 0; at < bytes.length; at += 7001) stream.write({ contentType, data: bytes.subarray(at, at + 7001) });
        stream.end();
    });

async function download(stream) {
    const parts = [];
    for await (const part of stream) parts.push(part);
    return { contentType: parts[0].contentType, bytes: Buffer.concat(parts.map((part) => part.data)) };
}

// Runs what must be refused: code, reason, and the reason of each violated field.
async function refusal(promise) {
    const error = await promise.then(() => assert.fail("it was not refused"), (reason) => reason);
    const refused = { code: grpc.status[error.code], fields: {} };
    const [bytes] = error.metadata.get("grpc-status-details-bin");
    for (const detail of bytes ? contract["google.rpc.Status"].deserialize(bytes).details : []) {
        const type = detail.type_url.split("/").pop();
        const value = contract[type].deserialize(detail.value);
        if (type === "google.rpc.ErrorInfo") Object.assign(refused, { reason: value.reason, facts: value.metadata });
        if (type === "google.rpc.BadRequest") for (const { field } of value.fieldViolations) refused.fields[field] = "";
    }
    for (const field of Object.keys(refused.fields)) refused.fields[field] = refused.facts[field];
    return refused;
}

// Events from now on, or from an id; the caller cancels.
function watch(lastEventId = "") {
    const stream = live.WatchEvents({ lastEventId }, signedIn(), within(30000));
    stream.on("error", (error) => assert.equal(error.code, grpc.status.CANCELLED));
    return stream;
}

// The first event of the stream that fits; whatever comes later stays unread.
async function event(stream, fits) {
    for await (const one of stream.iterator({ destroyOnReturn: false })) if (fits(one)) return one;
}

test("the server is healthy, and says what it serves", async () => {
    const health = connect(packages.grpc.health.v1.Health);
    assert.equal((await call(health, "Check", { service: "smartpass.v1.PeopleService" })).status, "SERVING");
    const reflection = connect(packages.grpc.reflection.v1alpha.ServerReflection).ServerReflectionInfo(within(10000));
    reflection.end({ listServices: "*" });
    const [answer] = await reflection.toArray();
    const names = answer.listServicesResponse.service.map((service) => service.name);
    assert.ok(names.includes("smartpass.v1.PeopleService") && names.includes("smartpass.link.v1.LinkService"));
});

test("who does not know the authority stays away", async () => {
    const stranger = connect(packages.smartpass.v1.SessionService, grpc.credentials.createSsl());
    assert.equal((await refusal(call(stranger, "GetSession", {}, within(5000)))).code, "UNAVAILABLE");
});

test("without a session nothing is told", async () => {
    const refused = await refusal(call(people, "ListEmployees"));
    assert.deepEqual([refused.code, refused.reason], ["UNAUTHENTICATED", "SESSION_MISSING"]);
});

test("the first login can do nothing but change its password", async () => {
    const wrong = await refusal(call(session, "Login", { username: "admin", password: "guess" }));
    assert.deepEqual([wrong.code, wrong.reason], ["UNAUTHENTICATED", "BAD_CREDENTIALS"]);
    const answer = await call(session, "Login", { username: "admin", password: "123456" });
    token = answer.token;
    assert.equal(answer.session.mustChangePassword, true);
    assert.equal((await refusal(call(people, "ListEmployees"))).reason, "PASSWORD_CHANGE_REQUIRED");
    const short = await refusal(call(session, "ChangePassword", { oldPassword: "123456", newPassword: "short" }));
    assert.deepEqual([short.code, short.fields], ["INVALID_ARGUMENT", { new_password: "PASSWORD_TOO_SHORT" }]);
    const change = { oldPassword: "123456", newPassword: settings.SMARTPASS_PASSWORD };
    assert.equal((await call(session, "ChangePassword", change)).session.mustChangePassword, false);
    assert.equal((await call(session, "GetSession")).username, "admin");
});

test("an employee is created with a photo, listed, and the photo comes back", async () => {
    const photo = await upload(portrait);
    assert.ok(photo.width > 0 && photo.height > 0);
    const wanted = { number: "N-1", name: "Zoë 王", cardNumber: "77", photoId: photo.id };
    const employee = await call(people, "CreateEmployee", { employee: wanted });
    assert.ok(BigInt(employee.id) > 2n ** 53n, "identifiers need all their bits");
    for (const [field, value] of Object.entries(wanted)) assert.equal(employee[field], value);
    const listed = await call(people, "ListEmployees", { query: "zoë", pageSize: 10 });
    assert.deepEqual([listed.totalSize, listed.employees], [1, [employee]]);

    const whole = await download(people.DownloadPhoto({ id: photo.id }, signedIn(), within(10000)));
    const thumbnail = await download(people.DownloadPhoto({ id: photo.id, thumbnail: true }, signedIn(), within(10000)));
    assert.equal(whole.contentType, "image/jpeg");
    for (const { bytes } of [whole, thumbnail]) assert.equal(bytes.readUInt16BE(0), 0xffd8);
    assert.ok(thumbnail.bytes.length < whole.bytes.length);
});

test("what is refused says why, field by field", async () => {
    const unnamed = await refusal(call(people, "CreateEmployee", { employee: { number: "N-1", cardNumber: "77" } }));
    assert.equal(unnamed.code, "INVALID_ARGUMENT");
    assert.equal(unnamed.fields["employee.name"], "FIELD_REQUIRED");
    const taken = await refusal(call(people, "CreateEmployee", { employee: { number: "N-1", name: "Another" } }));
    assert.equal(taken.fields["employee.number"], "NUMBER_TAKEN");
    const text = await refusal(upload(Buffer.alloc(9000, "no picture ")));
    assert.deepEqual([text.code, text.fields], ["INVALID_ARGUMENT", { photo: "NOT_AN_IMAGE" }]);
    const large = await refusal(upload(Buffer.concat([portrait, Buffer.alloc(512001)])));
    assert.deepEqual([large.code, large.fields], ["INVALID_ARGUMENT", { photo: "TOO_LARGE" }]);
    assert.equal((await refusal(call(people, "GetEmployee", { id: "9223372036854775807" }))).code, "NOT_FOUND");
    const away = people.DownloadPhoto({ id: "1" }, signedIn(), within(10000));
    assert.equal((await refusal(away.toArray())).code, "NOT_FOUND");
});

test("events come while they happen: a pass, then a device that changes", async () => {
    const stream = watch();
    const passed = await event(stream, (one) => one.event === "pass");
    assert.equal(passed.pass.deviceId, settings.SMARTPASS_DEVICE);
    assert.deepEqual([passed.pass.kind, passed.pass.result], ["PERSON_KIND_STRANGER", "PASS_RESULT_ALLOWED"]);
    assert.ok(passed.id);
    await call(devices, "UpdateDeviceSettings", {
        id: settings.SMARTPASS_DEVICE,
        settings: { alarmThresholdCenti: 3750, relaySeconds: 7 },
        updateMask: { paths: ["alarm_threshold_centi", "relay_seconds"] },
    });
    const changed = await event(stream, (one) => one.event === "device");
    assert.equal(changed.device.id, settings.SMARTPASS_DEVICE);
    stream.cancel();

    // Who comes back with the last id misses nothing in between.
    const again = watch(passed.id);
    const first = await event(again, (one) => one.event !== "heartbeat");
    assert.notEqual(first.event, "resync");
    assert.ok(first.id !== passed.id);
    again.cancel();
    const listed = await call(passes, "ListPasses", { deviceId: settings.SMARTPASS_DEVICE, pageSize: 100 });
    assert.ok(listed.passes.some((pass) => pass.id === passed.pass.id));
});

test("a deadline ends a stream, and a call that comes too late is not made", async () => {
    const began = Date.now();
    const stream = live.WatchEvents({}, signedIn(), within(700));
    assert.equal((await refusal(stream.toArray())).code, "DEADLINE_EXCEEDED");
    assert.ok(Date.now() - began < 5000);
    assert.equal((await refusal(call(people, "ListEmployees", {}, within(-1)))).code, "DEADLINE_EXCEEDED");
});

test("many calls at once share one connection", async () => {
    const lists = await Promise.all(Array.from({ length: 100 }, () => call(people, "ListEmployees", { pageSize: 1 })));
    assert.ok(lists.every((list) => list.totalSize === 1));
});

test("after the logout the token is worth nothing", async () => {
    await call(session, "Logout");
    const refused = await refusal(call(people, "ListEmployees"));
    assert.deepEqual([refused.code, refused.reason], ["UNAUTHENTICATED", "SESSION_EXPIRED"]);
});
