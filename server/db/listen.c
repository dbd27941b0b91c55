/* LISTEN on a connection of its own, made anew whenever it breaks. */
#include "listen.h"

#include <libpq-fe.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { RECONNECT_MS = 500 };

struct db_listener {
    char *conninfo;
    char *command;
    void (*heard)(void *arg, const char *payload);
    void *arg;
    pthread_t thread;
    int stop_fd; /* readable when it is time to stop */
};

/* True when something can be read from fd, false when it is time to stop or the time is over. */
static bool wait_for(db_listener *l, int fd, int timeout_ms, bool *ret_stop)
{
    struct pollfd fds[2] = {{.fd = l->stop_fd, .events = POLLIN}, {.fd = fd, .events = POLLIN}};
    int n = poll(fds, fd < 0 ? 1 : 2, timeout_ms);

    *ret_stop = n > 0 && (fds[0].revents & POLLIN) != 0;
    return n > 0 && !*ret_stop;
}

static PGconn *start_listening(db_listener *l)
{
    PGconn *conn = PQconnectdb(l->conninfo);
    if (PQstatus(conn) == CONNECTION_OK) {
        PGresult *result = PQexec(conn, l->command);
        bool listening = PQresultStatus(result) == PGRES_COMMAND_OK;
        PQclear(result);
        if (listening)
            return conn;
    }
    PQfinish(conn);
    return NULL;
}

static void deliver(db_listener *l, PGconn *conn)
{
    PGnotify *notice;
    while ((notice = PQnotifies(conn)) != NULL) {
        l->heard(l->arg, notice->extra);
        PQfreemem(notice);
    }
}

/* Until the connection breaks or it is time to stop. */
static bool listen_on(db_listener *l, PGconn *conn)
{
    bool stop = false;

    l->heard(l->arg, NULL);
    while (!stop && PQstatus(conn) == CONNECTION_OK)
        if (wait_for(l, PQsocket(conn), -1, &stop)) {
            if (!PQconsumeInput(conn))
                break;
            deliver(l, conn);
        }
    return stop;
}

static void *run(void *arg)
{
    db_listener *l = arg;
    bool stop = false;

    while (!stop) {
        PGconn *conn = start_listening(l);
        if (conn) {
            stop = listen_on(l, conn);
            PQfinish(conn);
        }
        if (!stop)
            wait_for(l, -1, RECONNECT_MS, &stop);
    }
    return NULL;
}

static void free_parts(db_listener *l)
{
    if (l->stop_fd >= 0)
        close(l->stop_fd);
    free(l->conninfo);
    free(l->command);
    free(l);
}

db_listener *db_listener_new(const char *conninfo, const char *channel, void (*heard)(void *arg, const char *payload),
                             void *arg)
{
    db_listener *l = calloc(1, sizeof *l);
    if (!l)
        return NULL;
    l->heard = heard;
    l->arg = arg;
    l->conninfo = strdup(conninfo);
    l->stop_fd = eventfd(0, EFD_CLOEXEC);
    if (asprintf(&l->command, "LISTEN %s", channel) < 0)
        l->command = NULL;
    if (!l->conninfo || !l->command || l->stop_fd < 0 || pthread_create(&l->thread, NULL, run, l) != 0) {
        free_parts(l);
        return NULL;
    }
    return l;
}

void db_listener_free(db_listener *l)
{
    if (!l)
        return;
    if (eventfd_write(l->stop_fd, 1) == 0)
        pthread_join(l->thread, NULL);
    free_parts(l);
}
