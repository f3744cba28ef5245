/* The model as a thing: who may ask it what, and how it goes away. */
#include "model/model.h"

void tenor_model_free(tenor_model *model) {
    if (!model)
        return;
    term_names_free(model->names);
    vocabulary_clear(&model->vocabulary);
    for (size_t i = 0; model->tasks && i < model->task_count; i++)
        if (!model->borrowed)
            memory_free(model->tasks[i].name);
    for (size_t i = 0; model->labels && i < model->label_count; i++)
        if (!model->borrowed)
            memory_free(model->labels[i].name);
    memory_free(model->tasks);
    memory_free(model->labels);
    if (!model->borrowed) {
        memory_free(model->weights);
        memory_free(model->support.starts);
        memory_free(model->support.rows);
        memory_free(model->support.values);
        memory_free(model->support.squares);
        memory_free(model->support.coefficients);
        memory_free(model->knots);
        memory_free(model->truths);
        memory_free(model->provenance);
    }
    file_unload(&model->file);
    memory_free(model);
}

size_t tenor_model_tasks(const tenor_model *model) {
    return model->task_count;
}

const char *tenor_model_task(const tenor_model *model, size_t task) {
    return task < model->task_count ? model->tasks[task].name : NULL;
}

int tenor_model_task_is_multi(const tenor_model *model, size_t task) {
    return task < model->task_count && model->tasks[task].multi;
}

size_t tenor_model_labels(const tenor_model *model, size_t task) {
    return task < model->task_count ? model->tasks[task].label_count : 0;
}

const char *tenor_model_label(const tenor_model *model, size_t task,
                              size_t label) {
    if (task >= model->task_count ||
        label >= model->tasks[task].label_count)
        return NULL;
    return model->labels[model->tasks[task].first + label].name;
}

size_t tenor_model_first_output(const tenor_model *model, size_t task) {
    return task < model->task_count ? model->tasks[task].first : 0;
}
