/* smartpassctl: the management API from a shell, built on the generated client alone, and what makes packages. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "ctl.h"
#include "text.h"

enum { TIMEOUT_MS = 30000, SECRET_CAP = 4096, PEM_CAP = 65536 };

#define ITEM(key_, type_, member, preset_, min_, max_, help_)                                                          \
    {                                                                                                                  \
        .key = key_, .type = type_, .offset = offsetof(ctl_flags, member), .preset = preset_, .min = min_,             \
        .max = max_, .help = help_                                                                                     \
    }

static const config_item items[] = {
    ITEM("server", CONFIG_TEXT, server, "localhost:7788", 1, 256, "Host and port of the server."),
    ITEM("authority", CONFIG_PATH, authority, "", 0, 4096, "Certificate of the server's authority (PEM)."),
    ITEM("token_file", CONFIG_PATH, token_file, "", 0, 4096, "Where login keeps its token."),
    ITEM("username", CONFIG_TEXT, username, "", 0, 64, "login: the user's name."),
    ITEM("password_file", CONFIG_PATH, password_file, "-", 0, 4096,
         "login: file of the password, - for standard input."),
    ITEM("new_password_file", CONFIG_PATH, new_password_file, "-", 0, 4096, "password change: file of the new one."),
    ITEM("number", CONFIG_TEXT, number, "", 0, 32, "employee create: the personnel number."),
    ITEM("name", CONFIG_TEXT, name, "", 0, 96, "employee create: the name."),
    ITEM("phone", CONFIG_TEXT, phone, "", 0, 32, "employee create: the telephone number."),
    ITEM("card", CONFIG_TEXT, card, "", 0, 32, "employee create: the card number."),
    ITEM("photo", CONFIG_PATH, photo, "", 0, 4096, "employee create: a JPEG or PNG of the face."),
    ITEM("employees", CONFIG_TEXT, employees, "", 0, 65536, "grant create: ids, separated by commas."),
    ITEM("devices", CONFIG_TEXT, devices, "", 0, 65536, "grant create, device approve: ids, separated by commas."),
    ITEM("from", CONFIG_TEXT, from, "", 0, 32,
         "grant create, audit: from when, as 2026-11-22T08:00:00Z; empty: from ever."),
    ITEM("until", CONFIG_TEXT, until, "", 0, 32, "grant create, audit: until when; empty: for ever."),
    ITEM("count", CONFIG_INT, count, "0", 0, INT64_MAX, "pass watch, audit list: ends after so many; 0: never."),
    ITEM("anchor", CONFIG_TEXT, anchor, "", 0, 96, "audit verify: a head that was kept, as HASH@SEAL."),
    ITEM("module", CONFIG_TEXT, module, "", 0, 32, "audit: rows of this module alone, such as people."),
    ITEM("operator", CONFIG_TEXT, operator_name, "", 0, 128, "audit: rows of this operator alone."),
    ITEM("query", CONFIG_TEXT, query, "", 0, 96, "audit: a part of the object or the action."),
    ITEM("refused", CONFIG_BOOL, refused, "false", 0, 0, "audit: what was refused alone."),
    ITEM("operation", CONFIG_INT, operation, "0", 0, INT64_MAX,
         "operation get, operation cancel: which one, by its id."),
    ITEM("key", CONFIG_PATH, key, "", 0, 4096, "package keygen, package sign: file of the private key."),
    ITEM("public_key", CONFIG_PATH, public_key, "", 0, 4096, "package keygen: file of the public key."),
    ITEM("keys", CONFIG_PATH, keys, "", 0, 4096, "package inspect: folder of the public keys that are trusted."),
    ITEM("program", CONFIG_PATH, program, "", 0, 4096, "package sign: the program to pack."),
    ITEM("package", CONFIG_PATH, package, "", 0, 4096, "package inspect: the package."),
    ITEM("package_version", CONFIG_TEXT, package_version, "", 0, 17, "package sign: MAJOR.MINOR.PATCH."),
    ITEM("model", CONFIG_TEXT, model, "", 0, 64, "package sign: the terminals' model; empty: any."),
    ITEM("notes", CONFIG_TEXT, notes, "", 0, 2000, "package sign: what is new."),
    ITEM("out", CONFIG_PATH, out, "", 0, 4096, "package sign: the package to make; it must not be there yet."),
};

static const struct {
    const char *noun, *verb;
    int (*run)(const ctl *c);
    bool local; /* calls no server */
} commands[] = {
    {"login", NULL, run_login, false},
    {"password", "change", run_password_change, false},
    {"device", "list", run_device_list, false},
    {"device", "approve", run_device_approve, false},
    {"employee", "list", run_employee_list, false},
    {"employee", "create", run_employee_create, false},
    {"grant", "create", run_grant_create, false},
    {"pass", "watch", run_pass_watch, false},
    {"operation", "list", run_operation_list, false},
    {"operation", "get", run_operation_get, false},
    {"operation", "cancel", run_operation_cancel, false},
    {"audit", "verify", run_audit_verify, false},
    {"audit", "list", run_audit_list, false},
    {"audit", "export", run_audit_export, false},
    {"package", "keygen", run_package_keygen, true},
    {"package", "sign", run_package_sign, true},
    {"package", "inspect", run_package_inspect, true},
};

#define COMMANDS (sizeof commands / sizeof *commands)

int ctl_fail(const char *what, sp_status status, rpc_answer *answer)
{
    fprintf(stderr, "smartpassctl: %s: %s (%s%s%s)\n", what, status.message[0] ? status.message : "failed",
            sp_code_name(status.code), status.reason[0] ? ", " : "", status.reason);
    if (answer)
        rpc_answer_done(answer);
    return CTL_FAILED;
}

static char *read_text(const char *path, size_t cap)
{
    char *text = calloc(1, cap + 1);
    FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "rbe");

    if (text && f) {
        size_t n = fread(text, 1, cap, f);
        while (n > 0 && (text[n - 1] == '\n' || text[n - 1] == '\r'))
            text[--n] = 0;
    } else {
        fprintf(stderr, "smartpassctl: %s: %s\n", path, strerror(errno));
        free(text);
        text = NULL;
    }
    if (f && f != stdin)
        fclose(f);
    return text;
}

char *ctl_read_secret(const char *path)
{
    return read_text(path, SECRET_CAP);
}

long ctl_parse_ids(const char *text, int64_t ids[CTL_IDS_MAX])
{
    char *copy = strdup(text), *rest = copy;
    const char *word;
    long n = 0;

    while (copy && n >= 0 && (word = strsep(&rest, ",")) != NULL)
        n = n < CTL_IDS_MAX && int64_parse(word, 1, INT64_MAX, &ids[n]) ? n + 1 : -1;
    free(copy);
    return copy ? n : -1;
}

/* Its place in the table; the table's size: there is no such command. */
static size_t find_command(const config_loaded *loaded)
{
    const char *noun = loaded->argument_count > 0 ? loaded->arguments[0] : "";
    const char *verb = loaded->argument_count > 1 ? loaded->arguments[1] : NULL;
    size_t i;

    for (i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i].noun, noun) == 0 && loaded->argument_count == (commands[i].verb ? 2 : 1) &&
            (!commands[i].verb || strcmp(commands[i].verb, verb) == 0))
            break;
    return i;
}

static int run_with_client(int (*run)(const ctl *c), const ctl_flags *flags)
{
    char *ca = flags->authority[0] ? read_text(flags->authority, PEM_CAP) : NULL;
    if (flags->authority[0] && !ca)
        return CTL_FAILED;
    char *token = run != run_login && flags->token_file[0] ? ctl_read_secret(flags->token_file) : NULL;
    char *bearer = NULL;
    if (token && asprintf(&bearer, "Bearer %s", token) < 0)
        bearer = NULL;

    const rpc_metadatum authorization = {"authorization", bearer};
    const rpc_options stream_options = {.metadata = &authorization, .metadata_count = bearer ? 1 : 0};
    rpc_options options = stream_options;
    options.timeout_ms = TIMEOUT_MS;

    const rpc_client_options client_options = {.target = flags->server, .tls = true, .ca_pem = ca};
    rpc_client *client = rpc_client_new(&client_options);
    const ctl c = {flags, client, &options, &stream_options};
    int code = client ? run(&c) : CTL_FAILED;

    rpc_client_free(client);
    free(bearer);
    free(token);
    free(ca);
    return code;
}

int main(int argc, char **argv)
{
    static const config_schema schema = {
        .program = "smartpassctl",
        .version = SMARTPASS_VERSION,
        .summary = "The management API of Smart Pass from a shell.",
        .arguments =
            "login | password change | device list | device approve | employee list | employee create | grant create | "
            "pass watch | "
            "operation list | operation get | operation cancel | audit verify | audit list | audit export | "
            "package keygen | package sign | package inspect",
        .environment_prefix = "SMARTPASSCTL_",
        .items = items,
        .count = sizeof items / sizeof *items,
    };
    ctl_flags flags;
    config_loaded loaded;
    config_outcome outcome = config_load(&schema, NULL, argc, argv, &flags, &loaded);

    if (outcome != CONFIG_RUN)
        return outcome == CONFIG_EXIT_OK ? CTL_DONE : CTL_USAGE;
    const ctl alone = {.flags = &flags};
    size_t at = find_command(&loaded);
    int code = CTL_USAGE;

    if (at == COMMANDS)
        fprintf(stderr, "smartpassctl: which of these? %s\n", schema.arguments);
    else
        code = commands[at].local ? commands[at].run(&alone) : run_with_client(commands[at].run, &flags);
    config_memory_free(loaded.memory);
    return code;
}
