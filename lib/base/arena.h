/* A capped bump allocator: one per call or message. Everything taken from it lives until arena_reset or arena_done
 * and is never freed by itself. Not for use by two threads at once. */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct arena_block arena_block;
typedef struct arena_cleanup arena_cleanup;

typedef struct {
    arena_block *blocks;
    arena_cleanup *cleanups;
    size_t taken; /* bytes of blocks held */
    size_t cap;   /* bytes; what would go beyond it is refused with NULL */
} arena;

/* Holds nothing yet; cap is in bytes and covers the blocks' own overhead. */
void arena_init(arena *a, size_t cap);

/* Zeroed memory aligned for any type; NULL when the cap is reached or memory is out. size 0 gives a valid pointer. */
void *arena_alloc(arena *a, size_t size);

/* As arena_alloc for count × size, NULL also on overflow. */
void *arena_array(arena *a, size_t count, size_t size);

/* A copy of n bytes, NUL-terminated for convenience. */
char *arena_copy(arena *a, const void *bytes, size_t n);
char *arena_text(arena *a, const char *text);
char *arena_printf(arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(arena *a, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

/* Runs release(what) at reset or done, last registered first: for PGresult and other memory that is malloc's.
 * False when memory is out; the caller then releases by itself. */
bool arena_on_release(arena *a, void (*release)(void *what), void *what);

/* Runs the cleanups and frees every block; the arena may be used again. */
void arena_reset(arena *a);
void arena_done(arena *a);

#ifdef __cplusplus
}
#endif
