/* What counts as a file of a zip that somebody packed on his desk, and under which name: folders are flattened, and
 * what desktops add by themselves is passed over. Names come from strangers and are never used as paths. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { COLLECTION_NAME_MAX = 255 };

/* Folders, whatever begins with a dot or lies in __MACOSX, Thumbs.db, desktop.ini. */
bool collection_skips(const char *path);

/* The last component, as UTF-8 without control characters; '?' stands for what is none, and what is too long is cut. */
void collection_name(const char *path, char name[COLLECTION_NAME_MAX + 1]);
