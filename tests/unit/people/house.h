/* An enterprise with a server of its own: the people and org services on loopback behind real sessions, and callers who
 * are signed in. */
#pragma once

#include <semaphore.h>

#include "fixture.h"
#include "people.h"
#include "rpc.h"
#include "smartpass/v1/people.pb-c.h"

enum {
    HOUSE_ENTERPRISE = 501,
    HOUSE_ROOT = 5010,   /* a group */
    HOUSE_OFFICE = 5011, /* a group below the root */
    HOUSE_STORE = 5012,  /* another one beside it */
    HOUSE_OTHER_ENTERPRISE = 502,
};

typedef enum { HOUSE_ADMIN, HOUSE_OFFICE_CLERK, HOUSE_STRANGER, HOUSE_CALLERS } house_caller; /* the last of 502 */

extern server_people *house_people;
extern rpc_client *house_client;

/* Checked fixture. */
void house_up(void);
void house_down(void);

/* With the caller's token; static for each caller. */
const rpc_options *house_as(house_caller who);

/* ---- The look at a picture --------------------------------------------------------------------------------------- */

/* A JPEG's first bytes, a word that tells what the look finds ("NO_FACE", "CRASH", anything else is fine), filled up to
 * size; static. */
const char *house_picture(const char *word, size_t size);

extern sem_t house_look_begins, house_look_may_end; /* of pictures whose word is "SLOW" */

/* ---- What terminals were told ------------------------------------------------------------------------------------ */

extern int house_told; /* times since house_up */
extern int64_t house_told_person;
extern int house_revoked; /* people whose grants ended, since house_up */
extern int64_t house_revoked_person;

/* ---- Calls; reasons are "" when all went well, and static -------------------------------------------------------- */

/* Sends the picture in parts of 100 000 bytes; 0 when it was refused, for *ret_reason. */
int64_t house_upload(house_caller who, const char *bytes, size_t size, const char **ret_reason);

/* Creates when the id is 0; the answer replaces *employee, in memory that lives until house_down. ret_fields (may be
 * NULL) gets the packed details of a refusal. */
const char *house_save(house_caller who, Smartpass__V1__Employee *employee);

/* Whether the last refusal of house_save named the field. */
bool house_refused_field(const char *field);

const char *house_get(house_caller who, int64_t id, Smartpass__V1__Employee *ret_employee);

/* malloc's bytes, and the content type of the first part (static). */
const char *house_download(house_caller who, int64_t photo_id, bool thumbnail, char **ret_bytes, size_t *ret_size,
                           const char **ret_type);
