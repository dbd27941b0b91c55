/* Lines of a terminal's own log: stored once, acknowledged after the COMMIT. Nothing that is worth a terminal's stream:
 * what makes no sense is dropped, and so is what comes faster than any sound terminal writes. */
#include "log_lines.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "id.h"
#include "link_parts.h"
#include "log.h"
#include "server_link_sql.h"

enum {
    LINES_KEPT = 10000, /* of one terminal */
    BATCH = 16,
    TRIM_EVERY = 256, /* lines */
    BURST = 4096,     /* lines at once: twice what a terminal can have kept */
    RATE = 2,         /* lines a second, from then on */
    METERS = 4096,
    LEVEL_MOST = 3,
};
#define LATEST_MS INT64_C(253402300799999) /* the end of the year 9999 */

/* ---- How many may come ------------------------------------------------------------------------------------------- */

typedef struct {
    int64_t device_id;
    double lines;
    int64_t since_ms;
} meter;

/* A terminal's allowance outlives its stream, as long as no other needs the place. */
struct log_meters {
    pthread_mutex_t lock;
    meter meters[METERS];
};

struct log_meters *log_meters_new(void)
{
    struct log_meters *m = calloc(1, sizeof *m);

    if (m)
        pthread_mutex_init(&m->lock, NULL);
    return m;
}

void log_meters_free(struct log_meters *m)
{
    if (!m)
        return;
    pthread_mutex_destroy(&m->lock);
    free(m);
}

/* How many of so many lines may be kept. */
static size_t allow(struct log_meters *all, int64_t device_id, size_t wanted, int64_t now_ms)
{
    meter *m = &all->meters[((uint64_t)device_id * 0x9E3779B97F4A7C15u >> 40) % METERS];

    pthread_mutex_lock(&all->lock);
    if (m->device_id != device_id)
        *m = (meter){device_id, BURST, now_ms};
    m->lines += (double)(now_ms - m->since_ms) * RATE / 1000;
    if (m->lines > BURST)
        m->lines = BURST;
    m->since_ms = now_ms;
    size_t allowed = (double)wanted <= m->lines ? wanted : (size_t)m->lines;
    m->lines -= (double)allowed;
    pthread_mutex_unlock(&all->lock);
    return allowed;
}

/* ---- What makes sense -------------------------------------------------------------------------------------------- */

static bool is_sound(const LogLine *line, uint64_t above)
{
    return line->number > above && line->number <= INT64_MAX && line->level >= 1 && line->level <= LEVEL_MOST &&
           line->at_ms >= 0 && line->at_ms <= LATEST_MS && is_word(line->event);
}

/* One line stays one line. */
static void flatten(char *text)
{
    for (char *c = text; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            *c = ' ';
}

typedef struct {
    db_column id, number, at, level, event, detail;
    size_t count;
} columns;

static void columns_init(columns *c, arena *a)
{
    db_column_init(&c->id, a, DB_COLUMN_INT64);
    db_column_init(&c->number, a, DB_COLUMN_INT64);
    db_column_init(&c->at, a, DB_COLUMN_TIME);
    db_column_init(&c->level, a, DB_COLUMN_INT16);
    db_column_init(&c->event, a, DB_COLUMN_TEXT);
    db_column_init(&c->detail, a, DB_COLUMN_TEXT);
    c->count = 0;
}

static void columns_add(columns *c, const LogLine *line)
{
    flatten(line->detail);
    db_column_int(&c->id, id_next());
    db_column_int(&c->number, (int64_t)line->number);
    db_column_time(&c->at, line->at_ms);
    db_column_int(&c->level, (int64_t)line->level);
    db_column_text(&c->event, line->event);
    db_column_text(&c->detail, line->detail);
    c->count++;
}

/* ---- Storing them ------------------------------------------------------------------------------------------------ */

static sp_status store(terminal *t, arena *a, columns *c)
{
    const db_arg enterprise = db_int64(t->enterprise_id), device = db_int64(t->device_id);
    bool trim = t->log_lines_untrimmed == 0 || t->log_lines_untrimmed >= TRIM_EVERY;
    db_tx *tx;
    sp_status st = db_begin(t->link->options.system, 0, a, &tx);

    if (sp_failed(st))
        return st;
    st = db_query(tx, SQL_LOG_LINES_ADD,
                  DB_ARGS(enterprise, device, db_int32((int32_t)t->store_epoch), db_time(clock_now_ms()),
                          db_column_arg(&c->id), db_column_arg(&c->number), db_column_arg(&c->at),
                          db_column_arg(&c->level), db_column_arg(&c->event), db_column_arg(&c->detail)),
                  NULL);
    if (!sp_failed(st) && trim)
        st = db_query(tx, SQL_LOG_LINES_TRIM, DB_ARGS(enterprise, device, db_int32(LINES_KEPT - TRIM_EVERY - BATCH)),
                      NULL);
    st = db_end(tx, st);
    if (!sp_failed(st))
        t->log_lines_untrimmed = (trim ? 0 : t->log_lines_untrimmed) + c->count;
    return st;
}

static void say_dropped(const terminal *t, size_t count)
{
    char device[24], lines[24];

    snprintf(device, sizeof device, "%lld", (long long)t->device_id);
    snprintf(lines, sizeof lines, "%zu", count);
    log_write(LOG_WARNING, "lines of a terminal's log were dropped", "device", device, "lines", lines, NULL);
}

static void acknowledge(terminal *t, uint64_t number)
{
    LogAck ack = LOG_ACK_INIT;
    ConnectResponse message = CONNECT_RESPONSE_INIT;

    ack.store_epoch = t->store_epoch;
    ack.number = number;
    message.message_case = SMARTPASS__LINK__V1__CONNECT_RESPONSE__MESSAGE_LOG_ACK;
    message.log_ack = &ack;
    terminal_send(t, &message);
}

bool log_lines_expected(terminal *t, const LogBatch *batch)
{
    if (batch->n_lines == 0)
        return false;
    if (batch->store_epoch != t->store_epoch) {
        terminal_end(t, LINK_EPOCH_UNKNOWN);
        return false;
    }
    return !atomic_exchange(&t->log_lines_waiting, true);
}

void log_lines_arrived(terminal *t, arena *a, const ConnectRequest *request)
{
    const LogBatch *batch = request->log;
    size_t allowed = allow(t->link->logs, t->device_id, batch->n_lines, clock_monotonic_ms());
    uint64_t last = 0;
    columns c;

    columns_init(&c, a);
    for (size_t i = 0; i < batch->n_lines; i++) {
        const LogLine *line = batch->lines[i];

        if (c.count < allowed && is_sound(line, last))
            columns_add(&c, line);
        if (line->number > last && line->number <= INT64_MAX)
            last = line->number;
    }
    sp_status st = c.count > 0 ? store(t, a, &c) : SP_DONE;
    atomic_store(&t->log_lines_waiting, false);
    if (sp_failed(st))
        return; /* the terminal sends them again */
    if (c.count < batch->n_lines && t->log_lines_dropped == 0)
        say_dropped(t, batch->n_lines - c.count);
    t->log_lines_dropped += batch->n_lines - c.count;
    if (last > 0)
        acknowledge(t, last);
}

void log_lines_left(const terminal *t)
{
    if (t->log_lines_dropped > 0)
        say_dropped(t, t->log_lines_dropped);
}
