#include "voice.h"

#include <stdio.h>

#include "temperature.h"

const char *refusal_words(deny_reason reason)
{
    switch (reason) {
    case DENY_STRANGER:
        return "Not registered";
    case DENY_BLACKLIST:
    case DENY_NOT_GRANTED:
        return "No permission";
    case DENY_OUTSIDE_WINDOW:
        return "Outside the permitted time";
    case DENY_NO_MASK:
        return "Please wear a mask";
    case DENY_TEMPERATURE:
        return "Abnormal temperature";
    case DENY_NOTHING:
        break;
    }
    return "";
}

bool voice_of_words(const terminal_settings *settings, const char *words, sound *ret_sound)
{
    if (settings->silent || settings->volume == 0)
        return false;
    *ret_sound = (sound){.kind = SOUND_SPEECH, .volume = (uint32_t)settings->volume};
    snprintf(ret_sound->words, sizeof ret_sound->words, "%s", words);
    return true;
}

size_t voice_of_pass(const terminal_settings *settings, const pass_verdict *v, person_kind kind, const char *name,
                     sound sounds[VOICE_SOUNDS_MAX])
{
    bool named = settings->name_display && kind != PERSON_STRANGER && name[0] != '\0';
    size_t count = 0;
    char words[160];

    if (v->result != PASS_ALLOWED)
        snprintf(words, sizeof words, "%s", refusal_words(v->reason));
    else
        snprintf(words, sizeof words, "Welcome%s%s", named ? ", " : "", named ? name : "");
    count += voice_of_words(settings, words, &sounds[count]);
    temperature_words(v->shown_centi, settings->temperature_unit, words, sizeof words);
    if (words[0] != '\0')
        count += voice_of_words(settings, words, &sounds[count]);
    if (v->abnormal && settings->alarm_sound && voice_of_words(settings, "alarm", &sounds[count]))
        sounds[count++].kind = SOUND_ALARM;
    return count;
}
