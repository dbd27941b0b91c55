/* Hears which terminals' people or settings have changed, and makes their streams look. Notifications come from the
 * transaction that changed the rows, so they arrive after its COMMIT, on every server; a slow look of its own finds
 * what a lost notification would have said. */
#include <stdlib.h>
#include <string.h>

#include "link_parts.h"
#include "listen.h"
#include "server_link_sql.h"
#include "text.h"
#include "ticker.h"

enum { LOOK_MS = 10000 };

struct change_listener {
    server_link *link;
    db_listener *listener;
    ticker *ticker;
};

static void look(void *arg)
{
    terminal *t = arg;

    if (!atomic_load(&t->closed) && t->welcomed)
        terminal_catch_up(t);
    terminal_release(t);
}

static void poke_terminal(void *arg, terminal *t)
{
    (void)arg;
    terminal_post(t, look);
}

void link_post(server_link *link, int64_t device_id, void (*job)(void *terminal_))
{
    terminal *t = registry_find(link->terminals, device_id);

    if (t) {
        terminal_post(t, job);
        terminal_release(t);
    }
}

void link_poke(server_link *link, int64_t device_id)
{
    link_post(link, device_id, look);
}

/* Nobody knows what was missed. */
static void poke_fully(void *arg, terminal *t)
{
    poke_terminal(arg, t);
    terminal_post(t, orders_due);
}

/* The payload is a device id, behind a word when only one thing has to be looked at: a group may have a thousand
 * terminals, and each look at everything costs queries. NULL: anything may have happened. */
static void on_change(void *arg, const char *payload)
{
    static const struct {
        const char *word;
        void (*job)(void *terminal_);
    } notices[] = {
        {"command ", orders_due},
        {"package ", package_due},
        {"screen ", screens_due},
        {"settings ", settings_due},
        {"", look},
    };
    struct change_listener *l = arg;
    int64_t device_id;

    if (!payload) {
        registry_each(l->link->terminals, poke_fully, NULL);
        return;
    }
    for (size_t i = 0; i < sizeof notices / sizeof *notices; i++) {
        size_t length = strlen(notices[i].word);

        if (strncmp(payload, notices[i].word, length) == 0 && int64_parse(payload + length, 1, INT64_MAX, &device_id)) {
            link_post(l->link, device_id, notices[i].job);
            return;
        }
    }
}

/* ---- The slow look ----------------------------------------------------------------------------------------------- */

typedef struct {
    db_column device, certificate, waiting;
} connected;

static void add_device(void *arg, terminal *t)
{
    connected *c = arg;

    db_column_int(&c->device, t->device_id);
    db_column_text(&c->certificate, t->certificate);
    db_column_int(&c->waiting, atomic_load(&t->waiting));
}

static void poke_those_behind(void *arg)
{
    struct change_listener *l = arg;
    arena a;
    connected c;
    db_rows rows;
    db_tx *tx;

    arena_init(&a, 16u << 20);
    db_column_init(&c.device, &a, DB_COLUMN_INT64);
    db_column_init(&c.certificate, &a, DB_COLUMN_TEXT);
    db_column_init(&c.waiting, &a, DB_COLUMN_BOOL);
    registry_each(l->link->terminals, add_device, &c);
    if (!sp_failed(db_begin(l->link->options.system, 0, &a, &tx))) {
        sp_status st = db_query(
            tx, SQL_LINK_BEHIND,
            DB_ARGS(db_column_arg(&c.device), db_column_arg(&c.certificate), db_column_arg(&c.waiting)), &rows);
        if (!sp_failed(db_end(tx, st)))
            for (int i = 0; i < rows.count; i++)
                link_poke(l->link, db_row_int(&rows, i, 0));
    }
    orders_look(l->link, &a, db_column_arg(&c.device));
    arena_done(&a);
}

struct change_listener *change_listener_new(server_link *link)
{
    struct change_listener *l = calloc(1, sizeof *l);
    if (!l)
        return NULL;
    l->link = link;
    l->listener = db_listener_new(link->options.listen_conninfo, "smartpass_device", on_change, l);
    l->ticker = ticker_new(LOOK_MS, poke_those_behind, l);
    if (!l->listener || !l->ticker) {
        change_listener_free(l);
        return NULL;
    }
    return l;
}

void change_listener_free(struct change_listener *l)
{
    if (!l)
        return;
    ticker_free(l->ticker);
    db_listener_free(l->listener);
    free(l);
}
