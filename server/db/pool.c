/* The pool, and the beginning and end of transactions. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "connection.h"
#include "waiting.h"

struct db_pool {
    char *conninfo;
    db_role role;
    int wait_ms, statement_ms;
    int size;
    db_tx *all;
    pthread_mutex_t lock;
    pthread_cond_t freed;
    db_tx *idle; /* last used first, so that a quiet pool keeps few connections busy */
};

db_pool *db_pool_new(const db_pool_options *options)
{
    db_pool *pool = calloc(1, sizeof *pool);
    pthread_condattr_t monotonic;

    if (!pool)
        return NULL;
    pool->role = options->role;
    pool->size = options->size > 0 ? options->size : 1;
    pool->wait_ms = options->wait_ms > 0 ? options->wait_ms : 5000;
    pool->statement_ms = options->statement_ms > 0 ? options->statement_ms : 30000;
    pool->conninfo = strdup(options->conninfo);
    pool->all = calloc((size_t)pool->size, sizeof *pool->all);
    if (!pool->conninfo || !pool->all) {
        free(pool->conninfo);
        free(pool->all);
        free(pool);
        return NULL;
    }
    pthread_mutex_init(&pool->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&pool->freed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    for (int i = pool->size - 1; i >= 0; i--) {
        pool->all[i].pool = pool;
        pthread_mutex_init(&pool->all[i].cancel_lock, NULL);
        pool->all[i].next_idle = pool->idle;
        pool->idle = &pool->all[i];
    }
    return pool;
}

void db_pool_free(db_pool *pool)
{
    if (!pool)
        return;
    for (int i = 0; i < pool->size; i++) {
        db_connection_close(&pool->all[i]);
        pthread_mutex_destroy(&pool->all[i].cancel_lock);
    }
    pthread_cond_destroy(&pool->freed);
    pthread_mutex_destroy(&pool->lock);
    free(pool->all);
    free(pool->conninfo);
    free(pool);
}

db_role db_pool_role(const db_pool *pool)
{
    return pool->role;
}

static db_tx *idle_take(db_pool *pool)
{
    struct timespec until;
    db_tx *tx;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += pool->wait_ms / 1000;
    until.tv_nsec += pool->wait_ms % 1000 * 1000000L;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_nsec -= 1000000000L;
        until.tv_sec++;
    }
    pthread_mutex_lock(&pool->lock);
    if (!pool->idle)
        before_waiting();
    while (!pool->idle)
        if (pthread_cond_timedwait(&pool->freed, &pool->lock, &until) != 0)
            break;
    tx = pool->idle;
    if (tx)
        pool->idle = tx->next_idle;
    pthread_mutex_unlock(&pool->lock);
    return tx;
}

static void idle_give_back(db_tx *tx)
{
    db_pool *pool = tx->pool;

    tx->memory = NULL;
    pthread_mutex_lock(&pool->lock);
    tx->next_idle = pool->idle;
    pool->idle = tx;
    pthread_cond_signal(&pool->freed);
    pthread_mutex_unlock(&pool->lock);
}

/* One round trip for both statements. */
static sp_status begin(db_tx *tx, int64_t enterprise_id)
{
    db_connection_options options = {tx->pool->conninfo, tx->pool->role, tx->pool->statement_ms};
    char text[96];
    sp_status status = db_connection_open(tx, &options);

    if (sp_failed(status))
        return status;
    tx->failed = tx->cancelled = false;
    tx->sqlstate[0] = tx->constraint[0] = tx->message[0] = '\0';
    if (enterprise_id)
        snprintf(text, sizeof text, "BEGIN; SET LOCAL smartpass.enterprise = '%lld'", (long long)enterprise_id);
    else
        snprintf(text, sizeof text, "BEGIN");
    return db_connection_run(tx, text);
}

sp_status db_begin(db_pool *pool, int64_t enterprise_id, arena *a, db_tx **ret_tx)
{
    db_tx *tx;
    sp_status status;

    if (enterprise_id == 0 && pool->role == DB_APP)
        return DB_BROKEN;
    tx = idle_take(pool);
    if (!tx)
        return DB_UNAVAILABLE;
    status = begin(tx, enterprise_id);
    if (sp_failed(status)) {
        db_connection_close(tx);
        status = begin(tx, enterprise_id);
    }
    if (sp_failed(status)) {
        db_connection_close(tx);
        idle_give_back(tx);
        return status;
    }
    tx->memory = a;
    *ret_tx = tx;
    return SP_DONE;
}

sp_status db_commit(db_tx *tx)
{
    sp_status status = tx->failure;

    if (tx->failed) {
        db_rollback(tx);
        return status;
    }
    status = db_connection_run(tx, "COMMIT");
    if (sp_failed(status))
        db_connection_close(tx);
    idle_give_back(tx);
    return status;
}

void db_rollback(db_tx *tx)
{
    if (PQstatus(tx->pg) != CONNECTION_OK || sp_failed(db_connection_run(tx, "ROLLBACK")))
        db_connection_close(tx);
    idle_give_back(tx);
}

void db_cancel(db_tx *tx)
{
    char unused[128];

    pthread_mutex_lock(&tx->cancel_lock);
    if (tx->running && tx->canceller) {
        tx->cancelled = true;
        PQcancel(tx->canceller, unused, sizeof unused);
    }
    pthread_mutex_unlock(&tx->cancel_lock);
}

arena *db_tx_arena(db_tx *tx)
{
    return tx->memory;
}

db_role db_tx_role(const db_tx *tx)
{
    return tx->pool->role;
}

const char *db_sqlstate(const db_tx *tx)
{
    return tx->sqlstate;
}

const char *db_constraint(const db_tx *tx)
{
    return tx->constraint;
}

const char *db_message(const db_tx *tx)
{
    return tx->message;
}
