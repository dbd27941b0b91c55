/* Inside server/transfer: what the files' own files share. */
#pragma once

#include <limits.h>
#include <pthread.h>

#include "transfer_file.h"

struct transfer_files {
    char *folder;
    db_pool *system;
    int64_t quota;
    pthread_mutex_t lock;   /* of the drafts' list and sizes */
    transfer_draft *drafts; /* open ones */
};

void transfer_file_path(const transfer_files *files, int64_t id, char path[PATH_MAX]);
