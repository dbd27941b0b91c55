/* Trees of groups as they were last read, so that a call need not ask the database for its enterprise's.
 *
 * A tree is kept under its version, which comes from the database with the look-up of who is calling, and serves
 * callers of that very version alone. So nobody has to be told of changes, by whichever server: who calls after one
 * brings another version, and a call that was looked up before it is as if it had come before it.
 *
 * All functions may be called from any thread. */
#pragma once

#include "org_rules.h"

typedef struct tree_cache tree_cache;

enum { TREE_CACHE_ENTERPRISES = 256 };

/* Keeps that many groups in all, of at most TREE_CACHE_ENTERPRISES trees; those that nobody asked for longest make
 * room. NULL when memory is out. */
tree_cache *tree_cache_new(size_t groups_max);

/* Whatever is held then must not be released any more. */
void tree_cache_free(tree_cache *cache); /* accepts NULL */

/* The enterprise's tree of this version, which stays until tree_cache_release; NULL when it is not there. */
const org_tree *tree_cache_hold(tree_cache *cache, int64_t enterprise_id, int64_t version);
void tree_cache_release(tree_cache *cache, const org_tree *tree);

/* Copies the tree, in place of any other of the enterprise. What does not fit, for want of memory or room, is not kept,
 * and then asked for again. Only what is committed may come here: a version names one tree for ever. */
void tree_cache_keep(tree_cache *cache, int64_t enterprise_id, int64_t version, const org_tree *tree);
