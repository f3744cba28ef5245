/* What the reports for people show of a label. Private to report/. */
#ifndef TENOR_REPORT_LABELS_H
#define TENOR_REPORT_LABELS_H

#include "model/model.h"

enum label_state {
    LABEL_ABSENT,
    LABEL_GIVEN,
    LABEL_OPEN, /* may hold; only where sets of answers were asked for */
};
enum label_state label_state(const tenor_model *model,
                             const tenor_result *result, size_t task,
                             size_t label);

/* What a label's name says of its colour; one that is not known: MOOD_TOPIC. */
enum label_mood {
    MOOD_TOPIC,
    MOOD_GOOD,
    MOOD_BAD,
    MOOD_PLAIN,
    MOOD_HARD,
    MOOD_SOFT,
    LABEL_MOODS,
};
enum label_mood label_mood(const char *label);

#endif
