/* sendmsg for threads that gather what they send. */
#include "send.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "clock.h"

enum {
    SOCKETS_MAX = 32,
    BURST_PAUSE_US = 25, /* a write that long after the one before begins a burst */
    HOLD_MAX_US = 50,    /* what was gathered longer ago leaves with the next write */
};

static _Thread_local struct {
    bool gathers; /* this thread promised to push */
    bool open;    /* between begin and end */
    int count;
    int sockets[SOCKETS_MAX];
    int64_t since_us; /* the oldest of them */
    int64_t last_us;  /* the last write of this thread, held or not */
} held;

void send_gather(bool gathers)
{
    if (!gathers)
        send_push();
    held.gathers = gathers;
}

void send_begin(void)
{
    held.open = held.gathers;
}

void send_end(void)
{
    held.open = false;
}

bool send_waits(void)
{
    return held.count > 0;
}

/* Turning Nagle's algorithm off, which is off already, is how Linux is told to send what waits. A descriptor that has
 * become something else meanwhile takes no harm: closing a socket has sent what it held. */
void send_push(void)
{
    const int on = 1;

    for (int i = 0; i < held.count; i++)
        setsockopt(held.sockets[i], IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    held.count = 0;
}

static void hold(int fd, int64_t now_us)
{
    for (int i = 0; i < held.count; i++)
        if (held.sockets[i] == fd)
            return;
    if (held.count == SOCKETS_MAX)
        send_push();
    if (held.count == 0)
        held.since_us = now_us;
    held.sockets[held.count++] = fd;
}

/* The name that libgrpc calls. */
ssize_t send_gathered(int fd, const struct msghdr *message, int flags) __asm__("sendmsg");

/* The first of a burst leaves alone, so that whoever waits for a single answer does not wait longer. */
ssize_t send_gathered(int fd, const struct msghdr *message, int flags)
{
    if (!held.open)
        return syscall(SYS_sendmsg, fd, message, flags);

    int64_t now_us = clock_monotonic_us();
    bool is_first = now_us - held.last_us > BURST_PAUSE_US;

    held.last_us = now_us;
    if (held.count > 0 && now_us - held.since_us > HOLD_MAX_US)
        send_push();
    if (is_first && held.count == 0)
        return syscall(SYS_sendmsg, fd, message, flags);

    ssize_t sent = syscall(SYS_sendmsg, fd, message, flags | MSG_MORE);

    if (sent > 0)
        hold(fd, now_us);
    return sent;
}
