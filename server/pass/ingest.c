/* Group commit of pass records: queues, writers, and what happens when the database says no. */
#include "ingest.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "clock.h"
#include "id.h"
#include "ingest_batch.h"
#include "ingest_store.h"
#include "log.h"

enum { RETRY_FIRST_MS = 20, RETRY_LAST_MS = 2000, CAREFUL_TRANSACTIONS = 64 };

typedef struct {
    ingest *in;
    int number;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t arrived;
    ingest_batch *head, **tail;
    size_t waiting; /* records in the queue */
    bool stopping;
    bool busy;   /* the last transaction held more than one batch: waiting a little for more pays off */
    int careful; /* transactions to come that expect records which were stored before */
    ingest_row *rows;
    size_t rows_cap;
    char sqlstate[6]; /* of the last transaction that failed */
} writer;

struct ingest {
    ingest_options options;
    int writer_count;
    writer writers[];
};

/* ---- The queue --------------------------------------------------------------------------------------------------- */

/* Identifiers of one moment differ in few bits: a multiplication spreads them over the writers. */
static writer *writer_of(ingest *in, int64_t device_id)
{
    uint64_t spread = (uint64_t)device_id * 0x9E3779B97F4A7C15u;
    return &in->writers[(spread >> 33) % (uint64_t)in->writer_count];
}

bool ingest_submit(ingest *in, const ingest_source *source, Smartpass__Link__V1__PassRecord *const *records,
                   size_t count, ingest_done done, void *arg)
{
    writer *w = writer_of(in, source->device_id);
    ingest_batch *batch = ingest_batch_new(source, records, count);
    if (!batch)
        return false;
    batch->done = done;
    batch->arg = arg;

    pthread_mutex_lock(&w->lock);
    bool accepted = !w->stopping && (w->waiting == 0 || w->waiting + count <= in->options.backlog);
    if (accepted) {
        *w->tail = batch;
        w->tail = &batch->next;
        w->waiting += count;
        pthread_cond_signal(&w->arrived);
    }
    pthread_mutex_unlock(&w->lock);

    if (!accepted)
        free(batch);
    return accepted;
}

static void wait_until(writer *w, int64_t deadline_ms)
{
    struct timespec at = {deadline_ms / 1000, (long)(deadline_ms % 1000) * 1000000};
    pthread_cond_timedwait(&w->arrived, &w->lock, &at);
}

/* Takes whole batches until the transaction is full. A writer that found company last time waits a moment for more; an
 * idle one goes at once, so that a single pass is not held up. */
static ingest_batch *take_batches(writer *w, size_t *ret_rows)
{
    size_t full = (size_t)w->in->options.rows;

    pthread_mutex_lock(&w->lock);
    while (!w->head && !w->stopping)
        pthread_cond_wait(&w->arrived, &w->lock);
    int64_t deadline_ms = clock_monotonic_ms() + w->in->options.gather_ms;
    while (w->busy && w->waiting < full && !w->stopping && clock_monotonic_ms() < deadline_ms)
        wait_until(w, deadline_ms);

    ingest_batch *first = w->head, *last = NULL;
    size_t rows = 0, batches = 0;
    if (!w->stopping)
        for (ingest_batch *b = first; b && rows < full; b = b->next) {
            rows += b->count;
            batches++;
            last = b;
        }
    if (last) {
        w->head = last->next;
        if (!w->head)
            w->tail = &w->head;
        last->next = NULL;
        w->waiting -= rows;
    }
    w->busy = batches > 1;
    pthread_mutex_unlock(&w->lock);
    *ret_rows = rows;
    return last ? first : NULL;
}

static bool is_stopping(writer *w)
{
    pthread_mutex_lock(&w->lock);
    bool stopping = w->stopping;
    pthread_mutex_unlock(&w->lock);
    return stopping;
}

/* ---- One transaction --------------------------------------------------------------------------------------------- */

static bool fill_rows(writer *w, ingest_batch *batches, size_t count)
{
    if (count > w->rows_cap) {
        ingest_row *more = reallocarray(w->rows, count, sizeof *more);
        if (!more)
            return false;
        w->rows = more;
        w->rows_cap = count;
    }
    size_t n = 0;
    for (ingest_batch *b = batches; b; b = b->next)
        for (size_t i = 0; i < b->count; i++)
            w->rows[n++] = (ingest_row){.source = &b->source, .record = &b->records[i], .id = id_next()};
    return true;
}

static ingest_outcome store_in_way(writer *w, ingest_way way, ingest_row *rows, size_t count)
{
    return ingest_store_rows(w->in->options.system, w->number, way, rows, count, w->sqlstate);
}

/* Where one terminal sends again what was stored already, others will: after a server's restart, all do. */
static ingest_outcome store(writer *w, ingest_row *rows, size_t count)
{
    if (w->careful == 0) {
        ingest_outcome outcome = store_in_way(w, INGEST_AS_NEW, rows, count);
        if (outcome != INGEST_KNOWN)
            return outcome;
        w->careful = CAREFUL_TRANSACTIONS;
    }
    w->careful--;
    return store_in_way(w, INGEST_AGAIN, rows, count);
}

/* Halves what the database refuses until the guilty record stands alone, and sets that one aside. Each half is a
 * transaction of its own; what was stored before a failure is a harmless duplicate when it comes again. */
static ingest_outcome store_or_bisect(writer *w, ingest_row *rows, size_t count)
{
    ingest_outcome outcome = store(w, rows, count);

    if (outcome != INGEST_REFUSED)
        return outcome;
    if (count == 1) {
        log_write(LOG_WARNING, "record set aside", "sqlstate", w->sqlstate, NULL);
        return ingest_store_reject(w->in->options.system, rows, w->sqlstate);
    }
    outcome = store_or_bisect(w, rows, count / 2);
    return outcome == INGEST_STORED ? store_or_bisect(w, rows + count / 2, count - count / 2) : outcome;
}

static void pause_ms(int ms)
{
    struct timespec span = {ms / 1000, (long)(ms % 1000) * 1000000};
    nanosleep(&span, NULL);
}

/* False only when the server stops first. */
static bool store_in_the_end(writer *w, size_t count)
{
    for (int wait_ms = RETRY_FIRST_MS;; wait_ms = wait_ms * 2 < RETRY_LAST_MS ? wait_ms * 2 : RETRY_LAST_MS) {
        if (store_or_bisect(w, w->rows, count) == INGEST_STORED)
            return true;
        if (is_stopping(w))
            return false;
        log_write(LOG_WARNING, "records wait for the database", "sqlstate", w->sqlstate, NULL);
        pause_ms(wait_ms);
    }
}

static void tell_stored(writer *w, size_t count)
{
    const ingest_options *o = &w->in->options;
    if (!o->stored)
        return;
    ingest_stored *fresh = calloc(count, sizeof *fresh);
    if (!fresh)
        return; /* viewers miss a hint; the records are safe */
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (w->rows[i].fresh)
            fresh[n++] = (ingest_stored){w->rows[i].source, w->rows[i].record, w->rows[i].id};
    if (n > 0)
        o->stored(o->arg, fresh, n);
    free(fresh);
}

static void end_batches(ingest_batch *batches, bool committed)
{
    while (batches) {
        ingest_batch *next = batches->next;
        bool same = next && ingest_source_is(&batches->source, &next->source);
        batches->done(batches->arg, committed, same ? next->arg : NULL);
        free(batches);
        batches = next;
    }
}

static void *run_writer(void *arg)
{
    writer *w = arg;
    ingest_batch *batches;
    size_t count;

    while ((batches = take_batches(w, &count)) != NULL) {
        batches = ingest_batches_sort(batches);
        while (!fill_rows(w, batches, count))
            pause_ms(RETRY_LAST_MS);
        bool committed = store_in_the_end(w, count);
        if (committed)
            tell_stored(w, count);
        end_batches(batches, committed);
    }
    end_batches(w->head, false);
    return NULL;
}

/* ---- Life -------------------------------------------------------------------------------------------------------- */

static bool start_writer(ingest *in, int number)
{
    writer *w = &in->writers[number];
    pthread_condattr_t monotonic;

    w->in = in;
    w->number = number;
    w->tail = &w->head;
    pthread_mutex_init(&w->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&w->arrived, &monotonic);
    pthread_condattr_destroy(&monotonic);
    return pthread_create(&w->thread, NULL, run_writer, w) == 0;
}

ingest *ingest_new(const ingest_options *options)
{
    int count = options->writers > 0 ? options->writers : 2;
    ingest *in = calloc(1, sizeof *in + (size_t)count * sizeof in->writers[0]);
    if (!in)
        return NULL;

    in->options = *options;
    if (in->options.rows <= 0)
        in->options.rows = 512;
    if (in->options.gather_ms <= 0)
        in->options.gather_ms = 5;
    if (in->options.backlog == 0)
        in->options.backlog = 65536;
    for (; in->writer_count < count; in->writer_count++)
        if (!start_writer(in, in->writer_count)) {
            ingest_free(in);
            return NULL;
        }
    return in;
}

static void stop_writer(writer *w)
{
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    pthread_cond_signal(&w->arrived);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
    pthread_cond_destroy(&w->arrived);
    pthread_mutex_destroy(&w->lock);
    free(w->rows);
}

void ingest_free(ingest *in)
{
    if (!in)
        return;
    for (int i = 0; i < in->writer_count; i++)
        stop_writer(&in->writers[i]);
    free(in);
}
