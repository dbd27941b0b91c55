/* Signs of life of all terminals, written with one statement every few seconds. */
#include "presence.h"

#include <stdlib.h>

#include "clock.h"
#include "link_parts.h"
#include "server_link_sql.h"
#include "ticker.h"

enum { FLUSH_MS = 5000, HELLO_WITHIN_MS = 10000 };

struct presence {
    server_link *link;
    ticker *ticker;
};

typedef struct {
    arena memory;
    db_column enterprise, device, seen, unsent, people, photos, snapshots, free_bytes, total_bytes, error;
    size_t count;
} signs;

static void add_condition(signs *s, terminal *t)
{
    const terminal_condition condition = terminal_read_condition(t);
    db_column *const columns[] = {&s->unsent, &s->snapshots, &s->free_bytes, &s->total_bytes, &s->error};

    if (!condition.known) {
        for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
            db_column_null(columns[i]);
        return;
    }
    db_column_int(&s->unsent, condition.unsent_records);
    db_column_int(&s->snapshots, condition.unsent_snapshots);
    db_column_int(&s->free_bytes, condition.free_bytes);
    db_column_int(&s->total_bytes, condition.total_bytes);
    db_column_text(&s->error, condition.last_error);
}

/* Who opens a stream and says nothing is not there, and soon is gone. */
static void add_sign(void *arg, terminal *t)
{
    signs *s = arg;

    if (!atomic_load(&t->greeted)) {
        if (clock_now_ms() - atomic_load(&t->last_seen_ms) > HELLO_WITHIN_MS)
            terminal_cut(t, LINK_HELLO_EXPECTED);
        return;
    }

    db_column_int(&s->enterprise, t->enterprise_id);
    db_column_int(&s->device, t->device_id);
    db_column_time(&s->seen, atomic_load(&t->last_seen_ms));
    db_column_int(&s->people, atomic_load(&t->people_count));
    db_column_int(&s->photos, atomic_load(&t->photo_count));
    add_condition(s, t);
    s->count++;
}

static void write_signs(server_link *link, signs *s)
{
    db_tx *tx;

    if (sp_failed(db_begin(link->options.system, 0, &s->memory, &tx)))
        return; /* the next round says it again */
    sp_status st = db_query(tx, SQL_LINK_SEEN,
                            DB_ARGS(db_column_arg(&s->enterprise), db_column_arg(&s->device), db_column_arg(&s->seen),
                                    db_column_arg(&s->unsent), db_column_arg(&s->people), db_column_arg(&s->photos),
                                    db_column_arg(&s->snapshots), db_column_arg(&s->free_bytes),
                                    db_column_arg(&s->total_bytes), db_column_arg(&s->error)),
                            NULL);
    st = db_end(tx, st);
    (void)st;
}

static void flush(void *arg)
{
    struct presence *p = arg;
    signs s = {0};

    arena_init(&s.memory, 64u << 20);
    db_column_init(&s.enterprise, &s.memory, DB_COLUMN_INT64);
    db_column_init(&s.device, &s.memory, DB_COLUMN_INT64);
    db_column_init(&s.seen, &s.memory, DB_COLUMN_TIME);
    db_column_init(&s.unsent, &s.memory, DB_COLUMN_INT64);
    db_column_init(&s.people, &s.memory, DB_COLUMN_INT32);
    db_column_init(&s.photos, &s.memory, DB_COLUMN_INT32);
    db_column_init(&s.snapshots, &s.memory, DB_COLUMN_INT64);
    db_column_init(&s.free_bytes, &s.memory, DB_COLUMN_INT64);
    db_column_init(&s.total_bytes, &s.memory, DB_COLUMN_INT64);
    db_column_init(&s.error, &s.memory, DB_COLUMN_TEXT);
    registry_each(p->link->terminals, add_sign, &s);
    if (s.count > 0)
        write_signs(p->link, &s);
    arena_done(&s.memory);
}

void presence_arrived(struct presence *p, const terminal *t)
{
    const link_hooks *hooks = &p->link->options.hooks;
    if (hooks->device_changed)
        hooks->device_changed(hooks->arg, t->enterprise_id, t->device_id);
}

static void write_departure(void *arg)
{
    terminal *t = arg;
    const link_hooks *hooks = &t->link->options.hooks;
    arena a;
    db_tx *tx;

    arena_init(&a, 64 << 10);
    terminal *newer = registry_find(t->link->terminals, t->device_id);
    if (newer) {
        terminal_release(newer); /* it is back already, on the same lane */
    } else if (!sp_failed(db_begin(t->link->options.system, 0, &a, &tx))) {
        sp_status st = db_query(
            tx, SQL_LINK_LEFT,
            DB_ARGS(db_int64(t->enterprise_id), db_int64(t->device_id), db_time(atomic_load(&t->last_seen_ms))), NULL);
        if (!sp_failed(db_end(tx, st)) && hooks->device_changed)
            hooks->device_changed(hooks->arg, t->enterprise_id, t->device_id);
    }
    arena_done(&a);
    terminal_release(t);
}

void presence_left(struct presence *p, terminal *t)
{
    (void)p;
    terminal_post(t, write_departure);
}

struct presence *presence_new(server_link *link)
{
    struct presence *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    p->link = link;
    p->ticker = ticker_new(FLUSH_MS, flush, p);
    if (!p->ticker) {
        free(p);
        return NULL;
    }
    return p;
}

void presence_free(struct presence *p)
{
    if (!p)
        return;
    ticker_free(p->ticker);
    free(p);
}
