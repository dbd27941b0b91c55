/* What the name of a photo says. Pure. */
#pragma once

typedef struct {
    const char *reason; /* NULL: none; static, as sentence */
    const char *sentence;
} photo_fault;

/* The number is the name without its ending (.jpg, .jpeg, .png, in any case); it gets as much room as the name has, and
 * is
 * "" when there is a fault of the ending. */
photo_fault photo_name_read(const char *name, char *ret_number);
