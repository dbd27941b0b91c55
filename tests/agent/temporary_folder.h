/* A folder of a test's own. */
#pragma once

#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static inline void folder_make(char out[64])
{
    strcpy(out, "/tmp/agent-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(out));
}

/* Of files only. */
static inline void folder_remove(const char *folder)
{
    DIR *all = opendir(folder);

    for (const struct dirent *e; all && (e = readdir(all)) != NULL;) {
        char path[512];

        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        unlink(path);
    }
    if (all)
        closedir(all);
    rmdir(folder);
}
