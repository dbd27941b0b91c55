#include "hash_line.h"
#include "waiting.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { IDLE_MS = 5000, PIECE = 1 << 20 };
enum { THREADS_MAX = 2, NICE = 10, WAITING_MAX = 8, WAITING_AHEAD_MAX = 16, WAIT_SECONDS = 10, STACK = 256 * 1024 };

typedef struct job job;
struct job {
    void (*work)(void *arg);
    void *arg;
    pthread_cond_t ended;
    bool taken, done;
    job *next;
};

/* Two lines; who waits lies on the stacks of those who wait. */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t come;
    job *first[2]; /* by whether they go ahead */
    int waiting[2];
    int threads;
} line = {.lock = PTHREAD_MUTEX_INITIALIZER, .come = PTHREAD_COND_INITIALIZER};

/* ---- Whoever works ----------------------------------------------------------------------------------------------- */

/* Locked. NULL: nobody waits. */
static job *job_take(void)
{
    for (int ahead = 1; ahead >= 0; ahead--) {
        job *one = line.first[ahead];

        if (!one)
            continue;
        line.first[ahead] = one->next;
        line.waiting[ahead]--;
        one->taken = true;
        return one;
    }
    return NULL;
}

static _Thread_local struct {
    void *bytes;
    size_t size;
    bool is_used; /* since its pages were given back */
} memory;

static atomic_int idle_ms = IDLE_MS;

void hash_line_set_idle(int milliseconds)
{
    idle_ms = milliseconds;
}

/* False when there is none; then nothing is held. */
static bool memory_map(size_t size)
{
    if (memory.bytes)
        munmap(memory.bytes, memory.size);
    memory.bytes =
        size ? mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0) : NULL;
    if (memory.bytes == MAP_FAILED)
        memory.bytes = NULL;
    memory.size = memory.bytes ? size : 0;
    memory.is_used = memory.bytes != NULL;
    return memory.bytes != NULL;
}

/* In pieces: each holds up those who map memory, and not for long. */
static void memory_give_back(void)
{
    for (size_t at = 0; at < memory.size; at += PIECE)
        madvise((char *)memory.bytes + at, memory.size - at < PIECE ? memory.size - at : PIECE, MADV_DONTNEED);
    memory.is_used = false;
}

void *hash_line_memory(size_t size)
{
    return size <= memory.size || memory_map(size) ? memory.bytes : NULL;
}

static struct timespec from_now(int milliseconds)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_sec += milliseconds / 1000;
    at.tv_nsec += (long)(milliseconds % 1000) * 1000000;
    if (at.tv_nsec >= 1000000000) {
        at.tv_nsec -= 1000000000;
        at.tv_sec++;
    }
    return at;
}

/* Locked. Until somebody waits. */
static job *job_await_next(void)
{
    const struct timespec until = from_now(idle_ms);
    job *one;

    while (!(one = job_take())) {
        if (!memory.is_used) {
            pthread_cond_wait(&line.come, &line.lock);
        } else if (pthread_cond_clockwait(&line.come, &line.lock, CLOCK_MONOTONIC, &until) == ETIMEDOUT) {
            pthread_mutex_unlock(&line.lock);
            memory_give_back();
            pthread_mutex_lock(&line.lock);
        }
    }
    return one;
}

static void *work_off(void *unused)
{
    (void)unused;
    memory_map(HASH_LINE_KEPT);                                 /* before the priority goes down */
    setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), NICE); /* of this thread, as Linux has it */
    pthread_mutex_lock(&line.lock);
    for (;;) {
        job *one = job_await_next();

        pthread_mutex_unlock(&line.lock);
        memory.is_used = memory.bytes != NULL;
        one->work(one->arg);
        if (memory.size > HASH_LINE_KEPT)
            memory_map(HASH_LINE_KEPT);
        pthread_mutex_lock(&line.lock);
        one->done = true;
        pthread_cond_signal(&one->ended);
    }
    return NULL;
}

/* Locked. One core is left to others, where there are two. */
static int threads_wanted(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);

    return cores <= 2 ? 1 : cores - 1 < THREADS_MAX ? (int)cores - 1 : THREADS_MAX;
}

/* Locked. The threads live as long as the process; false: there is none. */
static bool threads_start(void)
{
    pthread_attr_t how;
    pthread_t thread;

    if (line.threads > 0)
        return true;
    if (pthread_attr_init(&how) != 0)
        return false;
    pthread_attr_setdetachstate(&how, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&how, STACK);
    for (int wanted = threads_wanted(); line.threads < wanted; line.threads++)
        if (pthread_create(&thread, &how, work_off, NULL) != 0)
            break;
    pthread_attr_destroy(&how);
    return line.threads > 0;
}

/* ---- Whoever waits ----------------------------------------------------------------------------------------------- */

/* Locked. False: the line is full. */
static bool job_add(job *one, bool ahead)
{
    job **last = &line.first[ahead];

    if (line.waiting[ahead] >= (ahead ? WAITING_AHEAD_MAX : WAITING_MAX) || !threads_start())
        return false;
    while (*last)
        last = &(*last)->next;
    *last = one;
    line.waiting[ahead]++;
    pthread_cond_signal(&line.come);
    return true;
}

/* Locked. */
static void job_remove(job *one, bool ahead)
{
    job **at = &line.first[ahead];

    while (*at != one)
        at = &(*at)->next;
    *at = one->next;
    line.waiting[ahead]--;
}

/* Locked. Who has been taken is waited for, however long it takes. */
static bool job_await(job *one, bool ahead)
{
    struct timespec until;

    before_waiting();
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += WAIT_SECONDS;
    while (!one->taken)
        if (pthread_cond_clockwait(&one->ended, &line.lock, CLOCK_MONOTONIC, &until) == ETIMEDOUT && !one->taken) {
            job_remove(one, ahead);
            return false;
        }
    while (!one->done)
        pthread_cond_wait(&one->ended, &line.lock);
    return true;
}

bool hash_line_run(void (*work)(void *arg), void *arg, bool ahead)
{
    job one = {.work = work, .arg = arg, .ended = PTHREAD_COND_INITIALIZER};
    bool done;

    pthread_mutex_lock(&line.lock);
    done = job_add(&one, ahead) && job_await(&one, ahead);
    pthread_mutex_unlock(&line.lock);
    pthread_cond_destroy(&one.ended);
    return done;
}
