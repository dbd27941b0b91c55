#include "fleet_credentials.h"

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "commands.h"
#include "credentials.h"
#include "enrolment.h"
#include "text.h"

enum { ENROL_AT_ONCE = 8 };

static int ascending(const void *a, const void *b)
{
    long left = *(const long *)a;
    long right = *(const long *)b;

    return (left > right) - (left < right);
}

size_t fleet_credentials_list(const char *dir, long first, long *ret_numbers, size_t max)
{
    DIR *folder = opendir(dir);
    long *all = NULL;
    size_t count = 0;
    size_t room = 0;

    if (!folder)
        return 0;
    for (const struct dirent *e; (e = readdir(folder)) != NULL;) {
        int64_t number;

        if (!int64_parse(e->d_name, first, INT32_MAX, &number))
            continue;
        if (count == room) {
            long *more = realloc(all, (room ? room * 2 : 256) * sizeof *all);

            if (!more)
                break;
            all = more;
            room = room ? room * 2 : 256;
        }
        all[count++] = (long)number;
    }
    closedir(folder);
    if (count > 0)
        qsort(all, count, sizeof *all, ascending);
    if (count > max)
        count = max;
    if (count > 0)
        memcpy(ret_numbers, all, count * sizeof *all);
    free(all);
    return count;
}

/* What the enrolling threads share. */
typedef struct {
    const agent_options *options;
    char password[130];
    atomic_long next;
    atomic_int failed;
} crew;

static bool enrol_one(const crew *c, long number)
{
    char folder[800];
    char serial[32];
    char name[32];
    char mac[18];
    credentials present;
    enrolment_result result;
    enrolment e = {.server = c->options->server,
                   .username = c->options->username,
                   .password = c->password,
                   .serial = serial,
                   .name = name,
                   .mac = mac,
                   .model = "Smart Pass fleet",
                   .folder = folder};

    snprintf(folder, sizeof folder, "%s/%ld", c->options->data, number);
    if (!sp_failed(credentials_load(folder, &present)))
        return true;
    snprintf(serial, sizeof serial, "FLEET-%06ld", number);
    snprintf(name, sizeof name, "Fleet %ld", number);
    simulated_mac(serial, mac);
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return false;
    if (enrolment_run(&e, &result))
        return true;
    fprintf(stderr, "smartpass-agent: %s not enrolled: %s\n", serial, result.problem);
    return false;
}

static void *enrol_many(void *arg)
{
    crew *c = arg;
    long last = (long)(c->options->first + c->options->fleet);

    for (long number; atomic_load(&c->failed) == 0 && (number = atomic_fetch_add(&c->next, 1)) < last;)
        if (!enrol_one(c, number))
            atomic_store(&c->failed, 1);
    return NULL;
}

bool fleet_credentials_enrol(const agent_options *options)
{
    crew c = {.options = options};
    pthread_t threads[ENROL_AT_ONCE];
    int started = 0;

    if (mkdir(options->data, 0700) != 0 && errno != EEXIST)
        return false;
    if (!read_password(options->password_file, c.password, sizeof c.password)) {
        fprintf(stderr, "smartpass-agent: the password cannot be read\n");
        return false;
    }
    atomic_init(&c.next, (long)options->first);
    atomic_init(&c.failed, 0);
    while (started < ENROL_AT_ONCE && pthread_create(&threads[started], NULL, enrol_many, &c) == 0)
        started++;
    for (int i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    explicit_bzero(c.password, sizeof c.password);
    return started > 0 && atomic_load(&c.failed) == 0;
}
