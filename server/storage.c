#include "storage.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "migrate.h"

/* Writers, sweepers and look-ups; more than calls can use at once would only wait elsewhere. */
enum { SYSTEM_CONNECTIONS = 16, DETAIL = 512 };

static db_cluster_options cluster_options(const server_config *config, char directory[PATH_MAX])
{
    snprintf(directory, PATH_MAX, "%.*s/postgres", PATH_MAX - 16, config->data);
    return (db_cluster_options){.directory = directory,
                                .user = config->database_user,
                                .binaries = config->database_binaries,
                                .port = (int)config->database_port};
}

static sp_status cluster_open(const server_config *config, storage *s, char *detail)
{
    char directory[PATH_MAX];
    const db_cluster_options options = cluster_options(config, directory);
    sp_status status = db_cluster_start(&options, &s->cluster, detail);

    if (!sp_failed(status))
        s->conninfo = db_cluster_conninfo(s->cluster);
    return status;
}

static sp_status schema_update(storage *s, char *detail)
{
    db_migration_report report;
    sp_status status = db_migrate(s->conninfo, DB_MIGRATIONS, DB_MIGRATION_COUNT, &report);

    snprintf(detail, DETAIL, "%s", report.detail);
    return status;
}

static sp_status pools_make(storage *s, const server_config *config)
{
    s->app = db_pool_new(
        &(db_pool_options){.conninfo = s->conninfo, .role = DB_APP, .size = (int)config->database_connections});
    s->system = db_pool_new(&(db_pool_options){.conninfo = s->conninfo, .role = DB_SYSTEM, .size = SYSTEM_CONNECTIONS});
    return s->app && s->system ? SP_DONE : OUT_OF_MEMORY;
}

sp_status storage_open(const server_config *config, storage *ret_storage, char *detail)
{
    storage *s = ret_storage;
    sp_status status = SP_DONE;

    *s = (storage){.conninfo = config->database_url};
    if (!s->conninfo)
        status = cluster_open(config, s, detail);
    if (!sp_failed(status))
        status = schema_update(s, detail);
    if (!sp_failed(status))
        status = pools_make(s, config);
    if (sp_failed(status))
        storage_close(s);
    return status;
}

sp_status storage_join(const server_config *config, storage *ret_storage, char *conninfo, char *detail)
{
    char directory[PATH_MAX];
    const db_cluster_options options = cluster_options(config, directory);
    sp_status status = SP_DONE;

    *ret_storage = (storage){.conninfo = config->database_url};
    if (!ret_storage->conninfo) {
        status = db_cluster_find(&options, conninfo, detail);
        ret_storage->conninfo = conninfo;
    }
    if (!sp_failed(status))
        status = pools_make(ret_storage, config);
    if (sp_failed(status))
        storage_close(ret_storage);
    return status;
}

void storage_close(storage *s)
{
    db_pool_free(s->app);
    db_pool_free(s->system);
    db_cluster_stop(s->cluster);
    *s = (storage){0};
}
