/* A corpus and its settings to a model: vocabulary and rows once, then one
 * problem for each single-label task and for each label of a multi-label task,
 * solved side by side, then the weights laid out as the model keeps them.
 *
 * A single-label task of two labels is one logistic problem, as everywhere in
 * the field; the model keeps +w/2 and -w/2, whose softmax is the same. */
#include "train.h"

#include <math.h>
#include <string.h>

/* Solver arrays that one batch of problems may take. */
static const size_t BATCH_BYTES = (size_t)512 << 20;

struct lesson { /* what one problem is about */
    const struct corpus_task *task;
    size_t task_number, label; /* label: of a multi-label task */
    uint32_t *classes;         /* [rows] */
    double *costs;             /* [rows] */
};

struct learner {
    const struct corpus *corpus;
    const struct learn_options *options;
    struct learn_data data;
    struct lesson *lessons; /* [count] */
    struct logreg_problem *problems; /* [count] */
    size_t count;
    tenor_model *model;
};

tenor_status learn_options_check(const struct learn_options *options,
                                 tenor_error *error) {
    if (!(options->cost > 0 && isfinite(options->cost)))
        return error_set(error, TENOR_ERROR_USAGE,
                         "the cost C is a number above 0");
    for (size_t i = 0; i < options->label_weight_count; i++)
        if (!(options->label_weights[i].weight > 0 &&
              isfinite(options->label_weights[i].weight)))
            return error_set(error, TENOR_ERROR_USAGE,
                             "the weight of label \"%s\" is a number above 0",
                             options->label_weights[i].label);
    return TENOR_OK;
}

/* ---- problems --------------------------------------------------------------------- */
static size_t outputs_of(const struct corpus_task *task) {
    return task->multi || task->label_count == 2 ? 1 : task->label_count;
}

/* What the user gave this label; 1 where nothing. */
static double given_weight(const struct learn_options *options,
                           const struct corpus_task *task, size_t label) {
    size_t size = strlen(task->name);
    for (size_t i = 0; i < options->label_weight_count; i++) {
        const char *name = options->label_weights[i].label;
        if (strncmp(name, task->name, size) == 0 && name[size] == '=')
            name += size + 1;
        if (strcmp(name, task->labels[label]) == 0)
            return options->label_weights[i].weight;
    }
    return 1;
}

/* classes and costs of one problem: C times the weight of the row's class. */
static tenor_status fill_lesson(struct lesson *lesson,
                                const struct learner *learner,
                                tenor_error *error) {
    const struct corpus_task *task = lesson->task;
    size_t rows = learner->corpus->count, labelled = 0;
    size_t classes = task->multi ? 2 : task->label_count;
    lesson->classes = memory_new(rows, sizeof *lesson->classes);
    lesson->costs = memory_new(rows, sizeof *lesson->costs);
    size_t *sizes = memory_new(classes, sizeof *sizes);
    if (!lesson->classes || !lesson->costs || !sizes) {
        memory_free(sizes);
        return error_memory(error);
    }
    for (size_t i = 0; i < rows; i++) {
        if (!task->labelled[i])
            continue;
        uint32_t class = task->multi ? 0 : task->values[task->starts[i]];
        for (size_t k = task->starts[i];
             task->multi && k < task->starts[i + 1]; k++)
            class |= task->values[k] == lesson->label;
        lesson->classes[i] = class;
        sizes[class]++;
        labelled++;
    }
    for (size_t i = 0; i < rows; i++) {
        if (!task->labelled[i])
            continue;
        uint32_t class = lesson->classes[i];
        double weight = 1;
        if (!task->multi)
            weight = given_weight(learner->options, task, class);
        else if (class == 1)
            weight = given_weight(learner->options, task, lesson->label);
        if (learner->options->class_weighting == CLASS_WEIGHT_BALANCED)
            weight *= (double)labelled /
                      ((double)classes * (double)sizes[class]);
        lesson->costs[i] = learner->options->cost * weight;
    }
    memory_free(sizes);
    return TENOR_OK;
}

static tenor_status check_task(const struct corpus_task *task,
                               tenor_error *error) {
    if (task->label_count == 0)
        return error_set(error, TENOR_ERROR_INPUT,
                         "task \"%s\" has no label at all; add labelled "
                         "paragraphs or leave the task out",
                         task->name);
    if (!task->multi && task->label_count == 1)
        return error_set(error, TENOR_ERROR_INPUT,
                         "task \"%s\" has one label only, \"%s\"; there is "
                         "nothing to tell apart, add paragraphs with another "
                         "or leave the task out with --task",
                         task->name, task->labels[0]);
    return TENOR_OK;
}

static tenor_status make_lessons(struct learner *learner, tenor_error *error) {
    const struct corpus *corpus = learner->corpus;
    size_t most = 0;
    for (size_t t = 0; t < corpus->task_count; t++) {
        const struct corpus_task *task = &corpus->tasks[t];
        tenor_status status = check_task(task, error);
        if (status)
            return status;
        most += task->multi ? task->label_count : 1;
    }
    learner->lessons = memory_new(most, sizeof *learner->lessons);
    learner->problems = memory_new(most, sizeof *learner->problems);
    if (!learner->lessons || !learner->problems)
        return error_memory(error);
    for (size_t t = 0; t < corpus->task_count; t++) {
        const struct corpus_task *task = &corpus->tasks[t];
        size_t lessons = task->multi ? task->label_count : 1;
        for (size_t label = 0; label < lessons; label++) {
            struct lesson *lesson = &learner->lessons[learner->count];
            *lesson = (struct lesson){task, t, label, NULL, NULL};
            learner->problems[learner->count].outputs = outputs_of(task);
            learner->count++;
            tenor_status status = fill_lesson(lesson, learner, error);
            if (status)
                return status;
            learner->problems[learner->count - 1].classes = lesson->classes;
            learner->problems[learner->count - 1].costs = lesson->costs;
        }
    }
    return TENOR_OK;
}

/* ---- the model ------------------------------------------------------------------------ */
static tenor_status start_model(struct learner *learner, tenor_error *error) {
    const struct corpus *corpus = learner->corpus;
    tenor_model *model = learner->model;
    size_t labels = 0;
    for (size_t t = 0; t < corpus->task_count; t++)
        labels += corpus->tasks[t].label_count;
    model->tasks = memory_new(corpus->task_count, sizeof *model->tasks);
    model->labels = memory_new(labels, sizeof *model->labels);
    if (!model->tasks || !model->labels)
        return error_memory(error);
    model->task_count = corpus->task_count;
    model->label_count = labels;
    model->stride = model_stride(labels);
    model->weights = memory_new(
        model->vocabulary.columns, model->stride * sizeof *model->weights);
    if (!model->weights)
        return error_memory(error);
    for (size_t t = 0, first = 0; t < corpus->task_count; t++) {
        const struct corpus_task *from = &corpus->tasks[t];
        struct model_task *task = &model->tasks[t];
        *task = (struct model_task){
            memory_copy_text(from->name, strlen(from->name)), from->multi,
            first, from->label_count};
        if (!task->name)
            return error_memory(error);
        for (size_t k = 0; k < from->label_count; k++, first++) {
            model->labels[first] = (struct model_label){
                .name = memory_copy_text(from->labels[k],
                                         strlen(from->labels[k])),
                .scale = 1,
                .threshold = 0.5f};
            if (!model->labels[first].name)
                return error_memory(error);
        }
    }
    return TENOR_OK;
}

/* Weight `w` of one output in column `column` (the bias where it is the
 * number of columns) to the labels that the output scores. */
static void place_weight(tenor_model *model, const struct lesson *lesson,
                         size_t output, size_t column, double w) {
    const struct model_task *task = &model->tasks[lesson->task_number];
    size_t label = task->first + lesson->label + output;
    bool halves = !task->multi && task->label_count == 2;
    for (size_t side = 0; side < (halves ? 2u : 1u); side++) {
        float value = (float)(halves ? (side ? w / 2 : -w / 2) : w);
        if (column == model->vocabulary.columns)
            model->labels[label + side].bias = value;
        else
            model->weights[column * model->stride + label + side] = value;
    }
}

static tenor_status solve_batch(struct learner *learner, size_t first,
                                size_t count, size_t outputs,
                                const struct progress *progress,
                                tenor_error *error) {
    size_t columns = learner->model->vocabulary.columns;
    double *w = memory_new((columns + 1) * outputs, sizeof *w);
    if (!w)
        return error_memory(error);
    tenor_status status =
        logreg_fit(w, learner->problems + first, count, &learner->data,
                   &learner->options->logreg, progress, error);
    for (size_t q = first, at = 0; !status && q < first + count; q++)
        for (size_t j = 0; j < learner->problems[q].outputs; j++, at++)
            for (size_t column = 0; column <= columns; column++)
                place_weight(learner->model, &learner->lessons[q], j, column,
                             w[column * outputs + at]);
    memory_free(w);
    return status;
}

static tenor_status solve_all(struct learner *learner,
                              const struct progress *progress,
                              tenor_error *error) {
    size_t one = (learner->corpus->count +
                  (size_t)learner->model->vocabulary.columns + 1) *
                 7 * sizeof(double);
    size_t most = BATCH_BYTES / one, first = 0;
    while (first < learner->count) {
        size_t end = first, outputs = 0;
        while (end < learner->count &&
               (end == first ||
                outputs + learner->problems[end].outputs <= most))
            outputs += learner->problems[end++].outputs;
        tenor_status status = solve_batch(learner, first, end - first,
                                          outputs, progress, error);
        if (status)
            return status;
        first = end;
    }
    return TENOR_OK;
}

static tenor_status fill_report(struct learn_report *report,
                                const struct learner *learner,
                                tenor_error *error) {
    *report = (struct learn_report){
        .columns = learner->model->vocabulary.columns,
        .entries = learner->data.rows->starts[learner->data.rows->rows]};
    report->outcomes = memory_new(learner->count, sizeof *report->outcomes);
    if (!report->outcomes)
        return error_memory(error);
    report->outcome_count = learner->count;
    for (size_t q = 0; q < learner->count; q++) {
        const struct lesson *lesson = &learner->lessons[q];
        size_t rows = 0;
        for (size_t i = 0; i < learner->corpus->count; i++)
            rows += lesson->task->labelled[i];
        report->outcomes[q] = (struct learn_outcome){
            lesson->task->name,
            lesson->task->multi ? lesson->task->labels[lesson->label] : NULL,
            rows, learner->problems[q]};
        report->outcomes[q].problem.classes = NULL; /* they go away */
        report->outcomes[q].problem.costs = NULL;
    }
    return TENOR_OK;
}

void learn_report_clear(struct learn_report *report) {
    memory_free(report->outcomes);
    *report = (struct learn_report){0};
}

tenor_status learn_model(tenor_model **out, struct learn_report *report,
                         const struct corpus *corpus,
                         const struct learn_options *options,
                         struct thread_pool *pool,
                         const struct progress *progress, tenor_error *error) {
    *out = NULL;
    if (report)
        *report = (struct learn_report){0};
    struct matrix rows = {0};
    struct learner learner = {.corpus = corpus, .options = options};
    tenor_status status = learn_options_check(options, error);
    if (status)
        return status;
    learner.model = memory_new(1, sizeof *learner.model);
    if (!learner.model)
        return error_memory(error);
    status = make_lessons(&learner, error);
    if (!status)
        status = vocabulary_fit(&learner.model->vocabulary, &rows,
                                corpus->texts, corpus->count,
                                &options->vocabulary, pool, progress, error);
    if (!status)
        status = learn_data_init(&learner.data, &rows, pool, error);
    if (!status)
        status = start_model(&learner, error);
    if (!status)
        status = solve_all(&learner, progress, error);
    if (!status)
        status = provenance_write(&learner.model->provenance, corpus, options,
                                  error);
    if (!status)
        status = term_names_new(&learner.model->names,
                                &learner.model->vocabulary, error);
    if (!status && report)
        status = fill_report(report, &learner, error);
    for (size_t q = 0; q < learner.count; q++) {
        memory_free(learner.lessons[q].classes);
        memory_free(learner.lessons[q].costs);
    }
    memory_free(learner.lessons);
    memory_free(learner.problems);
    learn_data_clear(&learner.data);
    matrix_clear(&rows);
    if (status)
        tenor_model_free(learner.model);
    else
        *out = learner.model;
    return status;
}
