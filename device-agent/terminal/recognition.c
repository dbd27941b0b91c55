#include "recognition.h"

#include "pass_rules.h"

static bool is_printable(const char *text)
{
    for (; *text; text++)
        if (*text < ' ' || *text > '~')
            return false;
    return true;
}

static bool by_card(const hal *h, people_store *people, recognition *r, person *ret_person)
{
    if (!h->card_reader.read(h->card_reader.self, r->card) || !is_printable(r->card))
        r->card[0] = '\0';
    return r->card[0] != '\0' && people_store_find_card(people, r->card, ret_person);
}

/* Returns how many faces there are. */
static int by_face(const hal *h, people_store *people, const face_index *index, const face_picture *frame,
                   person *ret_person, bool *ret_known, float *ret_distance)
{
    float seen[FACE_TEMPLATE_LENGTH];
    int64_t id;
    int faces = h->face_reader.read(h->face_reader.self, frame, seen);

    *ret_known = false;
    if (faces <= 0)
        return faces;
    id = face_index_nearest(index, seen, FACE_SAME_PERSON_DISTANCE, ret_distance);
    *ret_known = id != 0 && people_store_find(people, id, ret_person);
    return faces;
}

recognition recognise(const hal *h, people_store *people, const face_index *index, const face_picture *frame)
{
    recognition r = {.alive = true};
    person face_person;
    person card_person;
    float distance = 0;
    bool face_known;
    int faces = by_face(h, people, index, frame, &face_person, &face_known, &distance);
    bool card_known = by_card(h, people, &r, &card_person);

    r.anybody = faces > 0 || card_known;
    if (faces > 0)
        r.alive = h->liveness_detector.is_alive(h->liveness_detector.self, frame) != DETECTED_NO;
    switch (recognition_choose(face_known ? face_person.kind : 0, card_known ? card_person.kind : 0)) {
    case RECOGNISED_BY_FACE:
        r.known = true;
        r.who = face_person;
        r.distance = distance;
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
