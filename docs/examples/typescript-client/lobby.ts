// lobby HOST:PORT AUTHORITY.CRT USER NUMBER NAME <PASSWORD: signs in, adds an employee, lists all of them, waits for
// somebody to pass, and signs out.
import { readFileSync } from "node:fs";
import { type CallOptions, type Client, Code, ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcTransport, Http2SessionManager } from "@connectrpc/connect-node";
import { BadRequestSchema, ErrorInfoSchema } from "smartpass-client/google/rpc/error_details_pb.js";
import { ConsoleService } from "smartpass-client/smartpass/v1/console_pb.js";
import { PeopleService } from "smartpass-client/smartpass/v1/people_pb.js";
import { SessionService } from "smartpass-client/smartpass/v1/session_pb.js";

const [address, authority, username, number, name] = process.argv.slice(2);
const password = readFileSync(0, "utf8").trimEnd();

const baseUrl = `https://${address}`;
const connection = new Http2SessionManager(baseUrl, {}, { ca: readFileSync(authority) });
const transport = createGrpcTransport({ baseUrl, sessionManager: connection });
const session = createClient(SessionService, transport);
const people = createClient(PeopleService, transport);
const live = createClient(ConsoleService, transport);

/** [field, reason] of a refusal, from the typed details of the error. */
function violations(error: unknown): [string, string][] {
    if (!(error instanceof ConnectError)) throw error;
    const facts = error.findDetails(ErrorInfoSchema)[0]?.metadata ?? {};
    const fields = error.findDetails(BadRequestSchema).flatMap((request) => request.fieldViolations);
    return fields.map(({ field }) => [field, facts[field]]);
}

async function add(client: Client<typeof PeopleService>, options: CallOptions): Promise<void> {
    try {
        const created = await client.createEmployee({ employee: { number, name } }, options);
        console.log("created", created.number, created.name);
    } catch (error) {
        for (const [field, reason] of violations(error)) console.log(`refused ${field}: ${reason}`);
    }
}

async function waitForPass(options: CallOptions): Promise<void> {
    const watching = new AbortController();
    try {
        const events = live.watchEvents({}, { ...options, timeoutMs: 60_000, signal: watching.signal });
        for await (const { event } of events) {
            if (event.case === "pass") {
                console.log("pass", event.value.personName || "a stranger", "at", event.value.deviceName);
                watching.abort(); // ends the stream, which the loop learns as an error
            }
        }
    } catch (error) {
        if (ConnectError.from(error).code !== Code.Canceled) throw error;
    }
}

const { token } = await session.login({ username, password }, { timeoutMs: 10_000 });
const options = { headers: { authorization: `Bearer ${token}` } };
await add(people, options);
const { employees } = await people.listEmployees({ pageSize: 100 }, options);
for (const employee of employees) console.log("employee", employee.number, employee.name);
await waitForPass(options);
await session.logout({}, options);
connection.abort(); // an open connection would keep the program running
