/* Whether a person may pass, and what the record says about it: values in, verdict out. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "settings.h"

/* The numbers of these three are the contract's (types.proto). */
typedef enum {
    PERSON_EMPLOYEE = 1,
    PERSON_VISITOR = 2,
    PERSON_BLACKLIST = 3,
    PERSON_STRANGER = 4, /* nobody whom the terminal knows */
} person_kind;

typedef enum { PASS_ALLOWED = 1, PASS_DENIED = 2 } pass_result;

typedef enum {
    DENY_NOTHING = 0,
    DENY_STRANGER = 1,
    DENY_BLACKLIST = 2,
    DENY_OUTSIDE_WINDOW = 3,
    DENY_NO_MASK = 4,
    DENY_TEMPERATURE = 5,
    DENY_NOT_GRANTED = 6,
} deny_reason;

/* One person as recognised and as seen. */
typedef struct {
    person_kind kind;
    int64_t valid_from_ms;     /* 0: from ever */
    int64_t valid_until_ms;    /* excluded; 0: for ever */
    bool mask_missing;         /* seen without a mask; false also when the detector cannot tell */
    int32_t temperature_centi; /* 0: not measured */
} pass_sight;

typedef struct {
    pass_result result;
    deny_reason reason;        /* the first check that failed */
    bool authorised;           /* recognised and granted now, whatever mask and temperature say */
    bool no_mask;              /* a mask was required and none was seen */
    bool abnormal;             /* at or above the threshold: alarm, whether or not it blocks */
    int32_t temperature_centi; /* as recorded; 0 also when detection is off, or values are not kept */
    int32_t shown_centi;       /* as shown and spoken; 0: not */
    int32_t threshold_centi;   /* as recorded; 0 when detection is off */
    bool recorded;             /* false: leaves no record, only an anonymous count */
} pass_verdict;

/* now_ms is the terminal's wall time. */
pass_verdict pass_decide(const pass_sight *sight, const terminal_settings *settings, int64_t now_ms);

/* Who it is when a card was shown to the reader while a face stood before the camera. A card names its owner, except
 * that a face on the blacklist cannot hide behind somebody's card. Either kind may be 0: nothing was recognised. */
typedef enum { RECOGNISED_NOBODY, RECOGNISED_BY_FACE, RECOGNISED_BY_CARD } recognised_by;
recognised_by recognition_choose(person_kind by_face, person_kind by_card);

/* The contract's words without their prefix: "EMPLOYEE", "ALLOWED", "OUTSIDE_WINDOW"; "" for no reason. */
const char *person_kind_name(person_kind kind);
const char *pass_result_name(pass_result result);
const char *deny_reason_name(deny_reason reason);
