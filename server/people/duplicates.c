#include "duplicates.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "clock.h"
#include "face_set.h"
#include "log.h"
#include "org.h"
#include "server_people_sql.h"

enum {
    SHOWN_MAX = 5,
    FACES_MAX = 100000,     /* of one enterprise; the newest */
    FACES_MAX_ALL = 200000, /* about 100 MiB */
    OPENED_AT_ONCE = 100,   /* templates, in one transaction */
    OPEN_MS = 2000,         /* for one upload; the rest is left to the next */
    IDLE_MS = 10 * 60 * 1000,
    LIST_ARENA_BYTES = 32 * 1024 * 1024,
    OPEN_ARENA_BYTES = 1024 * 1024,
};

/* The limit of the engine's makers for one person in two pictures. */
#define SAME_FACE_DISTANCE 0.6f

/* The faces of an enterprise that one engine has described. */
typedef struct enterprise_faces {
    int64_t enterprise_id;
    char engine[65];
    pthread_mutex_t lock; /* of the set */
    face_set set;
    int users;       /* the finder's lock */
    int64_t used_ms; /* the same; monotonic */
    size_t count;    /* the same: of the set when it was last given back */
    struct enterprise_faces *next;
} enterprise_faces;

struct duplicate_finder {
    db_pool *app;
    blob_store *blobs;
    pthread_mutex_t lock;
    enterprise_faces *first;
};

duplicate_finder *duplicate_finder_new(db_pool *app, blob_store *blobs)
{
    duplicate_finder *finder = calloc(1, sizeof *finder);

    if (!finder)
        return NULL;
    finder->app = app;
    finder->blobs = blobs;
    pthread_mutex_init(&finder->lock, NULL);
    return finder;
}

static void faces_free(enterprise_faces *faces)
{
    face_set_free(&faces->set);
    pthread_mutex_destroy(&faces->lock);
    free(faces);
}

void duplicate_finder_free(duplicate_finder *finder)
{
    if (!finder)
        return;
    while (finder->first) {
        enterprise_faces *next = finder->first->next;

        faces_free(finder->first);
        finder->first = next;
    }
    pthread_mutex_destroy(&finder->lock);
    free(finder);
}

/* ---- Taking and giving back -------------------------------------------------------------------------------------- */

/* Those that nobody uses and nobody has used since; the finder's lock is held. */
static void drop_unused(duplicate_finder *finder, int64_t since_ms)
{
    for (enterprise_faces **at = &finder->first; *at;) {
        enterprise_faces *faces = *at;

        if (faces->users == 0 && faces->used_ms <= since_ms) {
            *at = faces->next;
            faces_free(faces);
        } else {
            at = &faces->next;
        }
    }
}

/* The longest unused goes first. */
static void make_room(duplicate_finder *finder)
{
    for (;;) {
        int64_t oldest_ms = INT64_MAX;
        size_t count = 0;

        for (const enterprise_faces *faces = finder->first; faces; faces = faces->next) {
            count += faces->count;
            if (faces->users == 0 && faces->used_ms < oldest_ms)
                oldest_ms = faces->used_ms;
        }
        if (count <= FACES_MAX_ALL || oldest_ms == INT64_MAX)
            return;
        drop_unused(finder, oldest_ms);
    }
}

static enterprise_faces *faces_add(duplicate_finder *finder, int64_t enterprise_id, const char *engine)
{
    enterprise_faces *faces = calloc(1, sizeof *faces);

    if (!faces)
        return NULL;
    faces->enterprise_id = enterprise_id;
    memcpy(faces->engine, engine, strlen(engine) + 1);
    pthread_mutex_init(&faces->lock, NULL);
    faces->next = finder->first;
    finder->first = faces;
    return faces;
}

/* With its lock; NULL when memory is out or the engine has no name that fits. */
static enterprise_faces *faces_take(duplicate_finder *finder, int64_t enterprise_id, const char *engine)
{
    enterprise_faces *faces;

    if (strlen(engine) >= sizeof faces->engine)
        return NULL;
    pthread_mutex_lock(&finder->lock);
    for (faces = finder->first; faces; faces = faces->next)
        if (faces->enterprise_id == enterprise_id && strcmp(faces->engine, engine) == 0)
            break;
    if (!faces)
        faces = faces_add(finder, enterprise_id, engine);
    if (faces)
        faces->users++;
    pthread_mutex_unlock(&finder->lock);
    if (faces)
        pthread_mutex_lock(&faces->lock);
    return faces;
}

static void faces_give_back(duplicate_finder *finder, enterprise_faces *faces)
{
    size_t count = faces->set.count;

    pthread_mutex_unlock(&faces->lock);
    pthread_mutex_lock(&finder->lock);
    faces->users--;
    faces->count = count;
    faces->used_ms = clock_monotonic_ms();
    make_room(finder);
    pthread_mutex_unlock(&finder->lock);
}

void duplicates_sweep(duplicate_finder *finder)
{
    pthread_mutex_lock(&finder->lock);
    drop_unused(finder, clock_monotonic_ms() - IDLE_MS);
    pthread_mutex_unlock(&finder->lock);
}

/* ---- Bringing up to date ----------------------------------------------------------------------------------------- */

/* The photos that people have, ascending, in the arena. */
static sp_status photos_list(const duplicate_finder *finder, const enterprise_faces *faces, arena *a, int64_t **ret_ids,
                             size_t *ret_count)
{
    db_rows rows;
    db_tx *tx;
    sp_status status = db_begin(finder->app, faces->enterprise_id, a, &tx);

    if (sp_failed(status))
        return status;
    status = db_query(tx, SQL_DUPLICATE_PHOTOS,
                      DB_ARGS(db_int64(faces->enterprise_id), db_text(faces->engine), db_int32(FACES_MAX)), &rows);
    if (!sp_failed(status)) {
        *ret_count = (size_t)rows.count;
        *ret_ids = db_rows_ints(&rows, 0, a);
        if (!*ret_ids)
            status = DB_NO_MEMORY;
    }
    return db_end(tx, status);
}

/* Opens the templates of these photos, as far as they are still there and readable. */
static sp_status templates_read(const duplicate_finder *finder, int64_t enterprise_id, arena *a, const int64_t *photos,
                                size_t count, int64_t *ret_ids, float (*ret_faces)[FACE_NUMBERS], size_t *ret_count)
{
    db_rows rows;
    db_tx *tx;
    size_t opened = 0;
    sp_status status = db_begin(finder->app, enterprise_id, a, &tx);

    if (sp_failed(status))
        return status;
    status = db_query(tx, SQL_DUPLICATE_TEMPLATES, DB_ARGS(db_int64(enterprise_id), db_int64_array(a, photos, count)),
                      &rows);
    for (int i = 0; !sp_failed(status) && i < rows.count; i++) {
        const uint8_t *bytes;
        size_t size;

        status = blob_get(finder->blobs, tx, enterprise_id, db_row_int(&rows, i, 1), &bytes, &size);
        if (!sp_failed(status) && face_read(bytes, size, ret_faces[opened]))
            ret_ids[opened++] = db_row_int(&rows, i, 0);
        else if (strcmp(status.reason, BLOB_NOT_FOUND.reason) == 0 || strcmp(status.reason, BLOB_DAMAGED.reason) == 0)
            status = SP_DONE; /* as good as no photo; the look at the disk will tell */
    }
    *ret_count = opened;
    return db_end(tx, status);
}

static sp_status missing_add(const duplicate_finder *finder, enterprise_faces *faces, const int64_t *missing,
                             size_t count)
{
    int64_t end_ms = clock_monotonic_ms() + OPEN_MS, ids[OPENED_AT_ONCE];
    float(*opened)[FACE_NUMBERS] = calloc(OPENED_AT_ONCE, sizeof *opened);
    sp_status status = opened ? SP_DONE : OUT_OF_MEMORY;
    arena memory;

    arena_init(&memory, OPEN_ARENA_BYTES);
    for (size_t at = 0; at < count && !sp_failed(status) && clock_monotonic_ms() < end_ms; at += OPENED_AT_ONCE) {
        size_t n = count - at < OPENED_AT_ONCE ? count - at : OPENED_AT_ONCE;

        status = templates_read(finder, faces->enterprise_id, &memory, missing + at, n, ids, opened, &n);
        if (!sp_failed(status) && !face_set_add(&faces->set, ids, opened, n))
            status = OUT_OF_MEMORY;
        arena_reset(&memory);
    }
    arena_done(&memory);
    if (opened)
        explicit_bzero(opened, OPENED_AT_ONCE * sizeof *opened);
    free(opened);
    return status;
}

static sp_status refresh(const duplicate_finder *finder, enterprise_faces *faces)
{
    int64_t *ids = NULL, *missing;
    size_t count = 0;
    arena memory;
    sp_status status;

    arena_init(&memory, LIST_ARENA_BYTES);
    status = photos_list(finder, faces, &memory, &ids, &count);
    if (!sp_failed(status)) {
        missing = arena_array(&memory, count, sizeof *missing);
        if (missing) {
            face_set_keep(&faces->set, ids, count, missing, &count);
            status = missing_add(finder, faces, missing, count);
        } else {
            status = OUT_OF_MEMORY;
        }
    }
    arena_done(&memory);
    return status;
}

/* ---- Telling ----------------------------------------------------------------------------------------------------- */

typedef Smartpass__V1__PhotoDuplicate PhotoDuplicate;

static PhotoDuplicate *duplicate_new(arena *a, const db_rows *rows, int row, const face_match *match)
{
    PhotoDuplicate *duplicate = arena_alloc(a, sizeof *duplicate);

    if (!duplicate)
        return NULL;
    smartpass__v1__photo_duplicate__init(duplicate);
    duplicate->distance_milli = (int32_t)(match->distance * 1000);
    if (db_row_bool(rows, row, 5)) {
        duplicate->person_id = db_row_int(rows, row, 1);
        duplicate->kind = (Smartpass__V1__PersonKind)db_row_int(rows, row, 2);
        duplicate->number = (char *)db_row_text(rows, row, 3);
        duplicate->name = (char *)db_row_text(rows, row, 4);
    }
    return duplicate;
}

/* In the order of the matches; whoever has gone meanwhile is left out. */
static sp_status fill_in(arena *a, const db_rows *rows, const face_match *matches, size_t count,
                         Smartpass__V1__Photo *photo)
{
    photo->duplicates = arena_array(a, count, sizeof *photo->duplicates);
    if (!photo->duplicates)
        return OUT_OF_MEMORY;
    for (size_t i = 0; i < count; i++)
        for (int row = 0; row < rows->count; row++) {
            PhotoDuplicate *duplicate;

            if (db_row_int(rows, row, 0) != matches[i].id)
                continue;
            duplicate = duplicate_new(a, rows, row, &matches[i]);
            if (!duplicate)
                return OUT_OF_MEMORY;
            photo->duplicates[photo->n_duplicates++] = duplicate;
        }
    return SP_DONE;
}

static sp_status tell(const duplicate_finder *finder, arena *a, const duplicate_viewer *viewer,
                      const face_match *matches, size_t count, Smartpass__V1__Photo *photo)
{
    const caller who = {
        .enterprise_id = viewer->enterprise_id, .group_id = viewer->group_id, .tree_version = viewer->tree_version};
    int64_t ids[SHOWN_MAX];
    db_arg groups;
    db_rows rows;
    db_tx *tx;
    sp_status status = db_begin(finder->app, viewer->enterprise_id, a, &tx);

    if (sp_failed(status))
        return status;
    for (size_t i = 0; i < count; i++)
        ids[i] = matches[i].id;
    status = org_scope(tx, &who, 0, &groups);
    if (!sp_failed(status))
        status = db_query(tx, SQL_DUPLICATE_OWNERS,
                          DB_ARGS(db_int64(viewer->enterprise_id), groups, db_int64_array(a, ids, count),
                                  db_int64_array(a, viewer->kinds, viewer->kind_count)),
                          &rows);
    if (!sp_failed(status))
        status = fill_in(a, &rows, matches, count, photo);
    return db_end(tx, status);
}

void duplicates_find(duplicate_finder *finder, arena *a, const duplicate_viewer *viewer, const photo_facts *facts,
                     Smartpass__V1__Photo *photo)
{
    float face[FACE_NUMBERS];
    face_match matches[SHOWN_MAX];
    enterprise_faces *faces;
    size_t count;
    sp_status status;

    if (!face_read(facts->face_template, facts->face_template_size, face))
        return;
    faces = faces_take(finder, viewer->enterprise_id, facts->engine);
    if (!faces)
        return;
    status = refresh(finder, faces);
    count = face_set_nearest(&faces->set, face, SAME_FACE_DISTANCE, matches, SHOWN_MAX);
    faces_give_back(finder, faces);
    if (count > 0)
        status = sp_first_failure(status, tell(finder, a, viewer, matches, count, photo));
    if (sp_failed(status))
        log_write(LOG_WARNING, "not all photos were compared", "reason", status.reason, NULL);
}
