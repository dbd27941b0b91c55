#include "recognition.h"

#include "pass_rules.h"

static bool is_printable(const char *text)
{
    for (; *text; text++)
        if (*text < ' ' || *text > '~')
            return false;
    return true;
}

void recognition_card(const hal *h, char card[33])
{
    if (!h->card_reader.read(h->card_reader.self, card) || !is_printable(card))
        card[0] = '\0';
}

/* The best face that this frame has to offer. */
typedef struct {
    int faces;
    bool poor; /* nobody is let in by it */
    bool known;
    person who;
    float distance;
} face_sight;

static void look_at_face(const hal *h, people_store *people, const face_index *index, int32_t test_threshold,
                         const face_picture *frame, face_sight *s)
{
    float seen[FACE_TEMPLATE_LENGTH];
    int64_t id;

    s->known = s->poor = false;
    s->distance = 0;
    s->faces = h->face_reader.read(h->face_reader.self, frame, seen);
    if (s->faces <= 0)
        return;
    id = face_index_nearest(index, seen, FACE_SAME_PERSON_DISTANCE, &s->distance);
    s->known = id != 0 && people_store_find(people, id, &s->who);
    s->poor = h->face_reader.flaws(h->face_reader.self) > test_threshold;
    if (s->poor && s->known && s->who.kind != PERSON_BLACKLIST)
        s->known = false; /* holding still badly opens nothing, and hides nobody who is on the blacklist */
}

recognition recognise(const hal *h, people_store *people, const face_index *index, const terminal_settings *settings,
                      const face_picture *frame, const char *card)
{
    recognition r = {.alive = true};
    face_sight seen;
    person card_person;
    bool card_known = card[0] != '\0' && people_store_find_card(people, card, &card_person);

    look_at_face(h, people, index, settings->test_threshold, frame, &seen);
    r.anybody = seen.faces > 0 || card_known;
    r.poor = seen.poor && !seen.known && !card_known;
    if (seen.faces > 0 && settings->liveness)
        r.alive = h->liveness_detector.is_alive(h->liveness_detector.self, frame) != DETECTED_NO;
    switch (recognition_choose(seen.known ? seen.who.kind : 0, card_known ? card_person.kind : 0)) {
    case RECOGNISED_BY_FACE:
        r.known = true;
        r.who = seen.who;
        r.distance = seen.distance;
        break;
    case RECOGNISED_BY_CARD:
        r.known = true;
        r.who = card_person;
        break;
    case RECOGNISED_NOBODY:
        break;
    }
    return r;
}
