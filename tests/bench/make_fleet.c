/* bench_make_fleet DATA CONNINFO FOLDER TERMINALS ENTERPRISES: enterprises and terminals straight into the database of
 * a server that runs, and credentials under FOLDER/<number>/ signed with the key of its authority in DATA; the
 * terminals are dealt to the enterprises in turn. Prints the ids of the enterprises, each of which is that of its root
 * group, too. With no enterprises the terminals go to the one that the server began with, and its root group's id is
 * printed. */
#include <libpq-fe.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "authority.h"
#include "clock.h"
#include "file.h"
#include "id.h"

__attribute__((noreturn, format(printf, 1, 2))) static void give_up(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(1);
}

static void run(PGconn *pg, const char *sql, int count, const char *const *values)
{
    PGresult *result = PQexecParams(pg, sql, count, NULL, values, NULL, NULL, 0);

    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        give_up("%s: %s", sql, PQerrorMessage(pg));
    PQclear(result);
}

static authority *authority_of(const char *data)
{
    char path[4200], *certificate, *key;
    authority *ca;

    snprintf(path, sizeof path, "%s/secrets/authority.crt", data);
    if (sp_failed(file_read(path, 1 << 16, &certificate, NULL)))
        give_up("%s cannot be read", path);
    snprintf(path, sizeof path, "%s/secrets/authority.key", data);
    if (sp_failed(file_read(path, 1 << 16, &key, NULL)))
        give_up("%s cannot be read", path);
    if (sp_failed(authority_load(certificate, key, &ca)))
        give_up("the authority cannot be loaded");
    free(certificate);
    secret_text_free(key);
    return ca;
}

/* Without waiting for the disk: ten thousand terminals would wait for it fifty thousand times. */
static void write_fact(const char *folder, int number, const char *name, const char *text)
{
    char path[4300];
    FILE *file;

    snprintf(path, sizeof path, "%s/%d/%s", folder, number, name);
    file = fopen(path, "w");
    if (!file || fputs(text, file) < 0 || fclose(file) != 0)
        give_up("%s cannot be written", path);
}

static void write_credentials(PGconn *pg, const authority *ca, const char *folder, int number, const char *enterprise,
                              const char *device)
{
    const client_subject subject = {device, enterprise, NULL};
    char path[4300], *key, *request, *certificate;
    certificate_facts facts;

    if (sp_failed(csr_new(device, &key, &request)) ||
        sp_failed(authority_sign_client(ca, request, strlen(request), &subject, clock_now_ms(), &certificate)) ||
        sp_failed(certificate_inspect(certificate, &facts)))
        give_up("no certificate for terminal %s", device);

    snprintf(path, sizeof path, "%s/%d", folder, number);
    mkdir(path, 0700);
    write_fact(folder, number, "key.pem", key);
    write_fact(folder, number, "cert.pem", certificate);
    write_fact(folder, number, "ca.pem", authority_certificate_pem(ca));
    write_fact(folder, number, "device_id", device);
    run(pg, "INSERT INTO device_certificate VALUES ($1, $2, $3, now(), now() + interval '90 days')", 3,
        (const char *const[]){facts.serial, enterprise, device});
    secret_text_free(key);
    free(request);
    free(certificate);
}

/* Where terminals go. */
typedef struct {
    char enterprise[24];
    char group[24]; /* its root */
} home;

static home add_enterprise(PGconn *pg)
{
    home h;

    snprintf(h.enterprise, sizeof h.enterprise, "%lld", (long long)id_next());
    memcpy(h.group, h.enterprise, sizeof h.group);
    run(pg,
        "INSERT INTO enterprise (id, name, time_zone, created_at)"
        " VALUES ($1, 'Bench ' || $2::bigint, 'Europe/Berlin', now())",
        2, (const char *const[]){h.enterprise, h.enterprise});
    run(pg, "INSERT INTO org_group (enterprise_id, id, parent_id, name) VALUES ($1, $2, NULL, 'All')", 2,
        (const char *const[]){h.enterprise, h.group});
    return h;
}

static home first_enterprise(PGconn *pg)
{
    home h;
    PGresult *result = PQexec(pg, "SELECT enterprise_id, id FROM org_group WHERE parent_id IS NULL"
                                  " ORDER BY enterprise_id LIMIT 1");

    if (PQntuples(result) != 1)
        give_up("there is no enterprise: %s", PQerrorMessage(pg));
    snprintf(h.enterprise, sizeof h.enterprise, "%s", PQgetvalue(result, 0, 0));
    snprintf(h.group, sizeof h.group, "%s", PQgetvalue(result, 0, 1));
    PQclear(result);
    return h;
}

static void add_device(PGconn *pg, const home *h, const char *id)
{
    const char *const values[] = {h->enterprise, id, h->group};

    run(pg,
        "INSERT INTO device (enterprise_id, id, group_id, serial_number, name, mac, model, created_at, approved_at)"
        " VALUES ($1, $2, $3, 'BENCH' || $2::bigint, 'Terminal', '', 'bench', now(), now())",
        3, values);
    run(pg,
        "INSERT INTO device_status (enterprise_id, device_id, connected, store_epoch, address, software_version, "
        "engine,"
        " people_count, photo_count, unsent_records)"
        " VALUES ($1, $2, false, 1, '', '', '', 0, 0, 0)",
        2, values);
    run(pg, "INSERT INTO device_feed (enterprise_id, device_id, revision) VALUES ($1, $2, 0)", 2, values);
}

int main(int argc, char **argv)
{
    if (argc != 6)
        give_up("bench_make_fleet DATA CONNINFO FOLDER TERMINALS ENTERPRISES");
    int terminals = atoi(argv[4]), enterprises = atoi(argv[5]), homes = enterprises > 0 ? enterprises : 1;
    home *all = calloc((size_t)homes, sizeof *all);
    authority *ca = authority_of(argv[1]);
    PGconn *pg = PQconnectdb(argv[2]);

    if (PQstatus(pg) != CONNECTION_OK || !all)
        give_up("%s", PQerrorMessage(pg));
    mkdir(argv[3], 0700);
    run(pg, "BEGIN", 0, NULL);
    for (int i = 0; i < homes; i++) {
        all[i] = enterprises > 0 ? add_enterprise(pg) : first_enterprise(pg);
        printf("%s\n", all[i].group);
    }
    for (int i = 0; i < terminals; i++) {
        const home *h = &all[i % homes];
        char device[24];

        snprintf(device, sizeof device, "%lld", (long long)id_next());
        add_device(pg, h, device);
        write_credentials(pg, ca, argv[3], i + 1, h->enterprise, device);
    }
    run(pg, "COMMIT", 0, NULL);
    PQfinish(pg);
    authority_free(ca);
    free(all);
    return 0;
}
