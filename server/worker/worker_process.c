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
            return PHOTO_CHECK_TIMED_OUT;
        if (errno != EINTR)
            return PHOTO_CHECK_CRASHED;
    }
}

static bool would_block(ssize_t n)
{
    return n < 0 && (errno == EAGAIN || errno == EINTR);
}

static sp_status receive(int socket, void *to, size_t size, int64_t deadline_ms)
{
    uint8_t *at = to;

    while (size > 0) {
        sp_status status = wait_for(socket, POLLIN, deadline_ms);
        if (sp_failed(status))
            return status;
        ssize_t n = recv(socket, at, size, MSG_DONTWAIT);
        if (would_block(n))
            continue;
        if (n <= 0)
            return PHOTO_CHECK_CRASHED;
        at += n;
        size -= (size_t)n;
    }
    return SP_DONE;
}

static sp_status transmit(int socket, const void *from, size_t size, int64_t deadline_ms)
{
    const uint8_t *at = from;

    while (size > 0) {
        sp_status status = wait_for(socket, POLLOUT, deadline_ms);
        if (sp_failed(status))
            return status;
        ssize_t n = send(socket, at, size, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (would_block(n))
            continue;
        if (n <= 0)
            return PHOTO_CHECK_CRASHED;
        at += n;
        size -= (size_t)n;
    }
    return SP_DONE;
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
static pid_t spawn(const char *program, const char *weights, int socket)
{
    char *arguments[] = {(char *)program, (char *)weights, NULL};
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

sp_status worker_process_start(const char *program, const char *weights, int64_t deadline_ms,
                               worker_process *ret_process)
{
    int pair[2];
    uint32_t ready = 0;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return PHOTO_WORKER_NOT_STARTED;

    worker_process process = {spawn(program, weights, pair[1]), pair[0]};
    close(pair[1]);
    if (process.pid == 0) {
        close(pair[0]);
        return PHOTO_WORKER_NOT_STARTED;
    }
    if (sp_failed(receive(process.socket, &ready, sizeof ready, deadline_ms)) || ready != WORKER_READY) {
        worker_process_stop(&process);
        return PHOTO_WORKER_NOT_STARTED;
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

/* A job. */

static bool box_is_inside(const worker_answer *a)
{
    return a->face_x >= 0 && a->face_y >= 0 && a->face_width >= 0 && a->face_height >= 0 && a->face_x <= a->width &&
           a->face_y <= a->height && a->face_width <= a->width - a->face_x && a->face_height <= a->height - a->face_y;
}

/* A worker that a picture took over may answer anything. */
static bool answer_is_plausible(const worker_answer *a)
{
    if (a->outcome == WORKER_OUT_OF_MEMORY)
        return true;
    if (a->outcome != WORKER_EXAMINED || a->verdict >= PHOTO_VERDICTS || !memchr(a->engine, 0, sizeof a->engine))
        return false;
    if (a->verdict != PHOTO_OK)
        return a->photo_size == 0 && a->thumbnail_size == 0;
    return a->photo_size > 0 && a->photo_size <= WORKER_PHOTO_MAX && a->thumbnail_size > 0 &&
           a->thumbnail_size <= WORKER_THUMBNAIL_MAX && a->width > 0 && a->height > 0 && a->width <= UINT16_MAX &&
           a->height <= UINT16_MAX && box_is_inside(a);
}

static sp_status receive_pictures(const worker_process *process, arena *a, const worker_answer *answer,
                                  int64_t deadline_ms, photo_result *result)
{
    uint8_t *photo = arena_alloc(a, answer->photo_size), *thumbnail = arena_alloc(a, answer->thumbnail_size);
    const char *engine = arena_text(a, answer->engine);

    if (!photo || !thumbnail || !engine)
        return PHOTO_CHECK_NO_MEMORY;

    sp_status status = receive(process->socket, photo, answer->photo_size, deadline_ms);
    if (!sp_failed(status))
        status = receive(process->socket, thumbnail, answer->thumbnail_size, deadline_ms);
    result->photo = photo;
    result->photo_size = answer->photo_size;
    result->width = answer->width;
    result->height = answer->height;
    result->thumbnail = thumbnail;
    result->thumbnail_size = answer->thumbnail_size;
    result->face_x = answer->face_x;
    result->face_y = answer->face_y;
    result->face_width = answer->face_width;
    result->face_height = answer->face_height;
    result->engine = engine;
    memcpy(result->template_bytes, answer->template_bytes, sizeof result->template_bytes);
    return status;
}

sp_status worker_process_ask(worker_process *process, arena *a, const uint8_t *bytes, size_t size, int64_t deadline_ms,
                             photo_result *ret_result)
{
    uint32_t length = (uint32_t)size;
    worker_answer answer;
    sp_status status = transmit(process->socket, &length, sizeof length, deadline_ms);

    if (!sp_failed(status))
        status = transmit(process->socket, bytes, size, deadline_ms);
    if (!sp_failed(status))
        status = receive(process->socket, &answer, sizeof answer, deadline_ms);
    if (sp_failed(status))
        return status;
    if (!answer_is_plausible(&answer))
        return PHOTO_CHECK_CRASHED;
    if (answer.outcome == WORKER_OUT_OF_MEMORY)
        return PHOTO_CHECK_NO_MEMORY;

    photo_result result = {.verdict = (photo_verdict)answer.verdict};
    if (result.verdict == PHOTO_OK)
        status = receive_pictures(process, a, &answer, deadline_ms, &result);
    if (!sp_failed(status))
        *ret_result = result;
    return status;
}
