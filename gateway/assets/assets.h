/* The web console's files: read into memory at start, found in a table by their path, sent precompressed. No request
 * reaches the file system. After loading, any thread may read. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "asset_files.h"
#include "http_exchange.h"

typedef struct assets assets;

/* Reads a web build: every regular file below the folder but dot files and symbolic links. X.gz and X.br beside X are
 * its compressed forms; text without a .gz is compressed here. `secure` is whether HTTPS is served. On failure NULL and
 * a sentence. */
assets *assets_load(const char *folder, bool secure, char *fault, size_t fault_size);

/* The same with a file that was made at start among those of the folder; it is copied. The folder may be NULL for none,
 * and need hold no index.html. */
assets *assets_load_with(const asset_file *made, const char *folder, bool secure, char *fault, size_t fault_size);
void assets_free(assets *set); /* accepts NULL */
size_t assets_count(const assets *set);

/* Answers a GET or HEAD with the file of that path, or, for a path whose last part has no dot, with index.html: the
 * console's own pages have no files. False when there is nothing to answer with. In begin or complete. */
bool assets_answer(const assets *set, http_exchange *x);

/* Answers with the file of just this path. */
bool assets_answer_file(const assets *set, const char *path, size_t length, http_exchange *x);
