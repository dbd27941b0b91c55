/* guestbook-server ADDRESS: serves the guestbook on "127.0.0.1:7000", "[::]:7000" or "unix:/path", until it is told to
 * end. Port 0 takes any; the one that was taken is printed. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guestbook/v1/guestbook.names.h"
#include "guestbook/v1/guestbook.rpc.h"

/* ---- The book: entries are added, never changed ---- */

enum { PAGES = 1000, GRACE_MS = 2000 };

SP_STATUS(BOOK_FULL, SP_RESOURCE_EXHAUSTED, "The book is full.");

static struct {
    pthread_mutex_t lock;
    Entry *entries[PAGES];
    size_t count;
} book = {.lock = PTHREAD_MUTEX_INITIALIZER};

static const Entry *book_entry(size_t n)
{
    pthread_mutex_lock(&book.lock);
    const Entry *entry = n < book.count ? book.entries[n] : NULL;
    pthread_mutex_unlock(&book.lock);
    return entry;
}

static sp_status book_add(const SignRequest *request, const Entry **ret_entry)
{
    Entry *entry = malloc(sizeof *entry);
    char *name = strdup(request->name), *text = strdup(request->text);
    bool added = false;

    if (entry == NULL || name == NULL || text == NULL) {
        free(entry);
        free(name);
        free(text);
        return OUT_OF_MEMORY;
    }
    guestbook__v1__entry__init(entry);
    entry->name = name;
    entry->text = text;

    pthread_mutex_lock(&book.lock);
    if (book.count < PAGES) {
        book.entries[book.count++] = entry;
        entry->number = (int32_t)book.count;
        added = true;
    }
    pthread_mutex_unlock(&book.lock);
    if (!added) {
        guestbook__v1__entry__free_unpacked(entry, NULL);
        return BOOK_FULL;
    }
    *ret_entry = entry;
    return SP_DONE;
}

static void book_close(void)
{
    for (size_t i = 0; i < book.count; i++)
        guestbook__v1__entry__free_unpacked(book.entries[i], NULL);
}

/* ---- The service ---- */

/* Runs on a worker and may block. What the reply points to must live until it has left: the call's arena does, and so
 * does the book. */
static sp_status sign(rpc_call *call, const SignRequest *request, Entry *reply)
{
    const Entry *entry;

    if (strchr(request->name, '\n') != NULL)
        return rpc_call_violation(call, "name", "SEVERAL_LINES", "A name is one line.");
    sp_status status = book_add(request, &entry);
    if (!sp_failed(status))
        *reply = *entry;
    return status;
}

/* Goes on until the write queue is full; the event `writable` calls it again. */
static void read_on(guestbook_read_stream *stream)
{
    size_t *next = guestbook_read_context(stream);
    const Entry *entry;

    while ((entry = book_entry(*next)) != NULL) {
        if (guestbook_read_write(stream, entry) != RPC_WRITTEN)
            return;
        ++*next;
    }
    guestbook_read_finish(stream, SP_DONE);
}

static sp_status read_open(guestbook_read_stream *stream, const ReadRequest *request)
{
    size_t *next = calloc(1, sizeof *next);

    (void)request;
    if (next == NULL)
        return OUT_OF_MEMORY;
    guestbook_read_set_context(stream, next);
    read_on(stream);
    return SP_DONE;
}

static void read_done(guestbook_read_stream *stream)
{
    free(guestbook_read_context(stream));
}

static const guestbook_read_events read_events = {.open = read_open, .writable = read_on, .done = read_done};
static const guestbook_service handlers = {.size = sizeof handlers, .sign = sign, .read = &read_events};

/* ---- The program ---- */

static int serve(rpc_server *server, const char *address, const sigset_t *endings)
{
    const rpc_listener listener = {.address = address};
    sp_status status;
    int port = 0, signal;

    guestbook_service_register(server, &handlers, NULL);
    status = rpc_server_listen(server, &listener, &port);
    if (!sp_failed(status))
        status = rpc_server_start(server);
    if (sp_failed(status)) {
        fprintf(stderr, "guestbook-server: %s: %s (%s)\n", address, status.message, status.reason);
        return EXIT_FAILURE;
    }
    printf("ready %d\n", port);
    fflush(stdout);
    sigwait(endings, &signal);
    rpc_server_stop(server, GRACE_MS);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    sigset_t endings;

    if (argc != 2) {
        fputs("guestbook-server ADDRESS\n", stderr);
        return EXIT_FAILURE;
    }
    /* Before the server's threads begin, so that they leave these signals to sigwait. */
    sigemptyset(&endings);
    sigaddset(&endings, SIGINT);
    sigaddset(&endings, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &endings, NULL);

    rpc_server *server = rpc_server_new(&(rpc_server_options){.workers = 4});
    int outcome = server != NULL ? serve(server, argv[1], &endings) : EXIT_FAILURE;
    rpc_server_free(server);
    book_close();
    return outcome;
}
