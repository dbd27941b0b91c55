/* What the terminal says and sounds, by its settings. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pass_rules.h"
#include "settings.h"

typedef enum {
    SOUND_SPEECH, /* the words are spoken */
    SOUND_ALARM,  /* the alarm of an abnormal temperature; the words name it */
} sound_kind;

enum { VOICE_SOUNDS_MAX = 3 };

typedef struct {
    sound_kind kind;
    uint32_t volume; /* percent */
    char words[160];
} sound;

/* The sounds of a decision, in their order; returns how many. None while the terminal is silent. */
size_t voice_of_pass(const terminal_settings *settings, const pass_verdict *verdict, person_kind kind, const char *name,
                     sound ret_sounds[VOICE_SOUNDS_MAX]);

/* One sentence; false: the terminal is silent. */
bool voice_of_words(const terminal_settings *settings, const char *words, sound *ret_sound);

/* What is said to somebody who may not pass: also what the screen shows. */
const char *refusal_words(deny_reason reason);
