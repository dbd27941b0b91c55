#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "commands.h"
#include "enrolment.h"
#include "hash.h"

bool read_password(const char *path, char *out, size_t cap)
{
    bool standard = !path || strcmp(path, "-") == 0;
    FILE *file = standard ? stdin : fopen(path, "re");
    bool read;

    if (!file)
        return false;
    read = fgets(out, (int)cap, file) != NULL;
    if (!standard)
        fclose(file);
    if (!read || (strlen(out) == cap - 1 && out[cap - 2] != '\n'))
        return false;
    out[strcspn(out, "\r\n")] = '\0';
    return true;
}

void simulated_mac(const char *serial, char out[18])
{
    uint8_t sha[SHA256_SIZE] = {0};

    (void)sp_failed(sha256_of(serial, strlen(serial), sha));
    snprintf(out, 18, "02:%02x:%02x:%02x:%02x:%02x", sha[0], sha[1], sha[2], sha[3], sha[4]);
}

int run_enrol(const agent_options *o)
{
    char password[130];
    char mac[18];
    uint8_t fingerprint[SHA256_SIZE];
    enrolment_result result;
    enrolment e = {
        .server = o->server,
        .username = o->username,
        .password = password,
        .serial = o->serial,
        .name = o->name ? o->name : "",
        .mac = o->mac ? o->mac : mac,
        .model = SIMULATOR_MODEL,
        .fingerprint = o->fingerprint ? fingerprint : NULL,
        .folder = o->data,
    };
    bool enrolled;

    signal(SIGPIPE, SIG_IGN);
    if (o->fingerprint && sp_failed(fingerprint_parse(o->fingerprint, fingerprint))) {
        fprintf(stderr, "smartpass-agent: a fingerprint is 64 hex digits, with colons or without\n");
        return 2;
    }
    if (!read_password(o->password_file, password, sizeof password)) {
        fprintf(stderr, "smartpass-agent: the password cannot be read\n");
        return 2;
    }
    if (mkdir(o->data, 0700) != 0 && errno != EEXIST) {
        perror(o->data);
        return 1;
    }
    simulated_mac(o->serial, mac);
    enrolled = enrolment_run(&e, &result);
    explicit_bzero(password, sizeof password);
    if (!enrolled) {
        fprintf(stderr, "smartpass-agent: not enrolled: %s\n", result.problem);
        return 1;
    }
    printf("device %lld\nauthority %s\n", (long long)result.device_id, result.fingerprint);
    return 0;
}
