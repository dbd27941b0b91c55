/* What a look at a photo says about its use as the picture that terminals recognise a person by. */
#pragma once

typedef enum {
    PHOTO_OK,
    PHOTO_TOO_LARGE,
    PHOTO_NOT_AN_IMAGE,
    PHOTO_TOO_LARGE_PIXELS,
    PHOTO_NO_FACE,
    PHOTO_SEVERAL_FACES,
    PHOTO_FACE_TOO_SMALL,
    PHOTO_TOO_DARK,
    PHOTO_BLURRED,
    PHOTO_TURNED_AWAY,
    PHOTO_DAMAGED, /* of pictures that are nobody's photo */
    PHOTO_VERDICTS,
} photo_verdict;

/* Stable, upper snake case, what clients test: "OK", "NO_FACE" … */
const char *photo_verdict_reason(photo_verdict verdict);

/* One English sentence for whoever chose the photo. */
const char *photo_verdict_sentence(photo_verdict verdict);
