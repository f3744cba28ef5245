/* Which tasks of a model are to be judged: those asked for, else those that the
 * data has labels for. */
#include "cli/cli.h"

#include <string.h>

size_t task_number(const tenor_model *model, const char *name) {
    size_t t = 0;
    while (t < tenor_model_tasks(model) &&
           strcmp(tenor_model_task(model, t), name) != 0)
        t++;
    return t;
}

/* Whether a field may hold a label. */
static bool is_filled(const json_t *value) {
    return value && !json_is_null(value) &&
           !(json_is_string(value) && json_string_length(value) == 0) &&
           !(json_is_array(value) && json_array_size(value) == 0);
}

tenor_status tasks_to_judge(struct option_list *out,
                            const struct option_list *wanted,
                            const tenor_model *model,
                            const struct option_list *files,
                            tenor_error *error) {
    for (size_t i = 0; i < wanted->count; i++) {
        if (task_number(model, wanted->items[i]) ==
            tenor_model_tasks(model))
            return error_set(error, TENOR_ERROR_USAGE,
                             "the model has no task \"%s\"; it has \"%s\"%s",
                             wanted->items[i],
                             tenor_model_task(model, 0),
                             tenor_model_tasks(model) > 1 ? " and others"
                                                          : "");
        if (!option_list_add(out, wanted->items[i]))
            return error_memory(error);
    }
    if (out->count)
        return TENOR_OK;
    struct record_reader *reader;
    struct record record;
    bool more = true;
    size_t enough = 1000;
    tenor_status status =
        record_reader_open(&reader, files->items[0], RECORD_AUTO, error);
    /* a field that the first records lack, or leave empty, may be filled in
     * later ones: look at some; at all of them where there is hope */
    for (size_t i = 0; !status && more && i < enough; i++) {
        status = record_reader_next(reader, &record, &more, error);
        if (status || !more)
            break;
        for (size_t t = 0; t < tenor_model_tasks(model); t++) {
            const char *name = tenor_model_task(model, t);
            const json_t *value = json_object_get(record.fields, name);
            bool known = false;
            for (size_t k = 0; k < out->count; k++)
                known = known || strcmp(out->items[k], name) == 0;
            if (known || !value)
                continue;
            if (!is_filled(value))
                enough = SIZE_MAX;
            else if (!option_list_add(out, name))
                status = error_memory(error);
        }
        record_clear(&record);
        if (out->count == tenor_model_tasks(model))
            break;
    }
    record_reader_close(reader);
    if (!status && out->count == 0)
        status = error_at(error, TENOR_ERROR_INPUT, files->items[0], 0, 0,
                          "no paragraph is labelled for a task of the model, "
                          "such as \"%s\"",
                          tenor_model_task(model, 0));
    return status;
}
