// Turns every RPC with a google.api.http rule into one typed function that also carries its policy, and every message
// into the shape that the gateway prints (where defaults are present, unlike in protobuf's own JSON types). What the contract
// says of each setting of a terminal comes along as a table.
import { createRegistry, getOption, hasOption } from "@bufbuild/protobuf";
import { createEcmaScriptPlugin } from "@bufbuild/protoplugin";

const camel = (name) => name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());
const lowerFirst = (name) => name[0].toLowerCase() + name.slice(1);
const isRaw = (message) => message.typeName === "google.api.HttpBody";
const RUNTIME = "#api/transport";

export const plugin = createEcmaScriptPlugin({
    name: "protoc-gen-console",
    version: "v1",
    generateTs(schema) {
        const registry = createRegistry(...schema.allFiles);
        const options = {
            http: extension(registry, "google.api.http"),
            policy: extension(registry, "smartpass.v1.policy"),
            limit: extension(registry, "smartpass.v1.limit"),
            setting: extension(registry, "smartpass.v1.setting"),
        };

        for (const file of schema.files) {
            if (!file.proto.package.startsWith("smartpass.") || file.extensions.length) continue;
            const out = schema.generateFile(`${file.name}_http.ts`);
            out.preamble(file);
            for (const desc of file.enums) printEnum(out, desc);
            for (const desc of file.messages) {
                printMessage(out, desc);
                printLimits(out, options, desc);
                printRules(out, options, desc);
            }
            for (const service of file.services)
                for (const method of service.methods) printMethod(out, options, method);
        }
    },
});

function extension(registry, name) {
    const found = registry.getExtension(name);
    if (!found) throw new Error(`no file imports the option ${name}`);
    return found;
}

/** The names as a value too, so that a page can check what an address bar says. */
function printEnum(out, desc) {
    const names = desc.values.filter((value) => value.number !== 0).map((value) => `"${value.name}"`);
    out.print("export const ", listName(desc.name), " = [", names.join(", "), "] as const;");
    out.print(
        "export type ",
        desc.name,
        " = (typeof ",
        listName(desc.name),
        ')[number] | "',
        desc.values[0].name,
        '";',
    );
    out.print();
}

const listName = (name) => `${lowerFirst(name)}Names`;

function printMessage(out, desc) {
    out.print(out.jsDoc(desc));
    out.print("export interface ", desc.name, " {");
    for (const field of desc.fields) {
        const optional = field.presence === 1 || field.fieldKind === "message" ? "?" : "";
        out.print("    ", camel(field.name), optional, ": ", ...fieldType(out, field), ";");
    }
    out.print("}");
    out.print();
}

/** How many bytes each text may have, for forms that say so before the server does. */
function printLimits(out, options, desc) {
    const limits = desc.fields
        .map((field) => [camel(field.name), getOption(field, options.limit)?.maxBytes ?? 0])
        .filter(([, maxBytes]) => maxBytes > 0);
    if (limits.length === 0) return;
    out.print("export const ", lowerFirst(desc.name), "MaxBytes = {");
    for (const [name, maxBytes] of limits) out.print("    ", name, ": ", maxBytes, ",");
    out.print("} as const;");
    out.print();
}

/** Range, unit and factory value of each setting, so that no form repeats them. */
function printRules(out, options, desc) {
    const settings = desc.fields.filter((field) => hasOption(field, options.setting));
    if (settings.length === 0) return;
    out.print("export const ", lowerFirst(desc.name), "Rules = {");
    for (const field of settings)
        out.print("    ", camel(field.name), ": ", JSON.stringify(ruleOf(field, options)), ",");
    out.print("} as const;");
    out.print();
}

function ruleOf(field, options) {
    const { min, max, step, factory, factoryText, unit, form } = getOption(field, options.setting);
    if (field.fieldKind === "enum")
        return {
            kind: "choice",
            values: field.enum.values.filter(({ number }) => number !== 0).map(({ name }) => name),
            factory: field.enum.value[factory].name,
        };
    if (field.scalar === BOOL) return { kind: "switch", factory: factory === 1 };
    if (field.scalar === STRING)
        return { kind: "text", form, maxBytes: getOption(field, options.limit).maxBytes, factory: factoryText };
    return { kind: "number", min, max, step: step || 1, factory, unit };
}

const BOOL = 8;
const STRING = 9;

function fieldType(out, field) {
    if (field.fieldKind === "list") return ["readonly ", ...valueType(out, field, field.listKind), "[]"];
    if (field.fieldKind === "map") throw new Error(`${field}: maps have no printed form yet`);
    return valueType(out, field, field.fieldKind);
}

function valueType(out, field, kind) {
    if (kind === "enum") return [local(out, field.enum)];
    if (kind === "message") return [messageType(out, field.message)];
    return [scalarType(field.scalar)];
}

/** Well-known types have a form of their own in JSON. */
function messageType(out, desc) {
    if (desc.typeName === "google.protobuf.Timestamp") return "string";
    return desc.file.proto.package === "google.protobuf" ? out.importJson(desc) : local(out, desc);
}

// 64-bit integers are strings in JSON; so are bytes.
const scalarType = (scalar) =>
    ({ 1: "number", 2: "number", 5: "number", 7: "number", 8: "boolean", 13: "number", 15: "number", 17: "number" })[
        scalar
    ] ?? "string";

const local = (out, desc) => out.import(desc.name, `./${desc.file.name}_http.js`, true);

function printMethod(out, options, method) {
    const rule = getOption(method, options.http);
    const policy = getOption(method, options.policy);
    if (!rule?.pattern.case) return;

    const [kind, types] = methodShape(out, method);
    out.print(out.jsDoc(method));
    out.print("export const ", lowerFirst(method.name), " = ", PURE, out.import(kind, RUNTIME), "<", ...types, ">({");
    out.print('    name: "', method.parent.typeName, ".", method.name, '",');
    out.print('    verb: "', rule.pattern.case.toUpperCase(), '",');
    out.print('    path: "', pathTemplate(rule.pattern.value), '",');
    out.print('    body: "', rule.body === "*" ? "*" : camel(rule.body), '",');
    out.print('    caller: "', policy ? callerName(options.policy, policy.caller) : "ANYONE", '",');
    out.print('    permission: "', policy?.permission ?? "", '",');
    out.print("});");
    out.print();
}

/** "SUPER" for CALLER_SUPER. */
const callerName = (policy, number) =>
    policy.message.fields.find((field) => field.name === "caller").enum.value[number].localName;

/** Lets a bundle leave out the calls that its pages never make. */
const PURE = "/* @__PURE__ */ ";

const pathTemplate = (path) =>
    path.replace(/\{([^}=]+)(?:=[^}]+)?\}/g, (_, name) => `{${name.split(".").map(camel).join(".")}}`);

/** The runtime's word for this kind of call, and its type arguments. */
function methodShape(out, method) {
    const request = out.importJson(method.input);
    if (isRaw(method.input)) return ["upload", [local(out, method.output)]];
    if (isRaw(method.output)) return ["download", [request]];
    if (method.methodKind === "server_streaming") return ["events", [request, ", ", local(out, method.output)]];
    return ["unary", [request, ", ", local(out, method.output)]];
}
