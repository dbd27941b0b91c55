/* The people of an enterprise and their photos. */
#pragma once

#include "blobs.h"
#include "db.h"
#include "operations.h"
#include "rpc.h"
#include "smartpass/v1/people.pb-c.h"

typedef struct server_people server_people;

/* What a look at a picture found. Bytes are in the arena that was given. */
typedef struct {
    const uint8_t *photo; /* what is kept of the picture: JPEG without metadata */
    size_t photo_size;
    const uint8_t *thumbnail; /* JPEG */
    size_t thumbnail_size;
    const uint8_t *face_template; /* numbers of the engine */
    size_t face_template_size;
    const char *engine;
    int width, height; /* of the photo */
} photo_facts;

/* Why a picture cannot be used; reason NULL: it can. Static texts. */
typedef struct {
    const char *reason; /* NO_FACE, BLURRED, … */
    const char *sentence;
} photo_refusal;

/* Looks at a picture; blocks. That a picture cannot be used is no failure: then only ret_refusal is set. */
typedef sp_status (*people_check_photo)(void *arg, arena *a, const uint8_t *bytes, size_t size, photo_facts *ret_facts,
                                        photo_refusal *ret_refusal);

/* What higher domains do in the transaction that changes people; any may be NULL. They lock terminals, each time in the
 * same order, so they are called last, and a second one of a transaction only for terminals that the first one locked.
 */
typedef struct {
    /* What terminals know of these people changed, or whether the blacklist names them: they must hear of it. */
    sp_status (*people_changed)(db_tx *tx, int64_t enterprise_id, const int64_t *person_ids, size_t count,
                                int64_t now_ms);
    /* Every grant of the person ends: terminals take him off. */
    sp_status (*person_revoked)(db_tx *tx, int64_t enterprise_id, int64_t person_id, int64_t now_ms);
    /* Every terminal of the enterprise takes the person off, whether or not it is known to have him. */
    sp_status (*person_forgotten)(db_tx *tx, int64_t enterprise_id, int64_t person_id, int64_t now_ms);
} people_hooks;

typedef struct {
    db_pool *app;
    db_pool *system;
    blob_store *blobs;
    people_check_photo check_photo;
    void *check_photo_arg;
    int check_photo_threads; /* pictures that are looked at at the same time; 0: 2 */
    people_hooks hooks;
    const char *erasures; /* folder of the list of erasures, made when missing; NULL: no list is kept */
    int node;             /* of this server among those of the installation */
} people_options;

/* Options are copied, what they point to is borrowed. NULL when memory or threads are out, or the list of erasures has
 * no folder. */
server_people *people_new(const people_options *options);
void people_free(server_people *people); /* after the rpc server has stopped */

/* The services of employees, visitors and the blacklist. */
void people_register(server_people *people, rpc_server *server);

/* What it does as operations; before operations_run. False when there are too many. */
bool people_add_kinds(server_people *people, server_operations *operations);

/* Before anything is served: whoever was erased and came back, because the database was restored from an older backup,
 * is erased again. detail gets 512 bytes and says more after a failure. */
sp_status people_replay_erasures(server_people *people, char *detail) SP_MUST_USE;

/* Runs job(arg) on one of the threads that look at pictures, where people_keep_photo may be called. False when memory
 * is out. Every job has run when people_free returns. [any thread] */
bool people_post_check(server_people *people, void (*job)(void *arg), void *arg);

/* Takes a picture that came another way than by UploadPhoto: looked at like one of those, and kept for user_id, who may
 * claim it within the hour. That it cannot be used is no failure: then only ret_refusal is set. Blocks for as long as
 * the look takes. */
sp_status people_keep_photo(server_people *people, int64_t enterprise_id, int64_t user_id, const uint8_t *bytes,
                            size_t size, int64_t now_ms, photo_refusal *ret_refusal, int64_t *ret_id) SP_MUST_USE;

/* Fills in who shows the same face as a photo that the caller has not claimed yet, as UploadPhoto does: a warning only,
 * and what fails is logged. Ends the call's transaction so far. Blocks. */
void people_note_duplicates(server_people *people, rpc_call *call, Smartpass__V1__Photo *photo);

/* Removes photos that nobody claimed within their hour, ends the grants of employees whose last day is over, and notes
 * erasures on the list that are not yet there. Run it every minute. */
sp_status people_sweep(server_people *people) SP_MUST_USE;
