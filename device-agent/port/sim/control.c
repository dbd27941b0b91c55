#include "control.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "control_commands.h"

enum { CLIENTS_MAX = 16, LINE_MAX_BYTES = 2048, ANSWER_MAX = 65536 };

typedef struct {
    event_source source;
    control *owner;
    int fd; /* -1: this place is free */
    uint32_t connection;
    char line[LINE_MAX_BYTES];
    size_t held;
} client;

struct control {
    event_source source;
    event_loop *loop;
    int fd;
    struct sockaddr_un address;
    command_context context;
    client clients[CLIENTS_MAX];
    char answer[ANSWER_MAX];
};

/* ---- One client ---- */

static void hang_up(client *c)
{
    event_loop_remove(c->owner->loop, &c->source);
    close(c->fd);
    c->fd = -1;
}

/* Answers are short and the other side is a test or a person: whoever does not read is dropped. */
static bool send_answer(const client *c, const char *answer)
{
    size_t size = strlen(answer);

    return send(c->fd, answer, size, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)size;
}

/* Runs the complete lines that have arrived; false: hang up. */
static bool run_lines(client *c)
{
    char *end;

    while ((end = memchr(c->line, '\n', c->held)) != NULL) {
        size_t used = (size_t)(end - c->line) + 1;

        *end = '\0';
        if (end > c->line && end[-1] == '\r')
            end[-1] = '\0';
        if (!command_run(&c->owner->context, c->line, c->owner->answer, sizeof c->owner->answer))
            event_loop_stop(c->owner->loop);
        if (!send_answer(c, c->owner->answer))
            return false;
        c->held -= used;
        memmove(c->line, c->line + used, c->held);
    }
    return c->held < sizeof c->line;
}

static void client_ready(void *self, int64_t now_ms)
{
    client *c = self;
    ssize_t n = recv(c->fd, c->line + c->held, sizeof c->line - c->held, MSG_DONTWAIT);

    (void)now_ms;
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n > 0)
        c->held += (size_t)n;
    if (n <= 0 || !run_lines(c))
        hang_up(c);
}

static void client_wanted(void *self, event_wish *ret_wish)
{
    const client *c = self;

    ret_wish->fd = c->fd;
    ret_wish->connection = c->connection;
}

/* ---- The listener ---- */

static client *free_place(control *c)
{
    for (size_t i = 0; i < CLIENTS_MAX; i++)
        if (c->clients[i].fd < 0)
            return &c->clients[i];
    return NULL;
}

static void listener_ready(void *self, int64_t now_ms)
{
    control *c = self;
    int fd = accept4(c->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    client *place;

    (void)now_ms;
    if (fd < 0)
        return;
    place = free_place(c);
    if (!place) {
        close(fd);
        return;
    }
    place->owner = c;
    place->fd = fd;
    place->connection++;
    place->held = 0;
    place->source = (event_source){.self = place, .ready = client_ready, .wanted = client_wanted};
    event_loop_add(c->loop, &place->source);
}

static void listener_wanted(void *self, event_wish *ret_wish)
{
    ret_wish->fd = ((control *)self)->fd;
}

static bool listen_at(control *c, const char *path)
{
    mode_t mask;
    bool bound;

    c->address.sun_family = AF_UNIX;
    if ((size_t)snprintf(c->address.sun_path, sizeof c->address.sun_path, "%s", path) >= sizeof c->address.sun_path) {
        errno = ENAMETOOLONG;
        return false;
    }
    c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (c->fd < 0)
        return false;
    unlink(path);
    mask = umask(0177);
    bound = bind(c->fd, (struct sockaddr *)&c->address, sizeof c->address) == 0;
    umask(mask);
    return bound && listen(c->fd, CLIENTS_MAX) == 0;
}

control *control_new(const char *path, event_loop *loop, terminal *t, sim_hardware *hardware)
{
    control *c = calloc(1, sizeof *c);

    if (!c)
        return NULL;
    c->loop = loop;
    c->context = (command_context){t, hardware};
    c->source = (event_source){.self = c, .ready = listener_ready, .wanted = listener_wanted};
    for (size_t i = 0; i < CLIENTS_MAX; i++)
        c->clients[i].fd = -1;
    if (!listen_at(c, path)) {
        int why = errno;

        if (c->fd >= 0)
            close(c->fd);
        free(c);
        errno = why;
        return NULL;
    }
    event_loop_add(loop, &c->source);
    return c;
}

void control_free(control *c)
{
    if (!c)
        return;
    for (size_t i = 0; i < CLIENTS_MAX; i++)
        if (c->clients[i].fd >= 0)
            hang_up(&c->clients[i]);
    event_loop_remove(c->loop, &c->source);
    close(c->fd);
    unlink(c->address.sun_path);
    free(c);
}
