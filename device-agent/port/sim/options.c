#include "options.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

const char agent_usage[] =
    "smartpass-agent: the terminal's program, with simulated hardware\n"
    "\n"
    "  smartpass-agent enrol --server HOST:PORT --username U [--password-file F] --serial S [--name N]\n"
    "                        [--mac M] --data DIR [--fingerprint AB:CD:…]\n"
    "      Gets a certificate with the login of somebody who may add devices. The password is read from the\n"
    "      file or from standard input, used once and stored nowhere. Without a fingerprint the server's\n"
    "      authority is trusted on first use, and its fingerprint is printed.\n"
    "\n"
    "  smartpass-agent sim --data DIR [--server HOST:PORT] [--camera FOLDER] [--walk SECONDS] [--control PATH]\n"
    "                      [--weights FILE] [--engine native|other|simulated] [--quota-mb N] [--reserve-mb N] "
    "[--capacity N] [--font FILE]\n"
    "                      [--slow-retry SECONDS] [--stable SECONDS] [--reset-wait SECONDS] [--clock-ahead SECONDS]\n"
    "                      [--trust FILE|FOLDER]\n"
    "      Runs one terminal. A restart begins the program anew in its own place; told to shut down, it ends.\n"
    "      Commands of the control socket (default DIR/control):\n"
    "      see FILE [--then FILE]… [--temp 36.6[,36.7]…] [--ambient 25] [--no-mask] [--not-alive] [--card N];\n"
    "      set NAME VALUE; menu DIGITS; home; status; relay; sounds; camera well|jammed|dead; cut on|off; leave; "
    "screen FILE; quit.\n"
    "\n"
    "  smartpass-agent launch sim … [--trial SECONDS] [--quiet SECONDS] [--at-boot]\n"
    "      The same, started from one of two slots in DIR/software, so that the server can upgrade it: a new version\n"
    "      that does not work within its trial (300 s, 3 starts) is replaced by the former one.\n"
    "      Started with the machine (--at-boot), it ends at once when the terminal is set not to start by itself.\n"
    "\n"
    "  smartpass-agent fleet --fleet N --server HOST:PORT (--credentials DIR | --data DIR --username U\n"
    "                        [--password-file F]) (--rate R | --flood) [--batch B] [--window W] [--seconds S]\n"
    "                        [--first K] [--stable SECONDS] [--edits E] [--outages O] [--kills K]\n"
    "                        [--skew SECONDS] [--slow PERCENT] [--seed X] [--stay] [--tell-settings FILE]\n"
    "      Runs N terminals in one process, what is durable of them in memory, and measures acknowledged records a\n"
    "      second. Meanwhile E settings a second are changed at terminals, O terminals a second lose the network and\n"
    "      K are killed. Then it waits until everything is with the server; with --stay until it is told to end. At\n"
    "      the end the settings of each terminal are written to FILE as lines of JSON.\n";

typedef enum { TEXT, NUMBER, SWITCH } option_kind;

typedef struct {
    const char *flag;
    option_kind kind;
    size_t offset;
    int64_t min, max;
} option;

#define AT(member) offsetof(agent_options, member)
static const option known[] = {
    {"--server", TEXT, AT(server), 0, 0},
    {"--data", TEXT, AT(data), 0, 0},
    {"--username", TEXT, AT(username), 0, 0},
    {"--password-file", TEXT, AT(password_file), 0, 0},
    {"--serial", TEXT, AT(serial), 0, 0},
    {"--name", TEXT, AT(name), 0, 0},
    {"--mac", TEXT, AT(mac), 0, 0},
    {"--fingerprint", TEXT, AT(fingerprint), 0, 0},
    {"--camera", TEXT, AT(camera), 0, 0},
    {"--control", TEXT, AT(control), 0, 0},
    {"--font", TEXT, AT(font), 0, 0},
    {"--weights", TEXT, AT(weights), 0, 0},
    {"--trust", TEXT, AT(trust), 0, 0},
    {"--engine", TEXT, AT(engine), 0, 0},
    {"--walk", NUMBER, AT(walk_s), 1, 86400},
    {"--quota-mb", NUMBER, AT(quota_mb), 1, 1 << 20},
    {"--reserve-mb", NUMBER, AT(reserve_mb), 0, 1 << 10},
    {"--capacity", NUMBER, AT(capacity), 1, 1000000},
    {"--slow-retry", NUMBER, AT(slow_retry_s), 1, 86400},
    {"--stable", NUMBER, AT(stable_s), 1, 86400},
    {"--trial", NUMBER, AT(trial_s), 1, 86400},
    {"--quiet", NUMBER, AT(quiet_s), 1, 86400},
    {"--at-boot", SWITCH, AT(at_boot), 0, 0},
    {"--reset-wait", NUMBER, AT(reset_wait_s), 1, 3600},
    {"--clock-ahead", NUMBER, AT(clock_ahead_s), -1000000000, 1000000000},
    {"--credentials", TEXT, AT(credentials), 0, 0},
    {"--fleet", NUMBER, AT(fleet), 1, 100000},
    {"--first", NUMBER, AT(first), 0, INT32_MAX},
    {"--rate", NUMBER, AT(rate), 0, 10000000},
    {"--flood", SWITCH, AT(flood), 0, 0},
    {"--batch", NUMBER, AT(batch), 1, 128},
    {"--window", NUMBER, AT(window), 1, 65536},
    {"--seconds", NUMBER, AT(seconds), 1, 1000000},
    {"--edits", NUMBER, AT(edits), 0, 100000},
    {"--outages", NUMBER, AT(outages), 0, 100000},
    {"--kills", NUMBER, AT(kills), 0, 100000},
    {"--skew", NUMBER, AT(skew_s), 0, 1000000000},
    {"--slow", NUMBER, AT(slow), 0, 100},
    {"--seed", NUMBER, AT(seed), 1, INT32_MAX},
    {"--stay", SWITCH, AT(stay), 0, 0},
    {"--tell-settings", TEXT, AT(tell_settings), 0, 0},
};

static const option *find(const char *flag)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i].flag, flag) == 0)
            return &known[i];
    return NULL;
}

static bool complain(const char *what, const char *detail)
{
    fprintf(stderr, "smartpass-agent: %s%s\n", what, detail);
    return false;
}

/* Takes one option; *at moves over its value. */
static bool take(int argc, char **argv, int *at, agent_options *options)
{
    const option *o = find(argv[*at]);
    char *target;

    if (!o)
        return complain("unknown option ", argv[*at]);
    target = (char *)options + o->offset;
    if (o->kind == SWITCH) {
        *(bool *)target = true;
        return true;
    }
    if (*at + 1 >= argc)
        return complain("a value is missing after ", argv[*at]);
    ++*at;
    if (o->kind == TEXT)
        *(const char **)target = argv[*at];
    else if (!int64_parse(argv[*at], o->min, o->max, (int64_t *)target))
        return complain("out of range: ", argv[*at]);
    return true;
}

static bool check(const agent_options *o)
{
    if (o->command == COMMAND_ENROL && (!o->server || !o->username || !o->serial || !o->data))
        return complain("enrol needs --server, --username, --serial and --data", "");
    if (o->command == COMMAND_SIM && !o->data)
        return complain("sim needs --data", "");
    if (o->command == COMMAND_SIM && strcmp(o->engine, "simulated") != 0 && !o->weights)
        return complain("sim needs --weights, or --engine simulated", "");
    if (strcmp(o->engine, "native") != 0 && strcmp(o->engine, "other") != 0 && strcmp(o->engine, "simulated") != 0)
        return complain("there is no engine ", o->engine);
    if (o->command == COMMAND_FLEET && (!o->server || o->fleet == 0 || (!o->credentials && !(o->data && o->username))))
        return complain("fleet needs --fleet, --server, and --credentials or --data with --username", "");
    if (o->command == COMMAND_FLEET && (o->rate >= 0) == o->flood)
        return complain("fleet needs either --rate or --flood", "");
    return true;
}

bool agent_options_parse(int argc, char **argv, agent_options *ret_options)
{
    agent_options options = {
        .engine = "native",
        .quota_mb = 512,
        .reserve_mb = 8,
        .capacity = 20000,
        .slow_retry_s = 300,
        .stable_s = 60,
        .trial_s = 300,
        .quiet_s = 60,
        .reset_wait_s = 60,
        .rate = -1,
        .batch = 128,
        .window = 512,
        .seconds = 10,
    };
    const char *verb = argc > 1 ? argv[1] : "--help";
    bool launched = strcmp(verb, "launch") == 0;
    int first = launched ? 3 : 2;

    if (launched)
        verb = argc > 2 ? argv[2] : "";
    if (strcmp(verb, "enrol") == 0)
        options.command = COMMAND_ENROL;
    else if (strcmp(verb, "sim") == 0)
        options.command = COMMAND_SIM;
    else if (strcmp(verb, "fleet") == 0)
        options.command = COMMAND_FLEET;
    else if (strcmp(verb, "--help") != 0 && strcmp(verb, "help") != 0)
        return complain("unknown command ", verb);
    if (launched && options.command != COMMAND_SIM)
        return complain("only sim can be launched", "");
    for (int i = first; i < argc; i++)
        if (!take(argc, argv, &i, &options))
            return false;
    if (!check(&options))
        return false;
    if (launched)
        options.command = COMMAND_LAUNCH;
    *ret_options = options;
    return true;
}
