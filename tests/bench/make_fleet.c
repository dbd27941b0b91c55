/* bench_make_fleet DATA CONNINFO FOLDER TERMINALS ENTERPRISES: enterprises and terminals straight into the database of
 * a server that runs, and credentials under FOLDER/<number>/ signed with the key of its authority in DATA; the
 * terminals are dealt to the enterprises in turn. Prints the enterprises' ids. */
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

static void write_fact(const char *folder, int number, const char *name, const char *text)
{
    char path[4300];

    snprintf(path, sizeof path, "%s/%d/%s", folder, number, name);
    if (sp_failed(file_write(path, text, strlen(text), 0600)))
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

static void add_enterprise(PGconn *pg, const char *id)
{
    run(pg, "INSERT INTO enterprise VALUES ($1, 'Bench ' || $2::bigint, 'Europe/Berlin', now())", 2,
        (const char *const[]){id, id});
    run(pg, "INSERT INTO org_group VALUES ($1, $2, NULL, 'All')", 2, (const char *const[]){id, id});
    printf("%s\n", id);
}

static void add_device(PGconn *pg, const char *enterprise, const char *id)
{
    const char *const both[] = {enterprise, id};

    run(pg, "INSERT INTO device VALUES ($1, $2, $1, 'BENCH' || $2::bigint, 'Terminal', '', 'bench', now())", 2, both);
    run(pg, "INSERT INTO device_status VALUES ($1, $2, false, NULL, 1, '', '', '', 0, 0, 0)", 2, both);
    run(pg, "INSERT INTO device_feed VALUES ($1, $2, 0)", 2, both);
    run(pg, "UPDATE device SET approved_at = now() WHERE enterprise_id = $1 AND id = $2", 2, both);
}

int main(int argc, char **argv)
{
    if (argc != 6)
        give_up("bench_make_fleet DATA CONNINFO FOLDER TERMINALS ENTERPRISES");
    int terminals = atoi(argv[4]), enterprises = atoi(argv[5]);
    char(*ids)[24] = calloc((size_t)enterprises + 1, sizeof *ids), device[24];
    authority *ca = authority_of(argv[1]);
    PGconn *pg = PQconnectdb(argv[2]);

    if (PQstatus(pg) != CONNECTION_OK || !ids)
        give_up("%s", PQerrorMessage(pg));
    mkdir(argv[3], 0700);
    run(pg, "BEGIN", 0, NULL);
    for (int i = 0; i < enterprises; i++) {
        snprintf(ids[i], sizeof ids[i], "%lld", (long long)id_next());
        add_enterprise(pg, ids[i]);
    }
    for (int i = 0; i < terminals; i++) {
        snprintf(device, sizeof device, "%lld", (long long)id_next());
        add_device(pg, ids[i % enterprises], device);
        write_credentials(pg, ca, argv[3], i + 1, ids[i % enterprises], device);
    }
    run(pg, "COMMIT", 0, NULL);
    PQfinish(pg);
    authority_free(ca);
    free(ids);
    return 0;
}
