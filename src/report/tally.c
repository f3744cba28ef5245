/* How many paragraphs got which label, for the overview of a page. Sums of
 * whole numbers, so that tallies of several threads can be joined in any order.
 * A label that is open (see labels.c) is not counted as given; its task is
 * counted as unsure. */
#include "report/labels.h"
#include "report/report.h"

static size_t count_outputs(const tenor_model *model) {
    size_t outputs = 0;
    for (size_t t = 0; t < tenor_model_tasks(model); t++)
        outputs += tenor_model_labels(model, t);
    return outputs;
}

bool label_tally_init(struct label_tally *out, const tenor_model *model) {
    size_t tasks = tenor_model_tasks(model);
    *out =
        (struct label_tally){.outputs = count_outputs(model), .tasks = tasks};
    out->given = memory_new(out->outputs, sizeof *out->given);
    out->unsure = memory_new(tasks, sizeof *out->unsure);
    out->bare = memory_new(tasks, sizeof *out->bare);
    return out->given && out->unsure && out->bare;
}

static void add_task(struct label_tally *tally, const tenor_model *model,
                     const tenor_result *result, size_t task) {
    size_t first = tenor_model_first_output(model, task), given = 0;
    bool unsure = result->possible && result->unsure[task];
    for (size_t k = 0; k < tenor_model_labels(model, task); k++) {
        if (label_state(model, result, task, k) != LABEL_GIVEN)
            continue;
        tally->given[first + k]++;
        given++;
    }
    tally->unsure[task] += unsure;
    tally->bare[task] += !unsure && given == 0;
}

void label_tally_add(struct label_tally *tally,
                     const struct labelled_paragraph *paragraph) {
    const tenor_result *result = paragraph->result;
    if (!result) {
        tally->furniture++;
        return;
    }
    if (report_is_unknown(result)) {
        tally->unknown++;
        if (result->possible)
            return; /* no label is shown */
    }
    tally->labelled++;
    for (size_t t = 0; t < tally->tasks; t++)
        add_task(tally, paragraph->model, result, t);
}

static void move(size_t *into, size_t *from) {
    *into += *from;
    *from = 0;
}

void label_tally_move(struct label_tally *into, struct label_tally *from) {
    move(&into->labelled, &from->labelled);
    move(&into->furniture, &from->furniture);
    move(&into->unknown, &from->unknown);
    for (size_t i = 0; i < into->outputs; i++)
        move(&into->given[i], &from->given[i]);
    for (size_t t = 0; t < into->tasks; t++) {
        move(&into->unsure[t], &from->unsure[t]);
        move(&into->bare[t], &from->bare[t]);
    }
}

void label_tally_clear(struct label_tally *tally) {
    memory_free(tally->given);
    memory_free(tally->unsure);
    memory_free(tally->bare);
    *tally = (struct label_tally){0};
}
