#include "assets.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "asset_files.h"
#include "hash.h"
#include "http_accept.h"
#include "media_type.h"
#include "name_table.h"
#include "text.h"
#include "web_page.h"

enum {
    COMPRESS_FROM = 1024, /* bytes; less is not worth a header */
    ETAG_BYTES = 12,
    ETAG_MAX = 2 * ETAG_BYTES + 8,
    HASH_LETTERS = 8, /* that a build tool puts into the name of a file that never changes */
};

typedef enum { FORM_PLAIN, FORM_GZIP, FORM_BROTLI, FORM_COUNT } asset_form;

static const char *const form_names[FORM_COUNT] = {"", "gzip", "br"};
static const char *const form_suffixes[FORM_COUNT] = {"", ".gz", ".br"};

typedef struct {
    const web_page *page;          /* of HTML; the rest is unused then */
    http_ready *forms[FORM_COUNT]; /* they have their own copies of the bytes */
    http_ready *unchanged[FORM_COUNT];
    char etags[FORM_COUNT][ETAG_MAX];
} asset;

struct assets {
    arena memory;
    arena reading; /* what is needed until all answers are made */
    asset_files files;
    name_table by_path;
    asset *all;
    size_t count;
    const asset *index;
};

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);

    return length >= tail && strcmp(text + length - tail, end) == 0;
}

/* "/assets/index-DiwrgTda.js": another content has another name. */
static bool never_changes(const char *path)
{
    const char *dot = strrchr(path, '.'), *dash = dot ? memrchr(path, '-', (size_t)(dot - path)) : NULL;

    if (strncmp(path, "/assets/", 8) != 0 || !dot)
        return false;
    /* The letters of a hash include the dash itself. */
    while (dash && dot - dash <= HASH_LETTERS && dash > path)
        dash = memrchr(path, '-', (size_t)(dash - path));
    return dash && dot - dash > HASH_LETTERS;
}

static bool add_form(asset *into, asset_form form, const char *path, bool secure, const uint8_t *bytes, size_t size)
{
    uint8_t hash[SHA256_SIZE];
    char hex[2 * ETAG_BYTES + 1];
    http_field fields[] = {
        {"Content-Type", media_type_of(path)->type},
        {"Cache-Control", never_changes(path) ? "public, max-age=31536000, immutable" : "no-cache"},
        {"ETag", into->etags[form]},
        {"Vary", "Accept-Encoding"},
        {"Content-Encoding", form_names[form]},
    };
    http_head head = {200, fields, form == FORM_PLAIN ? 4 : 5}, unchanged = {304, fields + 1, 3};

    if (sp_failed(sha256_of(bytes, size, hash)))
        return false;
    hex_encode(hash, ETAG_BYTES, hex);
    snprintf(into->etags[form], ETAG_MAX, "\"%s%s\"", hex, form == FORM_PLAIN ? "" : form == FORM_GZIP ? "-g" : "-b");
    into->forms[form] = http_ready_new(&head, secure, bytes, size);
    into->unchanged[form] = http_ready_new(&unchanged, secure, "", 0);
    return into->forms[form] && into->unchanged[form];
}

/* NULL when it does not get smaller. */
static uint8_t *compress_gzip(const asset_file *file, arena *memory, size_t *ret_size)
{
    enum { WINDOW_OF_GZIP = 15 + 16, MEMORY_LEVEL = 9 };
    z_stream stream = {.next_in = (uint8_t *)file->bytes, .avail_in = (uInt)file->size};
    uint8_t *out = arena_alloc(memory, file->size);
    bool smaller;

    if (!out ||
        deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, WINDOW_OF_GZIP, MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK)
        return NULL;
    stream.next_out = out;
    stream.avail_out = (uInt)file->size;
    smaller = deflate(&stream, Z_FINISH) == Z_STREAM_END;
    *ret_size = file->size - stream.avail_out;
    deflateEnd(&stream);
    return smaller ? out : NULL;
}

static bool add_compressed(assets *set, asset *into, const asset_file *file, bool secure)
{
    for (asset_form form = FORM_GZIP; form < FORM_COUNT; form++) {
        char path[1024];
        const asset_file *made;
        size_t size;
        uint8_t *bytes;

        if (snprintf(path, sizeof path, "%s%s", file->path, form_suffixes[form]) >= (int)sizeof path)
            continue;
        made = asset_files_find(&set->files, path);
        if (made && !add_form(into, form, file->path, secure, made->bytes, made->size))
            return false;
        if (made || form != FORM_GZIP || file->size < COMPRESS_FROM || !media_type_of(file->path)->text)
            continue;
        bytes = compress_gzip(file, &set->reading, &size);
        if (bytes && !add_form(into, form, file->path, secure, bytes, size))
            return false;
    }
    return true;
}

static bool add_asset(assets *set, const asset_file *file, bool secure)
{
    const char *path = arena_text(&set->memory, file->path);
    asset *into = &set->all[set->count++];

    if (!path)
        return false;
    if (ends_with(file->path, ".html")) {
        into->page = web_page_new(file, &set->memory);
        if (strcmp(file->path, "/index.html") == 0)
            set->index = into;
        return into->page && name_table_add(&set->by_path, path, into);
    }
    return name_table_add(&set->by_path, path, into) &&
           add_form(into, FORM_PLAIN, file->path, secure, file->bytes, file->size) &&
           add_compressed(set, into, file, secure);
}

/* X.gz beside X is a form of X and no asset of its own. */
static bool is_form_of_another(const assets *set, const asset_file *file)
{
    char path[1024];

    for (asset_form form = FORM_GZIP; form < FORM_COUNT; form++) {
        size_t length = strlen(file->path) - 3;

        if (!ends_with(file->path, form_suffixes[form]) || length >= sizeof path)
            continue;
        memcpy(path, file->path, length);
        path[length] = '\0';
        if (asset_files_find(&set->files, path))
            return true;
    }
    return false;
}

static const char *load(assets *set, const asset_file *made, const char *folder, bool secure)
{
    const char *fault = asset_files_read(folder, &set->reading, &set->files);

    if (fault)
        return fault;
    if (made && !asset_files_add(&set->files, made))
        return "Memory is out.";
    set->all = arena_array(&set->memory, set->files.count, sizeof *set->all);
    if (!set->all || !name_table_init(&set->by_path, set->files.count, &set->memory))
        return "Memory is out.";
    for (size_t i = 0; i < set->files.count; i++)
        if (!is_form_of_another(set, &set->files.files[i]) && !add_asset(set, &set->files.files[i], secure))
            return "Memory is out.";
    return set->index || made ? NULL : "There is no index.html in it.";
}

assets *assets_load(const char *folder, bool secure, char *fault, size_t fault_size)
{
    return assets_load_with(NULL, folder, secure, fault, fault_size);
}

assets *assets_load_with(const asset_file *made, const char *folder, bool secure, char *fault, size_t fault_size)
{
    assets *set = calloc(1, sizeof *set);
    const char *wrong = "Memory is out.";

    if (set) {
        arena_init(&set->memory, ASSET_BYTES_MAX);
        arena_init(&set->reading, ASSET_BYTES_MAX);
        errno = 0;
        wrong = load(set, made, folder, secure);
        arena_done(&set->reading);
    }
    if (!wrong)
        return set;
    snprintf(fault, fault_size, "%s: %s%s%s", folder ? folder : made->path, wrong, errno ? " " : "",
             errno ? strerror(errno) : "");
    assets_free(set);
    return NULL;
}

void assets_free(assets *set)
{
    if (!set)
        return;
    for (size_t i = 0; i < set->count; i++) {
        for (asset_form form = FORM_PLAIN; form < FORM_COUNT; form++) {
            http_ready_free(set->all[i].forms[form]);
            http_ready_free(set->all[i].unchanged[form]);
        }
    }
    arena_done(&set->memory);
    free(set);
}

size_t assets_count(const assets *set)
{
    return set->count;
}

/* The form that the client likes best; of those that it likes the same, the smallest. */
static asset_form choose_form(const asset *found, const http_exchange *x)
{
    const char *accepted = http_request_header(x, HTTP_ACCEPT_ENCODING);
    asset_form best = FORM_PLAIN;
    unsigned best_weight = 0;

    for (int form = FORM_BROTLI; form > FORM_PLAIN; form--) {
        unsigned weight = found->forms[form] ? http_accept_coding(accepted, form_names[form]) : 0;

        if (weight > best_weight) {
            best = (asset_form)form;
            best_weight = weight;
        }
    }
    return best;
}

static void answer_file(const asset *found, http_exchange *x)
{
    asset_form form = choose_form(found, x);
    const char *known = http_request_header(x, HTTP_IF_NONE_MATCH);

    if (known && (strcmp(known, "*") == 0 || strstr(known, found->etags[form])))
        http_answer_ready(x, found->unchanged[form]);
    else
        http_answer_ready(x, found->forms[form]);
}

static void answer(const asset *found, http_exchange *x)
{
    if (found->page)
        web_page_answer(found->page, x);
    else
        answer_file(found, x);
}

bool assets_answer_file(const assets *set, const char *path, size_t length, http_exchange *x)
{
    const asset *found = name_table_find(&set->by_path, path, length);

    if (found)
        answer(found, x);
    return found != NULL;
}

bool assets_answer(const assets *set, http_exchange *x)
{
    size_t length;
    const char *path = http_path(x, &length), *slash = memrchr(path, '/', length);

    if (assets_answer_file(set, path, length, x))
        return true;
    if (!set->index || !slash || memchr(slash, '.', (size_t)(path + length - slash)))
        return false;
    answer(set->index, x);
    return true;
}
