/* Inside server/people: what its files share. */
#pragma once

#include <stdatomic.h>

#include "call.h"
#include "lanes.h"
#include "people.h"
#include "smartpass/v1/people.rpc.h"

struct server_people {
    people_options options;
    lanes *checks;      /* threads on which pictures are looked at */
    atomic_int uploads; /* under way */
};

extern const people_upload_photo_events PHOTO_UPLOAD;     /* photo_upload.c */
extern const people_download_photo_events PHOTO_DOWNLOAD; /* photo_download.c */

void visitors_handlers_register(server_people *people, rpc_server *server);  /* visitors_service.c */
void blacklist_handlers_register(server_people *people, rpc_server *server); /* blacklist_service.c */

/* Ends the grants of those whose last day is over. Idempotent; others may run it at the same time. */
sp_status employment_sweep(server_people *people) SP_MUST_USE; /* employment.c */
