/* Which labels of a paragraph a report shows, and in which colour. Where sets
 * of answers were asked for (see tenor_classifier_set_coverage), the sets rule:
 * a set of one answer gives the label, a larger one, or none, leaves its labels
 * open. */
#include "report/labels.h"

#include "base/base.h"

#include <string.h>

enum label_state label_state(const tenor_model *model,
                             const tenor_result *result, size_t task,
                             size_t label) {
    size_t at = tenor_model_first_output(model, task) + label;
    if (!result->possible)
        return result->holds[at] ? LABEL_GIVEN : LABEL_ABSENT;
    bool yes = result->possible[at] & TENOR_MAY_HOLD;
    bool no = result->possible[at] & TENOR_MAY_NOT_HOLD;
    bool multi = tenor_model_task_is_multi(model, task);
    if (!result->unsure[task] || (multi && yes != no)) /* sure of this one */
        return yes ? LABEL_GIVEN : LABEL_ABSENT;
    return yes || multi || result->holds[at] ? LABEL_OPEN : LABEL_ABSENT;
}

enum label_mood label_mood(const char *label) {
    static const struct {
        const char *label;
        enum label_mood mood;
    } known[] = {{"positive", MOOD_GOOD},        {"negative", MOOD_BAD},
                 {"neutral", MOOD_PLAIN},        {"none", MOOD_PLAIN},
                 {"confrontational", MOOD_HARD}, {"conciliatory", MOOD_SOFT}};
    for (size_t i = 0; i < ARRAY_LENGTH(known); i++)
        if (strcmp(label, known[i].label) == 0)
            return known[i].mood;
    return MOOD_TOPIC;
}
