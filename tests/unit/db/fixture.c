#include "fixture.h"

#include <ftw.h>
#include <glob.h>
#include <libpq-fe.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cluster.h"
#include "migrate.h"
#include "suite.h"

const char *fixture_conninfo;
const char *fixture_directory;

db_pool *fixture_pool(db_role role, int size)
{
    db_pool *pool =
        db_pool_new(&(db_pool_options){.conninfo = fixture_conninfo, .role = role, .size = size, .wait_ms = 200});

    ck_assert_ptr_nonnull(pool);
    return pool;
}

const char *fixture_sql(const char *format, ...)
{
    static char value[4096];
    char text[4096];
    PGconn *pg = PQconnectdb(fixture_conninfo);
    PGresult *result;
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    result = PQexec(pg, text);
    if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK)
        ck_abort_msg("%s: %s", text, PQerrorMessage(pg));
    snprintf(value, sizeof value, "%s", PQntuples(result) ? PQgetvalue(result, 0, 0) : "");
    PQclear(result);
    PQfinish(pg);
    return value;
}

static int entry_remove(const char *path, const struct stat *info, int kind, struct FTW *where)
{
    (void)info;
    (void)kind;
    (void)where;
    return remove(path);
}

/* A test that failed half-way may have left a cluster of its own running in our folder. */
static void leftovers_stop(const char *folder)
{
    char pattern[128];
    glob_t found;

    snprintf(pattern, sizeof pattern, "%s/cl-*/*/postmaster.pid", folder);
    if (glob(pattern, 0, NULL, &found) != 0)
        return;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        FILE *file = fopen(found.gl_pathv[i], "r");
        int pid = 0;

        if (file && fscanf(file, "%d", &pid) == 1 && pid > 1)
            kill(pid, SIGQUIT);
        if (file)
            fclose(file);
    }
    globfree(&found);
    sleep(1);
}

int fixture_run(Suite *suite)
{
    char folder[] = "/tmp/smartpass-db-XXXXXX", path[64], detail[512];
    db_migration_report report = {0};
    db_cluster *cluster;
    sp_status status;
    int failures = 1;

    /* The cluster's user must be able to pass through. */
    if (!mkdtemp(folder) || chmod(folder, 0755) != 0)
        return 1;
    snprintf(path, sizeof path, "%s/postgres", folder);
    fixture_directory = folder;
    status = db_cluster_start(&(db_cluster_options){.directory = path}, &cluster, detail);
    if (sp_failed(status)) {
        fprintf(stderr, "%s %s\n", status.message, detail);
        return 1;
    }
    fixture_conninfo = db_cluster_conninfo(cluster);
    status = db_migrate(fixture_conninfo, DB_MIGRATIONS, DB_MIGRATION_COUNT, &report);
    if (sp_failed(status))
        fprintf(stderr, "%s %s\n", status.message, report.detail);
    else
        failures = suite_run(suite);
    db_cluster_stop(cluster);
    leftovers_stop(folder);
    nftw(folder, entry_remove, 16, FTW_DEPTH | FTW_PHYS);
    return failures ? 1 : 0;
}
