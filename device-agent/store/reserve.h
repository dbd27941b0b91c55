/* Bytes that lie on the disk for nothing, so that there is room left when others have filled it: to free room, SQLite
 * needs some. A file that is written in full while the disk has room; released, it stays behind with length 0, and is
 * written again when there is room for it twice. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    char path[800];
    uint64_t size;
    bool held;     /* the bytes are on the disk */
    bool released; /* they were, until the disk was full */
} reserve;

/* Looks at what a former run left in the folder; writes nothing. size 0: there is never one. */
void reserve_open(reserve *r, const char *folder, uint64_t size);

/* Gives the bytes to the disk; false: there were none to give. */
bool reserve_release(reserve *r);

/* Writes them when they are not there and there is room enough. Takes as long as the disk needs for so many bytes. */
void reserve_take(reserve *r);
