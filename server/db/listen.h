/* Hears of changes that other transactions have committed: LISTEN on a connection of its own. A hint and no more: a
 * notification may be lost while the connection is away, so whoever needs certainty also looks by himself. */
#pragma once

typedef struct db_listener db_listener;

/* heard(arg, payload) runs on the listener's thread for each notification of the channel; payload NULL says that the
 * connection was (re)made and anything may have been missed. channel is a plain lower-case identifier. NULL when memory
 * or threads are out. */
db_listener *db_listener_new(const char *conninfo, const char *channel, void (*heard)(void *arg, const char *payload),
                             void *arg);

/* Joins the thread. Accepts NULL. */
void db_listener_free(db_listener *l);
