#include "photo_verdict.h"

static const struct {
    const char *reason;
    const char *sentence;
} verdicts[PHOTO_VERDICTS] = {
    [PHOTO_OK] = {"OK", "The photo can be used."},
    [PHOTO_TOO_LARGE] = {"TOO_LARGE", "The photo has more than 512 000 bytes."},
    [PHOTO_NOT_AN_IMAGE] = {"NOT_AN_IMAGE", "The file is not a JPEG or PNG picture, or it is damaged."},
    [PHOTO_TOO_LARGE_PIXELS] = {"TOO_LARGE_PIXELS", "The photo has more than 16 million pixels."},
    [PHOTO_NO_FACE] = {"NO_FACE", "No face was found in the photo."},
    [PHOTO_SEVERAL_FACES] = {"SEVERAL_FACES", "More than one face was found in the photo."},
    [PHOTO_FACE_TOO_SMALL] = {"FACE_TOO_SMALL", "The face must fill at least a third of the photo's height."},
    [PHOTO_TOO_DARK] = {"TOO_DARK", "The face is too dark."},
    [PHOTO_BLURRED] = {"BLURRED", "The face is blurred or shows too little detail."},
    [PHOTO_TURNED_AWAY] = {"TURNED_AWAY", "The face is turned away; it must look into the camera."},
    [PHOTO_DAMAGED] = {"DAMAGED", "The picture is damaged and cannot be read."},
};

const char *photo_verdict_reason(photo_verdict verdict)
{
    return (unsigned)verdict < PHOTO_VERDICTS ? verdicts[verdict].reason : "UNKNOWN";
}

const char *photo_verdict_sentence(photo_verdict verdict)
{
    return (unsigned)verdict < PHOTO_VERDICTS ? verdicts[verdict].sentence : "The photo cannot be used.";
}
