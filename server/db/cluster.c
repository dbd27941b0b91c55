#include "cluster.h"

#include <errno.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "cluster_process.h"
#include "log.h"

enum {
    CONNINFO = 256,
    POLL_MS = 250,
    RETRY_MS = 300,         /* between attempts to start: a killed postmaster's backends need a moment to go */
    FIRST_START_MS = 60000, /* of attempts that end at once, before db_cluster_start gives up */
    RECOVERY_MS = 600000,   /* of a postmaster that runs but does not answer yet */
    FAST_STOP_MS = 30000,   /* then without waiting for anybody */
};

struct db_cluster {
    cluster_layout layout;
    char conninfo[CONNINFO];
    pthread_t supervisor;
    pthread_mutex_t lock;
    pid_t postmaster; /* 0: none at the moment */
    bool adopted;     /* not our child: nobody tells us when it ends */
    bool stopping;
};

static void sleep_ms(int ms)
{
    struct timespec wait = {ms / 1000, ms % 1000 * 1000000L};

    nanosleep(&wait, NULL);
}

static bool adopted_is_gone(db_cluster *cluster)
{
    cluster_layout look = cluster->layout;

    return cluster_running(&look) != cluster->postmaster;
}

/* Takes over a postmaster that runs, or starts one. */
static void postmaster_obtain(db_cluster *cluster)
{
    pid_t pid = cluster_running(&cluster->layout);

    pthread_mutex_lock(&cluster->lock);
    cluster->adopted = pid != 0;
    cluster->postmaster = pid ? pid : cluster_spawn_postmaster(&cluster->layout);
    if (cluster->postmaster < 0)
        cluster->postmaster = 0;
    pthread_mutex_unlock(&cluster->lock);
}

/* Whether the postmaster has ended; a child is reaped. Waits only when told to. */
static bool postmaster_ended(db_cluster *cluster, bool wait)
{
    siginfo_t info = {0};
    bool ended;

    if (!cluster->postmaster)
        return true;
    if (cluster->adopted) {
        while (!(ended = adopted_is_gone(cluster)) && wait)
            sleep_ms(POLL_MS);
    } else {
        /* Looks without reaping, so that the number stays ours until the lock is held. */
        while (waitid(P_PID, (id_t)cluster->postmaster, &info, WEXITED | WNOWAIT | (wait ? 0 : WNOHANG)) != 0 &&
               errno == EINTR)
            continue;
        ended = info.si_pid != 0 || errno == ECHILD;
    }
    if (!ended)
        return false;
    pthread_mutex_lock(&cluster->lock);
    if (!cluster->adopted)
        waitpid(cluster->postmaster, NULL, 0);
    cluster->postmaster = 0;
    pthread_mutex_unlock(&cluster->lock);
    return true;
}

static bool is_stopping(db_cluster *cluster)
{
    bool stopping;

    pthread_mutex_lock(&cluster->lock);
    stopping = cluster->stopping;
    pthread_mutex_unlock(&cluster->lock);
    return stopping;
}

static void *supervise(void *arg)
{
    db_cluster *cluster = arg;

    for (;;) {
        int64_t since_ms = clock_monotonic_ms();

        postmaster_ended(cluster, /* wait= */ true);
        if (is_stopping(cluster))
            return NULL;
        log_write(LOG_WARNING, "the database ended by itself and is started again", "log", cluster->layout.log, NULL);
        if (clock_monotonic_ms() - since_ms < 1000)
            sleep_ms(RETRY_MS);
        postmaster_obtain(cluster);
    }
}

/* ---- Start ------------------------------------------------------------------------------------------------------- */

static void conninfo_write(const cluster_layout *layout, const char *database, char room[CONNINFO])
{
    char host[256];
    size_t n = 0;

    for (const char *c = layout->socket_directory; *c && n < sizeof host - 2; c++) {
        if (*c == '\'' || *c == '\\')
            host[n++] = '\\';
        host[n++] = *c;
    }
    host[n] = '\0';
    snprintf(room, CONNINFO, "host='%.120s' port=%d user=smartpass dbname=%s", host, layout->port, database);
}

static void conninfo_make(db_cluster *cluster, const char *database)
{
    conninfo_write(&cluster->layout, database, cluster->conninfo);
}

static sp_status wait_until_ready(db_cluster *cluster, char *detail)
{
    int64_t start_ms = clock_monotonic_ms();

    for (;;) {
        int64_t waited_ms = clock_monotonic_ms() - start_ms;
        bool ended = postmaster_ended(cluster, /* wait= */ false);

        if (!ended && PQping(cluster->conninfo) == PQPING_OK)
            return SP_DONE;
        if (waited_ms > (ended ? FIRST_START_MS : RECOVERY_MS)) {
            snprintf(detail, CLUSTER_DETAIL, "see %.500s", cluster->layout.log);
            return CLUSTER_NO_START;
        }
        sleep_ms(ended ? RETRY_MS : 30);
        if (ended) {
            postmaster_obtain(cluster);
            conninfo_make(cluster, "postgres");
        }
    }
}

static sp_status database_make(db_cluster *cluster, char *detail)
{
    PGconn *pg = PQconnectdb(cluster->conninfo);
    PGresult *result = NULL;
    sp_status status = SP_DONE;

    if (PQstatus(pg) == CONNECTION_OK) {
        result = PQexec(pg, "SELECT FROM pg_database WHERE datname = 'smartpass'");
        if (PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 0) {
            PQclear(result);
            result = PQexec(pg, "CREATE DATABASE smartpass");
        }
    }
    if (!result || PQresultStatus(result) == PGRES_FATAL_ERROR) {
        snprintf(detail, CLUSTER_DETAIL, "%.400s", PQerrorMessage(pg));
        status = CLUSTER_NO_START;
    }
    PQclear(result);
    PQfinish(pg);
    return status;
}

static void postmaster_signal(db_cluster *cluster, int number)
{
    pthread_mutex_lock(&cluster->lock);
    cluster->stopping = true;
    if (cluster->postmaster)
        kill(cluster->postmaster, number);
    pthread_mutex_unlock(&cluster->lock);
}

static void supervisor_stop(db_cluster *cluster)
{
    struct timespec until;

    postmaster_signal(cluster, SIGINT);
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += FAST_STOP_MS / 1000;
    if (pthread_timedjoin_np(cluster->supervisor, NULL, &until) == 0)
        return;
    postmaster_signal(cluster, SIGQUIT);
    pthread_join(cluster->supervisor, NULL);
}

sp_status db_cluster_start(const db_cluster_options *options, db_cluster **ret_cluster, char *ret_detail)
{
    db_cluster *cluster = calloc(1, sizeof *cluster);
    sp_status status;

    ret_detail[0] = '\0';
    if (!cluster)
        return OUT_OF_MEMORY;
    pthread_mutex_init(&cluster->lock, NULL);
    status = cluster_layout_find(options, &cluster->layout, ret_detail);
    if (!sp_failed(status) && !cluster_exists(&cluster->layout))
        status = cluster_create(&cluster->layout, ret_detail);
    if (!sp_failed(status))
        status = cluster_write_access(&cluster->layout, ret_detail);
    if (!sp_failed(status)) {
        postmaster_obtain(cluster);
        conninfo_make(cluster, "postgres");
        status = wait_until_ready(cluster, ret_detail);
    }
    if (!sp_failed(status))
        status = database_make(cluster, ret_detail);
    conninfo_make(cluster, "smartpass");
    if (!sp_failed(status) && pthread_create(&cluster->supervisor, NULL, supervise, cluster) != 0)
        status = OUT_OF_MEMORY;
    if (sp_failed(status)) {
        postmaster_signal(cluster, SIGINT);
        postmaster_ended(cluster, /* wait= */ true);
        pthread_mutex_destroy(&cluster->lock);
        free(cluster);
        return status;
    }
    *ret_cluster = cluster;
    return SP_DONE;
}

sp_status db_cluster_find(const db_cluster_options *options, char *ret_conninfo, char *ret_detail)
{
    cluster_layout layout;
    sp_status status;

    ret_detail[0] = '\0';
    status = cluster_layout_find(options, &layout, ret_detail);
    if (sp_failed(status))
        return status;
    if (!cluster_running(&layout))
        return CLUSTER_NOT_RUNNING;
    conninfo_write(&layout, "smartpass", ret_conninfo);
    return SP_DONE;
}

const char *db_cluster_conninfo(const db_cluster *cluster)
{
    return cluster->conninfo;
}

void db_cluster_stop(db_cluster *cluster)
{
    if (!cluster)
        return;
    supervisor_stop(cluster);
    rmdir(cluster->layout.socket_directory); /* may lie far from the cluster, where nobody would look for it */
    pthread_mutex_destroy(&cluster->lock);
    free(cluster);
}
