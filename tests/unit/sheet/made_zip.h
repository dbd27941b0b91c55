/* Zip containers byte by byte, so that they can be wrong in every way. */
#pragma once

#include "bytes.h"

typedef struct {
    byte_buffer body, directory;
    unsigned count;
} made_zip;

void made_zip_init(made_zip *z);

/* Deflated. */
void made_zip_add(made_zip *z, const char *name, const void *bytes, size_t size);

/* As above, but the directory says that it is `told` bytes long. */
void made_zip_add_lying(made_zip *z, const char *name, const void *bytes, size_t size, uint32_t told);

/* An entry of this name whose bytes are those of the entry at `at`: offset of its header, and sizes. */
typedef struct {
    uint32_t at, stored, size, checksum;
} made_entry;
made_entry made_zip_last(const made_zip *z);
void made_zip_point(made_zip *z, const char *name, made_entry entry);

/* The whole container; the caller frees. Ends the life of z. */
uint8_t *made_zip_done(made_zip *z, size_t *ret_size);

/* A workbook of one sheet with this inside <worksheet>; strings and styles may be NULL. The caller frees. */
uint8_t *made_book(const char *sheet, const char *strings, const char *styles, size_t *ret_size);

/* Its parts other than those three. */
void made_book_begin(made_zip *z);
