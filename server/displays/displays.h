/* Pass display: pictures that a terminal shows full screen when it recognises somebody. What a terminal should show is
 * a plan with a version; whoever holds the terminal's stream tells it (display_plan.h). */
#pragma once

#include "blobs.h"
#include "db.h"
#include "people.h"
#include "rpc.h"

typedef struct server_displays server_displays;

typedef struct {
    db_pool *app;
    db_pool *system;
    blob_store *blobs;
    people_check_photo check_picture; /* of its facts only photo and its size in bytes and pixels are looked at */
    void *check_picture_arg;
} displays_options;

/* Options are copied, what they point to is borrowed. NULL when memory is out. */
server_displays *displays_new(const displays_options *options);
void displays_free(server_displays *displays); /* after the rpc server has stopped */

/* The DisplaysService. */
void displays_register(server_displays *displays, rpc_server *server);

/* Nothing is shown for this person any more from when tx commits; what was shown for nobody else goes, with its
 * picture. Locks plans of terminals, in the order of their ids. */
sp_status displays_forget_person(db_tx *tx, int64_t enterprise_id, int64_t person_id) SP_MUST_USE;

/* Removes what deleted terminals showed. Run it every minute. */
sp_status displays_sweep(server_displays *displays) SP_MUST_USE;
