/* The inside of a document under way, for the files that write it. Memory that runs out shows in `failed` or in the
 * JSON writer; nothing of what was written counts then. */
#pragma once

#include "contract_notes.h"
#include "json_writer.h"
#include "openapi.h"
#include "routes.h"

typedef struct component component;
typedef struct path_item path_item;

typedef struct {
    const descriptor_pool *pool;
    const route_table *routes;
    const contract_notes *notes;
    const openapi_options *options;
    arena *memory;
    json_writer *out;
    component *components; /* by name, once they have names */
    name_table components_by_type;
    path_item *paths, *last_path;
    bool terminals; /* some method is for terminals, which prove who they are by a certificate */
    bool downloads; /* some operation answers parts of a raw body */
    bool limited;   /* some operation is for callers whom nobody knows */
    bool failed;
} document;

/* ---- Texts: all live as long as the document, and none is NULL: when memory is out they are empty and it failed ----
 */

const char *text_of(document *d, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What the function of comment_text.h gives. */
const char *text_or_fail(document *d, const char *text);

/* Two texts with an empty line between them, or the one that is not empty. */
const char *paragraphs(document *d, const char *one, const char *other);

/* ---- Members of the object that is open ---- */

static inline void put_key(document *d, const char *key)
{
    json_key(d->out, key, strlen(key));
}

static inline void put_value(document *d, const char *text)
{
    json_text(d->out, text, strlen(text));
}

static inline void put_text(document *d, const char *key, const char *text)
{
    put_key(d, key);
    put_value(d, text);
}

/* Nothing when the text is empty. */
static inline void put_text_if(document *d, const char *key, const char *text)
{
    if (*text)
        put_text(d, key, text);
}

static inline void put_int(document *d, const char *key, int64_t value)
{
    put_key(d, key);
    json_int(d->out, value);
}

static inline void put_true_if(document *d, const char *key, bool value)
{
    if (!value)
        return;
    put_key(d, key);
    json_bool(d->out, true);
}

static inline void put_object(document *d, const char *key)
{
    put_key(d, key);
    json_open_object(d->out);
}

static inline void put_array(document *d, const char *key)
{
    put_key(d, key);
    json_open_array(d->out);
}

/* A member whose value is written already. */
static inline void put_ready(document *d, const char *key, const char *json)
{
    put_key(d, key);
    json_ready(d->out, json, strlen(json));
}
