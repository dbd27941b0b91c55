/* smartpassctl: the management API from a shell, built on the generated client alone. */
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
};

static const struct {
    const char *noun, *verb;
    int (*run)(const ctl *c);
} commands[] = {
    {"login", NULL, run_login},
    {"password", "change", run_password_change},
    {"device", "list", run_device_list},
    {"device", "approve", run_device_approve},
    {"employee", "list", run_employee_list},
    {"employee", "create", run_employee_create},
    {"grant", "create", run_grant_create},
    {"pass", "watch", run_pass_watch},
    {"operation", "list", run_operation_list},
    {"operation", "get", run_operation_get},
    {"operation", "cancel", run_operation_cancel},
    {"audit", "verify", run_audit_verify},
    {"audit", "list", run_audit_list},
    {"audit", "export", run_audit_export},
};

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

static int (*find_command(const config_loaded *loaded))(const ctl *c)
{
    const char *noun = loaded->argument_count > 0 ? loaded->arguments[0] : "";
    const char *verb = loaded->argument_count > 1 ? loaded->arguments[1] : NULL;

    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strcmp(commands[i].noun, noun) == 0 && loaded->argument_count == (commands[i].verb ? 2 : 1) &&
            (!commands[i].verb || strcmp(commands[i].verb, verb) == 0))
            return commands[i].run;
    return NULL;
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
        .arguments = "login | password change | device list | device approve | employee list | employee create | grant "
                     "create | pass watch | "
                     "operation list | operation get | operation cancel | audit verify | audit list | audit export",
        .environment_prefix = "SMARTPASSCTL_",
        .items = items,
        .count = sizeof items / sizeof *items,
    };
    ctl_flags flags;
    config_loaded loaded;
    config_outcome outcome = config_load(&schema, NULL, argc, argv, &flags, &loaded);

    if (outcome != CONFIG_RUN)
        return outcome == CONFIG_EXIT_OK ? CTL_DONE : CTL_USAGE;
    int (*run)(const ctl *c) = find_command(&loaded);
    if (!run)
        fprintf(stderr, "smartpassctl: which of these? %s\n", schema.arguments);
    int code = run ? run_with_client(run, &flags) : CTL_USAGE;
    config_memory_free(loaded.memory);
    return code;
}
