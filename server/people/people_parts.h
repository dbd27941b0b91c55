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
