#include "arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Blocks double from the first size to the largest, so that a small call costs one small malloc and a big one few. */
enum { ARENA_FIRST_BLOCK = 1024, ARENA_LARGEST_BLOCK = 64 * 1024 };

struct arena_block {
    arena_block *next;
    size_t size; /* bytes of data */
    size_t used;
    max_align_t data[]; /* zeroed when the block is made and never handed out twice */
};

struct arena_cleanup {
    arena_cleanup *next;
    void (*release)(void *what);
    void *what;
};

void arena_init(arena *a, size_t cap)
{
    *a = (arena){.cap = cap};
}

/* Prefers a block that serves later requests too; near the cap, all that is left. */
static arena_block *block_new(arena *a, size_t need)
{
    size_t left = a->cap - a->taken;
    size_t size = ARENA_FIRST_BLOCK - sizeof(arena_block);
    arena_block *block;

    if (left < sizeof *block || need > left - sizeof *block)
        return NULL;
    left -= sizeof *block;
    if (a->blocks)
        size = a->blocks->size * 2;
    if (size > ARENA_LARGEST_BLOCK)
        size = ARENA_LARGEST_BLOCK;
    if (size < need)
        size = need;
    if (size > left)
        size = left;

    block = calloc(1, sizeof *block + size);
    if (!block)
        return NULL;
    block->size = size;
    a->taken += sizeof *block + size;
    return block;
}

/* A block made for one big request goes behind the head when the head still has more room to give. */
static void block_link(arena *a, arena_block *block)
{
    arena_block *head = a->blocks;

    if (head && head->size - head->used > block->size - block->used) {
        block->next = head->next;
        head->next = block;
    } else {
        block->next = head;
        a->blocks = block;
    }
}

void *arena_alloc(arena *a, size_t size)
{
    const size_t align = _Alignof(max_align_t);
    arena_block *block = a->blocks;
    void *memory;

    if (size > SIZE_MAX - align)
        return NULL;
    size = size ? (size + align - 1) / align * align : align;

    if (block && size <= block->size - block->used) {
        memory = (char *)block->data + block->used;
        block->used += size;
        return memory;
    }
    block = block_new(a, size);
    if (!block)
        return NULL;
    block->used = size;
    block_link(a, block);
    return block->data;
}

void *arena_array(arena *a, size_t count, size_t size)
{
    size_t total;

    if (__builtin_mul_overflow(count, size, &total))
        return NULL;
    return arena_alloc(a, total);
}

char *arena_copy(arena *a, const void *bytes, size_t n)
{
    char *copy = n < SIZE_MAX ? arena_alloc(a, n + 1) : NULL;

    if (copy && n)
        memcpy(copy, bytes, n);
    return copy;
}

char *arena_text(arena *a, const char *text)
{
    return arena_copy(a, text, strlen(text));
}

char *arena_printf(arena *a, const char *format, ...)
{
    va_list args;
    char *text;

    va_start(args, format);
    text = arena_vprintf(a, format, args);
    va_end(args);
    return text;
}

char *arena_vprintf(arena *a, const char *format, va_list args)
{
    va_list again;
    char *text;
    int length;

    va_copy(again, args);
    length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length < 0)
        return NULL;

    text = arena_alloc(a, (size_t)length + 1);
    if (text)
        vsnprintf(text, (size_t)length + 1, format, args);
    return text;
}

bool arena_on_release(arena *a, void (*release)(void *what), void *what)
{
    arena_cleanup *cleanup = arena_alloc(a, sizeof *cleanup);

    if (!cleanup)
        return false;
    *cleanup = (arena_cleanup){a->cleanups, release, what};
    a->cleanups = cleanup;
    return true;
}

void arena_reset(arena *a)
{
    /* Cleanups first: they live in the blocks, and what they release may refer to memory of the arena. */
    while (a->cleanups) {
        arena_cleanup *cleanup = a->cleanups;

        a->cleanups = cleanup->next;
        cleanup->release(cleanup->what);
    }
    while (a->blocks) {
        arena_block *block = a->blocks;

        a->blocks = block->next;
        free(block);
    }
    a->taken = 0;
}

void arena_done(arena *a)
{
    arena_reset(a);
    a->cap = 0;
}
