#include "failing_alloc.h"

#include <errno.h>
#include <execinfo.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    BLOCKS_MAX = 1 << 16, /* a power of two */
    SETTLE_SECONDS = 5,
    STEPS_A_SECOND = 5000,
};

typedef struct {
    void *at; /* NULL: free */
    void *caller;
    size_t serial;
} block;

static struct {
    pthread_mutex_t lock;
    block blocks[BLOCKS_MAX]; /* open addressing by address */
    size_t held;
    size_t serial; /* of the last block */
    size_t armed_serial;
    bool armed;
    alloc_failure failure;
    size_t nth;
    size_t count;
    size_t failed;
} heap = {.lock = PTHREAD_MUTEX_INITIALIZER};

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *at, size_t size);
void __real_free(void *at);
int __real_vasprintf(char **ret_text, const char *format, va_list args);
FILE *__real_fopencookie(void *cookie, const char *mode, cookie_io_functions_t functions);
int __real_pthread_create(pthread_t *ret_thread, const pthread_attr_t *attributes, void *(*run)(void *), void *arg);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *at, size_t size);
void __wrap_free(void *at);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t length);
int __wrap_vasprintf(char **ret_text, const char *format, va_list args);
int __wrap_asprintf(char **ret_text, const char *format, ...);
FILE *__wrap_fopencookie(void *cookie, const char *mode, cookie_io_functions_t functions);
int __wrap_pthread_create(pthread_t *ret_thread, const pthread_attr_t *attributes, void *(*run)(void *), void *arg);

static size_t slot_of(const void *at)
{
    return (size_t)(((uintptr_t)at >> 4) * 0x9e3779b97f4a7c15ULL >> 32) & (BLOCKS_MAX - 1);
}

static size_t next_slot(size_t slot)
{
    return (slot + 1) & (BLOCKS_MAX - 1);
}

/* Locked. NULL when it is not one of ours: other libraries hand us memory of theirs to free. */
static block *find(const void *at)
{
    size_t slot = slot_of(at);

    for (; heap.blocks[slot].at != NULL; slot = next_slot(slot))
        if (heap.blocks[slot].at == at)
            return &heap.blocks[slot];
    return NULL;
}

/* Locked. Closes the gap, so that whatever lies behind it is still found. */
static void forget(block *b)
{
    size_t hole = (size_t)(b - heap.blocks);

    for (size_t slot = next_slot(hole); heap.blocks[slot].at != NULL; slot = next_slot(slot)) {
        size_t home = slot_of(heap.blocks[slot].at);

        if (((slot - home) & (BLOCKS_MAX - 1)) < ((slot - hole) & (BLOCKS_MAX - 1)))
            continue;
        heap.blocks[hole] = heap.blocks[slot];
        hole = slot;
    }
    heap.blocks[hole].at = NULL;
    heap.held--;
}

static void *note_taken(void *at, void *caller)
{
    size_t slot = slot_of(at);

    if (at == NULL)
        return NULL;
    pthread_mutex_lock(&heap.lock);
    while (heap.blocks[slot].at != NULL)
        slot = next_slot(slot);
    heap.blocks[slot] = (block){at, caller, ++heap.serial};
    if (++heap.held > BLOCKS_MAX / 2)
        abort(); /* no test holds so much */
    pthread_mutex_unlock(&heap.lock);
    return at;
}

static void note_given(const void *at)
{
    pthread_mutex_lock(&heap.lock);

    block *found = at == NULL ? NULL : find(at);

    if (found != NULL)
        forget(found);
    pthread_mutex_unlock(&heap.lock);
}

/* Locked. */
static bool hits(size_t count)
{
    switch (heap.failure) {
    case ALLOC_FAILS_ONCE:
        return count == heap.nth;
    case ALLOC_FAILS_ONWARD:
        return count >= heap.nth;
    default:
        return count % heap.nth == 0;
    }
}

/* Whether this allocation has to fail. */
static bool refused(void)
{
    bool fails = false;

    pthread_mutex_lock(&heap.lock);
    if (heap.armed) {
        heap.count++;
        fails = hits(heap.count);
        heap.failed += fails;
    }
    pthread_mutex_unlock(&heap.lock);
    if (fails)
        errno = ENOMEM;
    return fails;
}

void *__wrap_malloc(size_t size)
{
    return refused() ? NULL : note_taken(__real_malloc(size), __builtin_return_address(0));
}

void *__wrap_calloc(size_t count, size_t size)
{
    return refused() ? NULL : note_taken(__real_calloc(count, size), __builtin_return_address(0));
}

void *__wrap_realloc(void *at, size_t size)
{
    if (refused())
        return NULL;
    note_given(at); /* before: another thread may be given the same address at once */
    return note_taken(__real_realloc(at, size), __builtin_return_address(0));
}

void __wrap_free(void *at)
{
    note_given(at);
    __real_free(at);
}

static char *copy_text(const char *text, size_t length, void *caller)
{
    char *copy = refused() ? NULL : note_taken(__real_malloc(length + 1), caller);

    if (copy != NULL) {
        memcpy(copy, text, length);
        copy[length] = '\0';
    }
    return copy;
}

char *__wrap_strdup(const char *text)
{
    return copy_text(text, strlen(text), __builtin_return_address(0));
}

char *__wrap_strndup(const char *text, size_t length)
{
    return copy_text(text, strnlen(text, length), __builtin_return_address(0));
}

int __wrap_vasprintf(char **ret_text, const char *format, va_list args)
{
    int length = refused() ? -1 : __real_vasprintf(ret_text, format, args);

    if (length >= 0)
        note_taken(*ret_text, __builtin_return_address(0));
    return length;
}

int __wrap_asprintf(char **ret_text, const char *format, ...)
{
    va_list args;
    int length;

    va_start(args, format);
    length = __wrap_vasprintf(ret_text, format, args);
    va_end(args);
    return length;
}

FILE *__wrap_fopencookie(void *cookie, const char *mode, cookie_io_functions_t functions)
{
    return refused() ? NULL : __real_fopencookie(cookie, mode, functions);
}

int __wrap_pthread_create(pthread_t *ret_thread, const pthread_attr_t *attributes, void *(*run)(void *), void *arg)
{
    return refused() ? EAGAIN : __real_pthread_create(ret_thread, attributes, run, arg);
}

void alloc_arm(size_t nth, alloc_failure failure)
{
    pthread_mutex_lock(&heap.lock);
    heap.armed = true;
    heap.failure = failure;
    heap.nth = nth;
    heap.count = heap.failed = 0;
    heap.armed_serial = heap.serial;
    pthread_mutex_unlock(&heap.lock);
}

size_t alloc_disarm(void)
{
    pthread_mutex_lock(&heap.lock);
    heap.armed = false;

    size_t failed = heap.failed;

    pthread_mutex_unlock(&heap.lock);
    return failed;
}

size_t alloc_held(void)
{
    pthread_mutex_lock(&heap.lock);

    size_t held = heap.held;

    pthread_mutex_unlock(&heap.lock);
    return held;
}

static void wait_a_little(void)
{
    nanosleep(&(struct timespec){0, 1000000000 / STEPS_A_SECOND}, NULL);
}

size_t alloc_held_at_rest(void)
{
    size_t held = alloc_held();

    for (int calm = 0; calm < STEPS_A_SECOND / 10; calm++) {
        wait_a_little();
        if (alloc_held() != held)
            calm = 0;
        held = alloc_held();
    }
    return held;
}

static void name_takers(void)
{
    pthread_mutex_lock(&heap.lock);
    for (size_t i = 0; i < BLOCKS_MAX; i++)
        if (heap.blocks[i].at != NULL && heap.blocks[i].serial > heap.armed_serial)
            backtrace_symbols_fd(&heap.blocks[i].caller, 1, STDERR_FILENO);
    pthread_mutex_unlock(&heap.lock);
}

bool alloc_settles_at(size_t before)
{
    for (int i = 0; i < SETTLE_SECONDS * STEPS_A_SECOND; i++) {
        if (alloc_held() == before)
            return true;
        wait_a_little();
    }
    fprintf(stderr, "%zu blocks were held before, %zu are now; taken meanwhile by:\n", before, alloc_held());
    name_takers();
    return false;
}
