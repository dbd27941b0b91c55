#include "worker_process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "wire.h"

/* The socket, with a deadline. */

/* Waits for POLLIN or POLLOUT. */
static sp_status wait_for(int socket, short events, int64_t deadline_ms)
{
    for (;;) {
        int64_t left_ms = deadline_ms - clock_monotonic_ms();
        struct pollfd p = {.fd = socket, .events = events};
        int n = poll(&p, 1, left_ms < 0 ? 0 : (int)left_ms);

        if (n > 0)
            return SP_DONE; /* also on hang-up: reading or writing says so */
        if (n == 0)
            return WORKER_TIMED_OUT;
        if (errno != EINTR)
            return WORKER_CRASHED;
    }
}

static bool would_block(ssize_t n)
{
    return n < 0 && (errno == EAGAIN || errno == EINTR);
}

sp_status worker_process_receive(const worker_process *process, void *to, size_t size, int64_t deadline_ms)
{
    uint8_t *at = to;

    while (size > 0) {
        sp_status status = wait_for(process->socket, POLLIN, deadline_ms);
        if (sp_failed(status))
            return status;
        ssize_t n = recv(process->socket, at, size, MSG_DONTWAIT);
        if (would_block(n))
            continue;
        if (n <= 0)
            return WORKER_CRASHED;
        at += n;
        size -= (size_t)n;
    }
    return SP_DONE;
}

sp_status worker_process_send(const worker_process *process, const void *from, size_t size, int64_t deadline_ms)
{
    const uint8_t *at = from;

    while (size > 0) {
        sp_status status = wait_for(process->socket, POLLOUT, deadline_ms);
        if (sp_failed(status))
            return status;
        ssize_t n = send(process->socket, at, size, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (would_block(n))
            continue;
        if (n <= 0)
            return WORKER_CRASHED;
        at += n;
        size -= (size_t)n;
    }
    return SP_DONE;
}

/* The kernel takes the file over with the first byte, so a message shorter than its buffer goes out as a whole. */
sp_status worker_process_send_file(const worker_process *process, const void *from, size_t size, int fd,
                                   int64_t deadline_ms)
{
    char control[CMSG_SPACE(sizeof fd)] __attribute__((aligned(8))) = {0};
    struct iovec part = {(void *)from, size};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    ssize_t n;

    *head = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof fd), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
    memcpy(CMSG_DATA(head), &fd, sizeof fd);
    do {
        sp_status status = wait_for(process->socket, POLLOUT, deadline_ms);
        if (sp_failed(status))
            return status;
        n = sendmsg(process->socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    } while (would_block(n));
    return n == (ssize_t)size ? SP_DONE : WORKER_CRASHED;
}

/* Starting and stopping. */

/* In the child: the socket as descriptor 3, standard input and output nowhere, nothing above 3. */
static bool actions_add(posix_spawn_file_actions_t *actions, int socket)
{
    return posix_spawn_file_actions_adddup2(actions, socket, WORKER_SOCKET) == 0 &&
           posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0) == 0 &&
           posix_spawn_file_actions_addopen(actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0) == 0 &&
           posix_spawn_file_actions_addclosefrom_np(actions, WORKER_SOCKET + 1) == 0;
}

/* No signal blocked or ignored, and a process group of its own: Ctrl-C is for the server, which ends its workers. */
static bool attributes_set(posix_spawnattr_t *attributes)
{
    sigset_t none, all;

    sigemptyset(&none);
    sigfillset(&all);
    return posix_spawnattr_setsigmask(attributes, &none) == 0 && posix_spawnattr_setsigdefault(attributes, &all) == 0 &&
           posix_spawnattr_setpgroup(attributes, 0) == 0 &&
           posix_spawnattr_setflags(attributes,
                                    POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP) == 0;
}

/* posix_spawn shares memory with the child until it runs the program: safe with threads and cheap with much memory. */
static pid_t spawn(const char *program, const char *job, const char *argument, int socket)
{
    char *arguments[] = {(char *)program, (char *)job, (char *)argument, NULL};
    char *environment[] = {NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    pid_t pid = 0;

    if (posix_spawn_file_actions_init(&actions) != 0)
        return 0;
    if (posix_spawnattr_init(&attributes) == 0) {
        if (!actions_add(&actions, socket) || !attributes_set(&attributes) ||
            posix_spawn(&pid, program, &actions, &attributes, arguments, environment) != 0)
            pid = 0;
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return pid;
}

sp_status worker_process_start(const char *program, const char *job, const char *argument, int64_t deadline_ms,
                               worker_process *ret_process)
{
    int pair[2];
    uint32_t ready = 0;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return WORKER_NOT_STARTED;

    worker_process process = {spawn(program, job, argument, pair[1]), pair[0]};
    close(pair[1]);
    if (process.pid == 0) {
        close(pair[0]);
        return WORKER_NOT_STARTED;
    }
    if (sp_failed(worker_process_receive(&process, &ready, sizeof ready, deadline_ms)) || ready != WORKER_READY) {
        worker_process_stop(&process);
        return WORKER_NOT_STARTED;
    }
    *ret_process = process;
    return SP_DONE;
}

bool worker_process_is_sound(const worker_process *process)
{
    struct pollfd p = {.fd = process->socket, .events = POLLIN};

    return process->pid != 0 && poll(&p, 1, 0) == 0;
}

bool worker_process_stop(worker_process *process)
{
    int status = 0;

    if (process->pid == 0)
        return false;
    close(process->socket);
    kill(process->pid, SIGKILL);
    while (waitpid(process->pid, &status, 0) < 0 && errno == EINTR)
        ;
    *process = WORKER_PROCESS_NONE;
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGPROF;
}
