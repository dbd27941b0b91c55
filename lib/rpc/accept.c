/* accept4 for a process that must never lose a listener. */
#include "accept.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"

enum {
    SWEEP_INTERVAL_MS = 100, /* between two looks at which connections are gone, when all places are taken */
    LOG_INTERVAL_MS = 10000,
};

/* A connection is known by its descriptor and the inode of its socket: the descriptor is given out again, the pair
 * never is. */
typedef struct {
    int fd;
    ino_t inode;
} connection;

static struct {
    pthread_mutex_t lock;
    int servers;
    int spare; /* descriptor in reserve; -1: none could be had */
    connection *connections;
    size_t count;
    size_t room;
    size_t max;
    int64_t swept_ms;
    int64_t logged_ms;
} guard = {.lock = PTHREAD_MUTEX_INITIALIZER, .spare = -1};

static void take_spare(void)
{
    if (guard.spare < 0)
        guard.spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

void accept_open(int connections_max)
{
    pthread_mutex_lock(&guard.lock);
    guard.max += (size_t)connections_max;
    guard.servers++;
    take_spare();
    pthread_mutex_unlock(&guard.lock);
}

void accept_close(int connections_max)
{
    pthread_mutex_lock(&guard.lock);
    guard.max -= (size_t)connections_max;
    if (--guard.servers == 0) {
        free(guard.connections);
        guard.connections = NULL;
        guard.count = guard.room = 0;
        if (guard.spare >= 0)
            close(guard.spare);
        guard.spare = -1;
    }
    pthread_mutex_unlock(&guard.lock);
}

static bool is_alive(const connection *c)
{
    struct stat now;

    return fstat(c->fd, &now) == 0 && S_ISSOCK(now.st_mode) && now.st_ino == c->inode;
}

/* Nobody tells us when a connection ends, so when all places seem taken, look which still are. */
static void sweep(void)
{
    int64_t now_ms = clock_monotonic_ms();
    size_t kept = 0;

    if (guard.swept_ms != 0 && now_ms - guard.swept_ms < SWEEP_INTERVAL_MS)
        return;
    guard.swept_ms = now_ms;
    for (size_t i = 0; i < guard.count; i++)
        if (is_alive(&guard.connections[i]))
            guard.connections[kept++] = guard.connections[i];
    guard.count = kept;
}

static bool make_room(void)
{
    if (guard.count < guard.room)
        return true;

    size_t room = guard.room == 0 ? 64 : guard.room * 2;
    connection *connections = realloc(guard.connections, room * sizeof *connections);

    if (connections == NULL)
        return false;
    guard.connections = connections;
    guard.room = room;
    return true;
}

/* Locked. NULL when the connection may stay, else why not. A descriptor that is given out again tells that the
 * connection before it has ended, but finding it would cost a search for each connection; the sweep does it for all. */
static const char *admit(int fd)
{
    struct stat now;

    if (guard.count >= guard.max)
        sweep();
    if (guard.count >= guard.max)
        return "too many connections";
    if (!make_room() || fstat(fd, &now) != 0)
        return "no memory";
    guard.connections[guard.count++] = (connection){fd, now.st_ino};
    return NULL;
}

static void log_turned_away(const char *why)
{
    int64_t now_ms = clock_monotonic_ms();

    if (guard.logged_ms != 0 && now_ms - guard.logged_ms < LOG_INTERVAL_MS)
        return;
    guard.logged_ms = now_ms;
    log_write(LOG_WARNING, "connection turned away", "why", why, NULL);
}

static int accept_raw(int listener, struct sockaddr *address, socklen_t *length, int flags)
{
    return (int)syscall(SYS_accept4, listener, address, length, flags);
}

/* Gives the spare descriptor to the connection that waits, so that it can be closed. False when there is no spare, or
 * nothing waits: the kernel says "no descriptors" before it looks for a connection. */
static bool turn_away(int listener)
{
    struct pollfd waiting = {.fd = listener, .events = POLLIN};
    bool done = false;

    if (poll(&waiting, 1, 0) <= 0)
        return false;

    pthread_mutex_lock(&guard.lock);
    if (guard.spare >= 0) {
        close(guard.spare);
        guard.spare = -1;

        int fd = accept_raw(listener, NULL, NULL, SOCK_CLOEXEC);

        if (fd >= 0) {
            close(fd);
            done = true;
        }
    }
    take_spare();
    log_turned_away("no descriptors left");
    pthread_mutex_unlock(&guard.lock);
    return done;
}

static bool keep(int fd, const struct sockaddr *address)
{
    if (address == NULL || (address->sa_family != AF_INET && address->sa_family != AF_INET6))
        return true;

    pthread_mutex_lock(&guard.lock);

    const char *why = guard.servers > 0 ? admit(fd) : NULL;

    if (why != NULL)
        log_turned_away(why);
    pthread_mutex_unlock(&guard.lock);
    return why == NULL;
}

/* Errors after which the listener itself is no good; anything else passes with the connection it came from. */
static bool listener_is_gone(int error)
{
    return error == EBADF || error == EINVAL || error == ENOTSOCK || error == EOPNOTSUPP || error == EFAULT;
}

/* The name that libgrpc calls; libc's own declaration spells the address in another way. */
int accept_guarded(int listener, struct sockaddr *address, socklen_t *length, int flags) __asm__("accept4");

/* Overrides libc's for libgrpc. Goes on until it has a connection that may stay or nothing waits, because an
 * edge-triggered listener is told only once. */
int accept_guarded(int listener, struct sockaddr *address, socklen_t *length, int flags)
{
    socklen_t room = length == NULL ? 0 : *length;

    for (;;) {
        if (length != NULL)
            *length = room;

        int fd = accept_raw(listener, address, length, flags);

        if (fd >= 0) {
            if (keep(fd, address))
                return fd;
            close(fd);
            continue;
        }
        if (errno == EAGAIN || errno == EINTR || listener_is_gone(errno))
            return -1;
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            if (turn_away(listener))
                continue;
            errno = EAGAIN;
            return -1;
        }
    }
}
